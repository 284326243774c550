/** The programs that a learner finds in `work/`, run by Node against a served cluster. */

import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Served, serve, until } from './served.ts';

const PROJECT = join(import.meta.dirname, '../..');
const WORK = join(PROJECT, 'src/work');

let served: Served;
/** Inside the project, where `@kubernetes/client-node` is found as in a folder that npm installed it to. */
let folder: string;
beforeAll(async () => {
  served = await serve('--lesson', 'claim');
  folder = mkdtempSync(join(PROJECT, 'node_modules/.programs-'));
  cpSync(WORK, folder, { recursive: true });
  const program = join(folder, 'watch-claims.mjs');
  writeFileSync(program, readFileSync(program, 'utf8').replace('http://localhost:6443', served.url));
});
afterAll(() => {
  served.stop();
  rmSync(folder, { recursive: true });
});

const claims = '/api/v1/namespaces/default/persistentvolumeclaims';
const claim = {
  metadata: { name: 'my-claim' },
  spec: { storageClassName: 'mine', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Mi' } } },
};

for (const program of ['watch-claims.mjs', 'watch-claims-client.mjs'])
  test(`${program} sees a claim come and go`, async () => {
    const child = spawn(process.execPath, [program], {
      cwd: folder,
      env: { ...process.env, KUBECONFIG: served.kubeconfig },
    });
    const says = listen(child);
    // The client does not say when it watches.
    await (program === 'watch-claims.mjs'
      ? until(() => /0 claims at version \d+, watching/.test(says()))
      : new Promise((done) => setTimeout(done, 1_500)));
    const headers = { 'Content-Type': 'application/json' };
    await fetch(served.url + claims, { method: 'POST', headers, body: JSON.stringify(claim) });
    await until(() => says().includes('ADDED    default/my-claim Pending'));
    await fetch(`${served.url}${claims}/my-claim`, { method: 'DELETE' });
    await until(() => says().includes('DELETED  default/my-claim'));
    child.kill();
    expect(says()).not.toContain('rror');
  }, 30_000);

function listen(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', (data: string) => {
      text += data;
    });
  return () => text;
}
