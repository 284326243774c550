/** What a checkpoint comes to where some of the world cannot be seen. */

import { expect, test } from 'vitest';
import { Expressions, lists } from './expressions.ts';
import { judge, type PartialObservation, type Sight, Unseen } from './judgement.ts';
import type { Checkpoint } from './schema.ts';

/** One Node; its files may be seen, those of the machine `far` may not, nor Pods. */
function partial(): PartialObservation {
  let unseen: Sight[] = [];
  const cannot = (sight: Sight): never => {
    unseen.push(sight);
    throw new Unseen(sight);
  };
  const list = (resource: string) =>
    resource === 'pods'
      ? cannot({ kind: 'objects', resource, why: 'no' })
      : [{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'one' } }];
  return {
    list,
    find: (_: string, kind: string) => list(kind === 'Pod' ? 'pods' : 'nodes'),
    fileType: (host: string) => (host === 'far' ? cannot({ kind: 'machine', host }) : 'file'),
    documents: (host: string) => cannot({ kind: 'documents', host }),
    takeUnseen() {
      const taken = unseen;
      unseen = [];
      return taken;
    },
  } as unknown as PartialObservation;
}

function judged(checkpoint: Partial<Checkpoint>, reasons: Record<string, string> = {}) {
  const world = partial();
  const context = {
    world,
    now: lists(world),
    expressions: new Expressions(),
    language: 'en' as const,
    texts: { it: { says: '', hints: [], reasons } },
  };
  const { verdict, message, unseen } = judge({ id: 'it', level: false, reasons: [], ...checkpoint }, context);
  return { verdict, message, unseen: unseen.map(({ kind }) => kind) };
}

test('what is not seen decides only where nothing else does', () => {
  const verdicts: [string, string, string[]][] = [
    ["exists('far', '/x') || size(nodes) == 1", 'met', []],
    ["size(nodes) == 1 || exists('far', '/x')", 'met', []],
    ["exists('far', '/x') && size(nodes) == 2", 'not met', []],
    ["exists('far', '/x') && size(nodes) == 1", 'unknown', ['machine']],
    ["['far', 'near'].exists(h, exists(h, '/x'))", 'met', []],
    ["['far', 'near'].all(h, exists(h, '/x'))", 'unknown', ['machine']],
    ["size(pods) == 0 && exists('far', '/x')", 'unknown', ['objects', 'machine']],
    ['!pods.exists(p, true)', 'unknown', ['objects']],
    // What the world itself lacks is not met, as on the page.
    ["nodes[0].spec.none == 'x'", 'not met', []],
  ];
  for (const [expr, verdict, unseen] of verdicts) {
    const found = judged({ expr });
    expect({ expr, verdict: found.verdict, unseen: found.unseen }).toEqual({ expr, verdict, unseen });
  }
});

test('an object in the cluster is enough; without it, a document that is not seen leaves it unknown', () => {
  const node = (name: string) => ({ assert: { apiVersion: 'v1', kind: 'Node', metadata: { name } } });
  expect(judged({ ...node('one'), writtenOn: 'master01' })).toMatchObject({ verdict: 'met' });
  expect(judged({ ...node('two'), writtenOn: 'master01' })).toMatchObject({
    verdict: 'unknown',
    unseen: ['documents'],
  });
  expect(judged(node('two'))).toMatchObject({ verdict: 'not met', message: expect.stringContaining('two') });
  expect(judged({ assert: { apiVersion: 'v1', kind: 'Pod' } })).toMatchObject({
    verdict: 'unknown',
    unseen: ['objects'],
  });
});

test('a reason is told as long as none before it is hidden', () => {
  const far = { id: 'far', when: "exists('far', '/x')" };
  const near = { id: 'near', when: "exists('near', '/x')" };
  const texts = { far: 'It is far.', near: 'It is near, of ${size(nodes)}.' };
  const missing = { expr: 'size(nodes) == 2' };
  expect(judged({ ...missing, reasons: [near, far] }, texts)).toEqual({
    verdict: 'not met',
    message: 'It is near, of 1.',
    unseen: [],
  });
  expect(judged({ ...missing, reasons: [far, near] }, texts)).toEqual({
    verdict: 'not met',
    message: 'Not so yet.',
    unseen: ['machine'],
  });
  const never = { id: 'never', when: 'false' };
  expect(judged({ ...missing, reasons: [never, near] }, texts)).toMatchObject({ message: 'It is near, of 1.' });
});
