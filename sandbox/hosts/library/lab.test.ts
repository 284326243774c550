/** What an importer of the package can do beside the examples of docs/embedding.md, and what it is told when it cannot. */

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createCluster } from './cluster.ts';
import { createLab, UsageError } from './index.ts';
import type { LabOptions } from './types.ts';

const message = (act: () => unknown) =>
  (async () => act())().then(
    () => 'no error',
    (error: unknown) => {
      expect(error).toBeInstanceOf(UsageError);
      return (error as Error).message;
    },
  );

const volume = (name: string) => ({
  metadata: { name },
  spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/mnt' } },
});

describe('what cannot be', () => {
  test.for<[object, string]>([
    [{ seed: 1.5 }, 'seed: 1.5 is not a whole number'],
    [{ lesson: 'nowhere' }, 'no lesson "nowhere" (there are: the-lab, '],
    [{ lesson: 'claim/nowhere' }, 'no step "nowhere" in lesson "claim" (there are: '],
    [{ seeds: 1 }, 'createLab: no option "seeds" (there are: seed, lesson, images, clock)'],
    [{ lesson: { id: 'own', order: 1, hosts: ['nfs'], steps: [] } }, 'lesson: steps: Too small'],
    [{ lesson: { id: 'own', order: 1, hosts: ['node09'], steps: [{ id: 'a' }] } }, 'lesson: hosts.0: Invalid option'],
    [
      {
        lesson: { id: 'own', order: 1, hosts: ['nfs'], steps: [{ id: 'a', solution: [{ host: 'nfs', write: 'x' }] }] },
      },
      'lesson: a solution writes x, which manifests do not have',
    ],
    [
      { lesson: { id: 'own', order: 1, hosts: ['nfs'], steps: [{ id: 'a' }], begin: 'b' } },
      'no step "b" in lesson "own" (there are: a)',
    ],
    [[], 'createLab: expected an object of options'],
    [
      { lesson: { id: 'own', order: 1, hosts: ['nfs'], steps: [{ id: 'a' }], manifests: null } },
      'lesson: manifests: expected an object of texts, not null',
    ],
    [
      { lesson: { id: 'own', order: 1, hosts: ['nfs'], steps: [{ id: 'a' }], manifests: { x: 5 } } },
      'lesson: manifests: x: expected a string, not 5',
    ],
    [{ images: null }, 'images: expected a list of declarations, not null'],
    [{ images: [null] }, 'images: 0: expected a declaration, not null'],
    [{ images: [{}] }, 'images: 0: names: expected a list of names, not undefined'],
    [{ images: [{ names: ['a'], size: 1, config: {} }] }, 'images: 0: tree: expected a function, not undefined'],
    [{ clock: { speed: 0 } }, 'clock: 0 is no speed'],
    [{ clock: { start: 'soon' } }, 'clock: "soon" is no time within 2026 and 2027'],
    [{ images: [{ names: ['UPPER'], size: 1, config: { env: [] }, tree: () => ({}) }] }, 'images: invalid reference'],
    [
      { images: [{ names: ['a'], size: 1, config: { env: [] }, tree: () => ({ '/b': { program: 'b' } }) }] },
      'images: a: /b is a program "b", which there is not',
    ],
  ])('%j', async ([options, words]) => {
    expect(await message(() => createLab(options as LabOptions))).toContain(words);
  });

  test('of a lab, open and closed', async () => {
    const lab = await createLab();
    expect(await message(() => lab.run('node09', 'ls'))).toBe(
      'no host "node09" (there are: master01, node01, node02, nfs)',
    );
    expect(await message(() => lab.terminal('node09'))).toContain('no host "node09"');
    expect(await message(() => lab.run('nfs', 5 as unknown as string))).toBe('run: expected a string, not 5');
    expect(await message(() => lab.advance('soon'))).toBe('advance: "soon" is not a duration (90s, 5m, 2h)');
    expect(await message(() => lab.advance(-1))).toContain('-1 is not a duration');
    expect(await message(() => lab.advance(1e15))).toBe(
      'advance: 1000000000000000 is too long: the clock ends with 2027',
    );
    expect(await message(() => lab.until(() => true, { within: 1e15 }))).toContain(
      'within: 1000000000000000 is too long',
    );
    expect(await message(() => lab.check('claim/x'))).toContain('no step "x"');
    expect(await message(() => lab.restore({} as never))).toContain('restore: it is of version undefined');
    expect(await message(() => lab.fetch('https://example.com/api'))).toContain('is not this cluster');
    expect(await message(() => lab.client.list('crontabs'))).toContain('the server has no resource "crontabs"');
    await expect(lab.until(() => false, { within: '3s' })).rejects.toThrow(
      "until: not so within 3s of the lab's time: () => false",
    );
    await lab.close();
    await lab.close();
    for (const act of [() => lab.run('nfs', 'ls'), () => lab.settle(), () => lab.fetch('/api'), () => lab.snapshot()])
      expect(await message(act)).toBe('the lab is closed');
  });
});

test('the API refuses as it does over HTTP', async () => {
  await using lab = await createLab();
  await lab.client.create('persistentvolumes', '', volume('a'));
  await expect(lab.client.create('persistentvolumes', '', volume('a'))).rejects.toMatchObject({
    name: 'ApiError',
    code: 409,
    reason: 'AlreadyExists',
    message: 'persistentvolumes "a" already exists',
  });
  expect(await lab.client.get('persistentvolumes', '', 'b')).toBeUndefined();
});

