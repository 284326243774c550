import { expect, test } from 'vitest';
import type { Progress, StepState } from '../../sandbox/channel/messages.ts';
import type { CourseShape } from './shape.ts';
import { decode, encode, longest, merged, NOTHING, resultOf, stepsDone, withProgress } from './standing.ts';

const item = (id: string, right?: number) => ({ id, says: id, ...(right !== undefined && { right }) });
const shape: CourseShape = {
  mastery: 0.7,
  lessons: [
    {
      id: 'claim',
      title: 'A claim',
      steps: [
        { id: 'define', optional: false, items: [item('manifest')] },
        { id: 'create', optional: false, items: [item('claim'), item('volume')] },
        { id: 'describe', optional: false, items: [item('question', 2)] },
        { id: 'challenge', optional: true, items: [item('waits')] },
      ],
    },
  ],
};

const step = (id: string, passed: readonly string[], more: Partial<StepState> = {}): StepState => ({
  id,
  open: true,
  passed: false,
  tried: true,
  shown: false,
  checkpoints: ['manifest', 'claim', 'volume', 'waits'].map((one) => ({
    id: one,
    passed: passed.includes(one),
    message: '',
    wrong: false,
  })),
  answers: {},
  ...more,
});
const at = (...steps: readonly StepState[]): Progress => ({ lesson: 'claim', steps });
const after = (...all: readonly Progress[]) =>
  all.reduce((standing, progress) => withProgress(standing, shape, progress, 'abc'), NOTHING);

test('the score is the part of the required checkpoints and questions met by the learner’s own hand', () => {
  const half = after(at(step('define', ['manifest'], { passed: true }), step('create', ['claim'])));
  expect(half.marks).toEqual({ claim: { define: '1', create: '10', describe: '0', challenge: '0' } });
  expect(half.at).toEqual({ lesson: 'claim', step: 'create' });
  expect(resultOf(shape, half)).toEqual({ score: 0.5, progress: 0.5, complete: false, passed: undefined });
});

test('what a solution met completes and does not score; done again by hand it does', () => {
  const shown = at(
    step('define', ['manifest'], { passed: true }),
    step('create', ['claim', 'volume'], { passed: true, shown: true }),
    step('describe', [], { passed: true, answers: { question: 2 } }),
    step('challenge', []),
  );
  expect(resultOf(shape, after(shown))).toEqual({ score: 0.5, progress: 1, complete: true, passed: false });
  const again = at(step('create', ['claim', 'volume'], { passed: true }));
  expect(resultOf(shape, after(shown, again))).toMatchObject({ score: 1, passed: true });
  // … and a solution that is shown then takes nothing away, nor does another world.
  expect(resultOf(shape, after(shown, again, shown, at(step('define', []))))).toMatchObject({ score: 1, passed: true });
});

test('a wrong answer is none', () => {
  const answered = (choice: number) => after(at(step('describe', [], { answers: { question: choice } })));
  expect(resultOf(shape, answered(1)).score).toBe(0);
  expect(resultOf(shape, answered(2)).score).toBe(0.25);
});

test('another lesson’s progress is not counted', () => {
  expect(after({ lesson: 'other', steps: [step('define', ['manifest'])] })).toEqual(NOTHING);
});

test('kept as text and read again; what was never begun is left out', () => {
  const standing = after(
    at(step('define', ['manifest'], { passed: true }), step('create', ['volume'], { shown: true })),
  );
  expect(encode(standing)).toBe(
    '{"v":1,"at":["claim","create"],"in":"abc","m":{"claim":{"define":"1","create":"0s"}}}',
  );
  const read = decode(encode(standing));
  expect(encode(read)).toBe(encode(standing));
  expect(resultOf(shape, read)).toEqual(resultOf(shape, standing));
  expect(stepsDone(shape, read, 'claim')).toEqual(['define']);
});

test.each([
  '',
  'null',
  '{"v":1',
  '[1]',
  '{"v":2,"m":{"claim":{"define":"1"}}}',
  '{"v":1,"m":{"claim":{"define":"x"}}}',
])('what cannot be read is nothing: %s', (text) => {
  expect(resultOf(shape, decode(text)).progress).toBe(0);
});

test('a step that has other checkpoints now begins again', () => {
  expect(resultOf(shape, decode('{"v":1,"m":{"claim":{"define":"1","create":"111"}}}')).score).toBe(0.25);
});

test('two that were kept apart come to what either has', () => {
  const one = decode('{"v":1,"at":["claim","create"],"in":"a","m":{"claim":{"define":"1","create":"s0"}}}');
  const other = decode('{"v":1,"at":["claim","define"],"in":"b","m":{"claim":{"define":"s","create":"1s"}}}');
  expect(encode(merged(shape, one, other))).toBe(
    '{"v":1,"at":["claim","define"],"in":"b","m":{"claim":{"define":"1","create":"1s"}}}',
  );
});

test('no standing is longer than the longest', () => {
  const all = at(
    ...shape.lessons[0]!.steps.map(({ id, items }) =>
      step(
        id,
        items.map((one) => one.id),
        { passed: true },
      ),
    ),
  );
  const standing = withProgress(NOTHING, shape, all, 'f'.repeat(24));
  expect(encode(standing).length).toBe(longest(shape));
});
