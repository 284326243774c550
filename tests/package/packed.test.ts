/** `npm pack`, installed in an empty folder: the examples of docs/embedding.md run there, and type-check. */

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { examples } from './embedding.ts';
import { type Installed, installPackage } from './packed.ts';

const PACK_LIMIT = 240_000;
/** Says on stderr what CPU time it took. */
const METER = `data:text/javascript,process.on('exit',()=>{const{user,system}=process.cpuUsage();console.error('CPU seconds:',(user+system)/1e6)})`;

let installed: Installed;
const pages = examples();
const inNode = [...pages.keys()].filter((name) => name.endsWith('.test.js'));

beforeAll(() => {
  installed = installPackage();
  for (const [name, text] of pages) writeFileSync(join(installed.folder, name), text);
}, PACK_LIMIT);
afterAll(() => installed?.remove());

/** The machine's own Node beside the one that `npm ci` brings. */
const nodes = [
  process.execPath,
  ...(process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .map((folder) => join(folder, 'node'))
    .filter((path) => existsSync(path))
    .slice(0, 1),
];

const node = (...args: string[]) => runBy(process.execPath, ...args);
const runBy = (path: string, ...args: string[]) =>
  spawnSync(path, args, { cwd: installed.folder, encoding: 'utf8', env: { PATH: process.env.PATH } });

test('it needs no other package', () => {
  expect(readdirSync(join(installed.folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
    'bound',
  ]);
});

test('the first example has about twenty lines', () => {
  expect(pages.get('binding.test.js')!.trim().split('\n').length).toBeLessThanOrEqual(21);
});

test.for(nodes)('it runs in the empty folder in under a second of CPU time: %s', (path) => {
  const seconds = [1, 2, 3].map(() => {
    const { status, stdout, stderr } = runBy(path, '--import', METER, 'binding.test.js');
    expect(stdout).toContain('# pass 1');
    expect(status).toBe(0);
    return Number(/^CPU seconds: (.*)$/m.exec(stderr)![1]);
  });
  console.log(`docs/embedding.md, binding.test.js: ${seconds.join(', ')} s of CPU time`);
  expect(Math.min(...seconds)).toBeLessThan(1);
});

test.for(inNode.filter((name) => name !== 'binding.test.js'))('%s', (name) => {
  if (name.startsWith('client-node')) installed.lend('@kubernetes/client-node');
  const { status, stdout, stderr } = node(name);
  expect([status, stderr, stdout]).toEqual([0, '', expect.stringContaining('# fail 0')]);
});

test('volumes.test.ts, by vitest', () => {
  installed.lend('vitest');
  const { status, stdout, stderr } = node(
    join(installed.folder, 'node_modules/vitest/vitest.mjs'),
    'run',
    'volumes.test.ts',
  );
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain('2 passed');
});

test('its types stand by themselves', () => {
  writeFileSync(
    join(installed.folder, 'typed.ts'),
    `import { createLab, type Lab } from 'bound';
import { createCluster } from 'bound/cluster';
const lab: Lab = await createLab({ seed: 1 });
const claim = await lab.until(() => lab.client.get('persistentvolumeclaims', 'default', 'a'));
const phase: string | undefined = claim.status?.phase;
// @ts-expect-error there is no such option
await createCluster({ lesson: phase });
// @ts-expect-error a pod has no such field
(await lab.client.list('pods'))[0]!.spec?.nodename;
`,
  );
  const tsc = join(import.meta.dirname, '../../node_modules/typescript/bin/tsc');
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2023,dom'];
  const { stdout } = node(tsc, ...options, 'typed.ts');
  expect(stdout).toBe('');
});
