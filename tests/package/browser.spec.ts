/** The package in a page and in a worker, from a server of static files: no bundler, nothing beside it. */

import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { examples } from './embedding.ts';
import { type Installed, installPackage } from './packed.ts';

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' };
const BINDING = `
import { createLab } from '/bound/index.js';
const started = performance.now();
const lab = await createLab({ seed: 1 });
for (const [name, storage] of Object.entries({ small: '1Gi', large: '100Gi', fitting: '5Gi' }))
  await lab.client.create('persistentvolumes', '', {
    metadata: { name },
    spec: { capacity: { storage }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/mnt/' + name } },
  });
await lab.client.create('persistentvolumeclaims', 'default', {
  metadata: { name: 'claim' },
  spec: { storageClassName: '', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } } },
});
await lab.run('master01', 'kubectl wait --for=jsonpath={.status.phase}=Bound pvc/claim');
const { spec } = await lab.client.get('persistentvolumeclaims', 'default', 'claim');
await lab.close();
postMessage([spec.volumeName, performance.now() - started]);
`;

test.describe.configure({ mode: 'serial', timeout: 240_000 });

let installed: Installed;
let server: Server;
let url: string;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  installed = installPackage();
  const own = new Map([...examples(), ['worker.js', BINDING], ['empty.html', '<!doctype html>']]);
  server = createServer((request, response) => {
    const name = request.url!.slice(1);
    try {
      const text = name.startsWith('bound/')
        ? readFileSync(join(installed.folder, 'node_modules/bound/dist-package', name.slice('bound/'.length)))
        : own.get(name);
      response.writeHead(text ? 200 : 404, { 'content-type': TYPES[extname(name)] ?? 'text/plain' }).end(text);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

test.afterAll(() => {
  server?.close();
  installed?.remove();
});

test('the page of docs/embedding.md', async ({ page }) => {
  const errors: Error[] = [];
  page.on('pageerror', (error) => errors.push(error));
  await page.goto(`${url}/page.html`);
  await expect(page.locator('#screen')).toContainText(
    /^NAME .*\nmaster01 +Ready .*\nnode01 +Ready .*\nnode02 +Ready /,
    {
      timeout: 30_000,
    },
  );
  expect(errors).toEqual([]);
});

test('a claim is bound, in a worker', async ({ page }) => {
  await page.goto(`${url}/empty.html`);
  const [volume, took] = await page.evaluate(
    () =>
      new Promise<[string, number]>((resolve, reject) => {
        const worker = new Worker('/worker.js', { type: 'module' });
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(message));
      }),
  );
  expect(volume).toBe('fitting');
  console.log(`a claim's binding in a worker: ${Math.round(took)} ms`);
});
