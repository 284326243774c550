/** `lab prepare` beside what a lesson leaves when its solutions are typed: nothing is made, pulled or exported that it did not name. */

import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sampled } from '../../tests/support/sample.ts';
import { podWorkload } from '../lesson/pods.ts';
import type { LessonDocument } from '../lesson/schema.ts';
import type { Session } from '../session/session.ts';
import { called, kubeconfigFor, serve } from './check/test-bed.ts';
import { main } from './lab-prepare.ts';
import { lessonsFromDisk } from './lessons-from-disk.ts';
import { openSession } from './opening.ts';
import { type Needs, needsOf } from './prepare/needs.ts';

const lessons = lessonsFromDisk();
const lessonCalled = (id: string) => lessons.find((one) => one.id === id)!;

const begin = (lesson: string, step = lessonCalled(lesson).steps[0]!.id) =>
  openSession({ seed: 7, start: { lesson, step }, language: 'en', lessons, follow: false });

async function solveAll(session: Session, lesson: LessonDocument): Promise<void> {
  for (const step of lesson.steps) {
    if (step.optional) continue;
    const entry = session.input({ type: 'solve', place: { lesson: lesson.id, step: step.id } });
    await session.solved(entry as typeof entry & { type: 'solve' });
  }
}

/** What people make: `Kind name`. */
function objectsIn({ world }: Session): string[] {
  const kinds = ['persistentvolumes', 'persistentvolumeclaims', 'deployments', 'statefulsets'] as const;
  return kinds.flatMap((kind) => world.observation.list(kind).map((one) => `${one.kind} ${one.metadata.name}`));
}

const named = (list: Needs['makes']) => list.map(({ kind, name }) => `${kind} ${name}`);

describe('what a lesson needs is what its solutions find and leave', () => {
  for (const lesson of sampled(lessons, 5))
    test(lesson.id, { timeout: 180_000 }, async () => {
      const needs = needsOf(lesson, lessons);
      const session = await begin(lesson.id);
      const { observation } = session.world;
      const before = objectsIn(session);
      expect(before).toEqual(expect.arrayContaining(named(needs.expects)));
      await solveAll(session, lesson);
      const made = objectsIn(session).filter((one) => !before.includes(one));
      expect(named(needs.makes)).toEqual(expect.arrayContaining(made));
      const images = observation
        .list('pods')
        .filter((pod) => [...needs.makes, ...needs.expects].some(({ name }) => name === podWorkload(pod)))
        .flatMap(({ spec }) => spec!.containers.map(({ image }) => image));
      expect(needs.images).toEqual([...new Set(images)]);
      const exported = observation.exports().map(({ path, options }) => ({ path, options }));
      for (const { path, options } of needs.exports)
        expect(exported).toContainEqual({ path, options: expect.arrayContaining(options.split(',')) });
      const volumes = observation
        .list('persistentvolumes')
        .filter(({ metadata }) =>
          [...named(needs.makes), ...named(needs.expects)].includes(`PersistentVolume ${metadata.name}`),
        );
      for (const { spec } of volumes) {
        expect(needs.servers).toContain(spec!.nfs!.server);
        expect(needs.exports.map(({ path }) => path)).toContain(spec!.nfs!.path);
      }
      for (const { host, name } of needs.packages) expect(observation.installed(host, name), host).toBe(true);
      session.close();
    });
});

test('it is read out of the lesson: another one has other needs', () => {
  const claim = lessonCalled('claim');
  const step = claim.steps[0]!;
  const manifest = `
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  replicas: 3
  template: {spec: {containers: [{name: one, image: registry.example/db:7}]}}
  volumeClaimTemplates: [{metadata: {name: data}}]
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: disk}
spec: {nfs: {server: files.example, path: /srv/db}}
`;
  const other: LessonDocument = {
    ...claim,
    id: 'other',
    manifests: { 'db.yaml': manifest },
    steps: [
      {
        ...step,
        files: ['db.yaml'],
        solution: [
          { host: 'nfs', run: "echo '/srv/db 10.0.0.0/8(ro,sync)' >> /etc/exports" },
          { host: 'node02', run: 'apt-get install -y nfs-common jq; kubectl run it --image=busybox:1.36' },
        ],
        checkpoints: [{ id: 'on', expr: "pods.exists(p, p.spec.nodeName == 'node02')", level: false, reasons: [] }],
      },
    ],
  };
  expect(needsOf(other, [other])).toEqual({
    nodes: ['node02'],
    machines: claim.hosts,
    servers: ['files.example'],
    exports: [{ path: '/srv/db', options: 'ro,sync' }],
    images: ['registry.example/db:7', 'busybox:1.36'],
    packages: [
      { host: 'node02', name: 'nfs-common' },
      { host: 'node02', name: 'jq' },
    ],
    makes: [
      { kind: 'StatefulSet', name: 'db' },
      { kind: 'PersistentVolumeClaim', name: 'data-db-0' },
      { kind: 'PersistentVolumeClaim', name: 'data-db-1' },
      { kind: 'PersistentVolumeClaim', name: 'data-db-2' },
      { kind: 'PersistentVolume', name: 'disk' },
    ],
    expects: [],
  });
});

test('beside a cluster: what is there, what is missing, and what the lesson would meet', async () => {
  const served = await serve(await begin('claim', 'create'));
  const prepare = async (...args: string[]) => {
    const { code, stdout, stderr } = await served.live(() => called(main, '--kubeconfig', served.kubeconfig, ...args));
    expect(stderr).toBe('');
    return { code, stdout };
  };
  const fresh = await prepare('claim');
  expect(fresh).toEqual({ code: 0, stdout: expect.stringContaining('PersistentVolume pv0001: is there\n') });
  expect(fresh.stdout).toMatch(
    /PersistentVolumeClaim test-claim: is not there yet\n(.*\n)*Nothing that it makes is there already/,
  );
  const far = await prepare('deployment', '--json');
  expect(far.code).toBe(1);
  expect(JSON.parse(far.stdout)).toMatchObject({
    expects: [
      { kind: 'PersistentVolume', name: 'pv0001', there: true },
      { kind: 'PersistentVolumeClaim', name: 'test-claim', there: false },
    ],
  });
  await solveAll(served.session, lessonCalled('claim'));
  const done = await prepare('claim', '--language', 'ja');
  expect(done).toEqual({
    code: 1,
    stdout: expect.stringContaining('PersistentVolumeClaim test-claim: すでにあります'),
  });
  served.session.close();
  await served.close();
});

test('without a cluster it needs none; a wrong command line is told in one line', async () => {
  const { code, stdout, stderr } = await called(main, 'statefulset');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('/mnt/pv002  options rw,async,no_root_squash\n');
  for (const args of [
    [],
    ['a', 'b'],
    ['claim/create'],
    ['nope'],
    ['--language', 'xx', 'claim'],
    ['--kubeconfig', '/none', 'claim'],
  ]) {
    const ended = await called(main, ...args);
    expect(ended).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(/^lab prepare: [^\n]+\n$/) });
  }
});

test('a cluster that does not answer: exit code 3', async () => {
  const served = await serve(await begin('the-lab'));
  writeFileSync(served.kubeconfig, kubeconfigFor({ server: 'http://127.0.0.1:1' }));
  const ended = await called(main, '--kubeconfig', served.kubeconfig, 'claim');
  expect(ended).toEqual({
    code: 3,
    stdout: '',
    stderr: expect.stringMatching(/^lab prepare: the cluster could not be asked: [^\n]*connection refused\n$/),
  });
  served.session.close();
  await served.close();
});