describe('a lesson as its file parses to', () => {
  const folder = new URL('../../../content/02-persistent-volume/', import.meta.url);
  const own = (name: string) => readFileSync(new URL(name, folder), 'utf8');

  test('one of the course, by itself: its steps are solved and checked, and reasons are told', async () => {
    const manifests = Object.fromEntries(
      readdirSync(new URL('files/', folder)).map((name) => [name, own(`files/${name}`)]),
    );
    const frontmatter = parse(/^---\n(.*?)\n---/s.exec(own('en.mdx'))![1]!);
    const lesson = { ...parse(own('lesson.yaml')), manifests };
    await using lab = await createLab({ lesson: { ...lesson, frontmatter } });
    const { checks } = await lab.check('persistent-volume/create');
    expect(checks[0]!.message).toContain('The cluster has no PersistentVolume');
    await lab.solve('persistent-volume/define');
    await lab.solve('persistent-volume/create');
    expect(await lab.check('persistent-volume/create')).toMatchObject({ passed: true });
    await using later = await createLab({ lesson: { ...lesson, begin: 'nothing-yet' } });
    expect((await later.run('master01', 'kubectl get pv -o name')).stdout).toBe('persistentvolume/pv0001\n');
    const log = later.snapshot();
    await later.run('master01', 'kubectl delete pv pv0001');
    await later.restore(log);
    expect(await later.check('persistent-volume/create')).toMatchObject({ passed: true });
  });
});

test('a snapshot holds what went through the API, and comes to the same bytes', async () => {
  await using lab = await createLab({ seed: 7 });
  await lab.client.create('persistentvolumes', '', volume('a'));
  await lab.run('nfs', 'mkdir /mnt/x');
  await lab.terminal('nfs').type('echo half a li');
  await lab.advance('20s');
  const snapshot = JSON.parse(JSON.stringify(lab.snapshot()));
  const state = async () => [
    lab.now.getTime(),
    await (await lab.fetch('/api/v1/persistentvolumes/a')).text(),
    lab.terminal('nfs').output,
  ];
  const before = await state();
  await lab.client.delete('persistentvolumes', '', 'a');
  await lab.advance('1m');
  await lab.restore(snapshot);
  expect(await state()).toEqual(before);
  expect((await lab.run('nfs', 'ls /mnt')).stdout).toBe('x\n');
});

test('the same of a cluster without machines', async () => {
  await using cluster = await createCluster({ seed: 7 });
  await cluster.client.create('persistentvolumes', '', volume('a'));
  await cluster.advance('20s');
  const before = await (await cluster.fetch('/api/v1/persistentvolumes')).text();
  const snapshot = cluster.snapshot();
  await cluster.client.delete('persistentvolumes', '', 'a');
  await cluster.restore(snapshot);
  expect(await (await cluster.fetch('/api/v1/persistentvolumes')).text()).toBe(before);
});

test('a watch ends with its loop, with its signal, with its lab', async () => {
  const lab = await createLab();
  const names: string[] = [];
  for await (const { object } of lab.client.watch('nodes')) if (names.push(object.metadata.name) === 3) break;
  expect(names).toEqual(['master01', 'node01', 'node02']);
  const stop = new AbortController();
  const aborted = (await lab.fetch('/api/v1/pods?watch=true', { signal: stop.signal })).text();
  stop.abort(new Error('enough'));
  await expect(aborted).rejects.toThrow('enough');
  const open = (await lab.fetch('/api/v1/pods?watch=true')).text();
  await lab.close();
  expect(await open).toBe('');
});

test('an image of one’s own: a script as its entrypoint, or a program', async () => {
  await using lab = await createLab({
    images: [
      {
        names: ['example.com/greeter'],
        size: 1_000_000,
        version: '2.0.0',
        config: (release) => ({ entrypoint: ['/greet.sh'], env: ['PATH=/bin', `GREETER_VERSION=${release}`] }),
        tree: () => ({
          '/greet.sh': { text: '#!/bin/sh\necho hello from $GREETER_VERSION\nexec /bin/wait-for-ever\n', mode: 0o755 },
          '/bin/sh': { program: 'sh' },
          '/bin/wait-for-ever': { program: 'greeter' },
        }),
        programs: {
          greeter: {
            *run(process) {
              yield* process.print('waiting\n');
              yield () => undefined;
              return 0;
            },
          },
        },
      },
    ],
  });
  await lab.run('master01', 'kubectl run greeter --image=example.com/greeter:1.4');
  await lab.run('master01', 'kubectl wait --for=condition=Ready pod/greeter');
  expect((await lab.run('master01', 'kubectl logs greeter')).stdout).toBe('hello from 1.4.0\nwaiting\n');
});

test('time that passes by itself', async () => {
  await using lab = await createLab({ clock: { start: '2027-01-01T00:00:00Z', speed: 1 } });
  const { stdout } = await lab.run('master01', 'sleep 0.1; date +%F');
  expect(stdout).toBe('2027-01-01\n');
  await lab.advance('1h');
  expect(lab.now.toISOString()).toMatch(/^2027-01-01T01:00:/);
  expect(await lab.terminal('nfs').type('hostname\r')).toContain('nfs');
});

test('commands of one host run one after the other, those of several at once', async () => {
  const lab = await createLab();
  const began = lab.now.getTime();
  const say = (word: string) => `echo ${word}1; sleep 2; echo ${word}2; exit 0`;
  const results = await Promise.all([
    lab.run('nfs', say('a')),
    lab.run('nfs', say('b')),
    lab.run('node01', say('c')),
    lab.run('nfs', 'echo d'),
  ]);
  expect(results.map(({ stdout }) => stdout)).toEqual(['a1\na2\n', 'b1\nb2\n', 'c1\nc2\n', 'd\n']);
  expect(lab.now.getTime() - began).toBeLessThan(6_000);
  expect(await message(() => lab.run('nfs', 5 as unknown as string))).toContain('expected a string');
  await lab.close();
});
