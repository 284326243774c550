import { expect, test } from 'vitest';
import type { Progress } from '../../sandbox/channel/messages.ts';
import { Keeper, type Keeping, RETRY } from './keeper.ts';
import type { CourseShape } from './shape.ts';
import { CourseGone, type CourseSystem, type Report } from './system.ts';

const shape: CourseShape = {
  mastery: 0.5,
  lessons: [
    {
      id: 'claim',
      title: 'A claim',
      steps: [
        { id: 'define', optional: false, items: [{ id: 'manifest', says: '' }] },
        { id: 'create', optional: false, items: [{ id: 'bound', says: '' }] },
      ],
    },
  ],
};
const progress = (...passed: readonly string[]): Progress => ({
  lesson: 'claim',
  steps: [
    ['define', 'manifest'],
    ['create', 'bound'],
  ].map(([id, checkpoint]) => ({
    id: id!,
    open: true,
    passed: passed.includes(checkpoint!),
    tried: true,
    shown: false,
    checkpoints: [{ id: checkpoint!, passed: passed.includes(checkpoint!), message: '', wrong: false }],
    answers: {},
  })),
});

/** A course system that can go away, and a clock by hand. */
function bench(data = '') {
  const told: Report[] = [];
  const said: Keeping[] = [];
  const waiting: [ms: number, call: () => void][] = [];
  const state = { up: true, found: true, now: 0, left: [] as Report[] };
  const system: CourseSystem = {
    begin: async () => {
      if (!state.found) throw new CourseGone('missing', 'no API');
      return { data, learner: { id: 'ann' } };
    },
    save: async (report) => {
      if (!state.up) throw new CourseGone('lost', 'no answer');
      told.push(report);
    },
    leave: (report) => state.left.push(report),
  };
  const keeper = new Keeper({
    shape,
    system,
    now: () => state.now,
    later: (call, ms) => waiting.push([ms, call]),
    onKeeping: (keeping) => said.push(keeping),
  });
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return { keeper, state, told, said, waiting, settle };
}

test('tells of every checkpoint, once, with the time since the launch', async () => {
  const { keeper, state, told, said, settle } = bench();
  await keeper.begin();
  expect(told.map(({ result }) => result.score)).toEqual([0]);
  state.now = 61_000;
  keeper.report(progress('manifest'), 's');
  await settle();
  keeper.report(progress('manifest'), 's');
  await settle();
  expect(told.map(({ result, elapsed }) => [result.score, elapsed])).toEqual([
    [0, 0],
    [0.5, 61_000],
  ]);
  expect(said).toEqual([]);
  expect(keeper.learner).toEqual({ id: 'ann' });
});

test('goes on from what was kept', async () => {
  const { keeper, told, settle } = bench('{"v":1,"at":["claim","create"],"m":{"claim":{"define":"1"}}}');
  await keeper.begin();
  expect(keeper.standing.at).toEqual({ lesson: 'claim', step: 'create' });
  keeper.report(progress('bound'), 's');
  await settle();
  expect(told.at(-1)?.result).toMatchObject({ score: 1, complete: true, passed: true });
});

test('a course system that goes away is told of, asked again, and has everything then', async () => {
  const { keeper, state, told, said, waiting, settle } = bench();
  await keeper.begin();
  state.up = false;
  keeper.report(progress('manifest'), 's');
  await settle();
  keeper.report(progress('manifest', 'bound'), 's');
  await settle();
  expect(said).toEqual(['lost']);
  expect(waiting.map(([ms]) => ms)).toEqual([RETRY]);
  waiting.shift()![1]();
  await settle();
  expect(said).toEqual(['lost']);
  state.up = true;
  waiting.shift()![1]();
  await settle();
  expect(said).toEqual(['lost', 'again']);
  expect(told.at(-1)?.result.score).toBe(1);
});

test('none at all: one works, and one that is found later has what was done and what it had', async () => {
  const { keeper, state, told, said, waiting, settle } = bench('{"v":1,"m":{"claim":{"create":"1"}}}');
  state.found = false;
  await keeper.begin();
  expect(said).toEqual(['missing']);
  keeper.report(progress('manifest'), 's');
  keeper.leave();
  expect(state.left).toEqual([]);
  keeper.comeBack();
  await settle();
  state.found = true;
  waiting.shift()![1]();
  await settle();
  expect(said).toEqual(['missing', 'again']);
  expect(told.at(-1)?.result.score).toBe(1);
});

test('the last word is what stands when the page goes, also what was not taken before', async () => {
  const { keeper, state } = bench();
  await keeper.begin();
  state.up = false;
  keeper.report(progress('manifest'), 's');
  keeper.leave();
  expect(state.left.map(({ result }) => result.score)).toEqual([0.5]);
});
