import { expect, test } from 'vitest';
import type { Progress, StepState } from '../../sandbox/channel/messages.ts';
import { newsOf, type StepTexts } from './step-news.ts';

const texts: StepTexts = {
  title: (step) => `title of ${step}`,
  says: (step, checkpoint) => `${checkpoint} of ${step}`,
  optional: (step) => step === 'challenge',
};

/** `a:xow`: step a, its first checkpoint met, its second not, its third wrong; `a!` has passed, `a*` has been tried. */
function progress(...steps: string[]): Progress {
  return {
    lesson: 'l',
    steps: steps.map((text): StepState => {
      const [, id, marks, checks = ''] = /^([a-z]+)([!*]*):?([xow]*)$/.exec(text)!;
      const passed = marks!.includes('!');
      const checkpoints = [...checks].map((c, i) => ({
        id: `c${i + 1}`,
        passed: c === 'x',
        message: c === 'x' ? '' : 'No `pv` yet.',
        wrong: c === 'w',
      }));
      return { id: id!, open: true, passed, tried: marks!.includes('*'), shown: false, checkpoints, answers: {} };
    }),
  };
}

const after = (now: Progress, before?: Progress) =>
  newsOf(now, before, before && newsOf(before, undefined, undefined, texts), texts);

test('a page just opened says where one stands, and that nothing was done', () => {
  expect(after(progress('a!:x', 'b:oo', 'challenge:o'))).toEqual({
    done: undefined,
    next: { kind: 'step', step: 'b', number: 2, title: 'title of b', optional: false },
  });
});

test('a checkpoint met, and the one that is still missing', () => {
  expect(after(progress('a*:xo'), progress('a*:oo'))).toEqual({
    done: { kind: 'checkpoint', says: 'c1 of a' },
    next: { kind: 'checkpoint', step: 'a', checkpoint: 'c2', says: 'c2 of a', wrong: '' },
  });
});

test('what is wrong comes before what is missing, with its reason', () => {
  expect(after(progress('a*:oow'), progress('a:ooo'))).toEqual({
    done: undefined,
    next: { kind: 'checkpoint', step: 'a', checkpoint: 'c3', says: 'c3 of a', wrong: 'No pv yet.' },
  });
});

test('a step done names the next one; the last one is the lesson', () => {
  expect(after(progress('a!*:x', 'b:o'), progress('a*:o', 'b:o'))).toEqual({
    done: { kind: 'step', number: 1, shown: false },
    next: { kind: 'step', step: 'b', number: 2, title: 'title of b', optional: false },
  });
  expect(after(progress('a!', 'b!:x', 'challenge:o'), progress('a!', 'b:o', 'challenge:o'))).toEqual({
    done: { kind: 'lesson' },
    next: { kind: 'step', step: 'challenge', number: 3, title: 'title of challenge', optional: true },
  });
  expect(after(progress('a!', 'challenge!:x'), progress('a!', 'challenge:o'))).toEqual({
    done: { kind: 'step', number: 2, shown: false },
    next: undefined,
  });
});

test('what was said stands while nothing else becomes true, and goes when it is taken back', () => {
  const said = after(progress('a*:xo'), progress('a*:oo'));
  const same = newsOf(progress('a*:xo'), progress('a*:xo'), said, texts);
  expect(same.done).toEqual({ kind: 'checkpoint', says: 'c1 of a' });
  const over = after(progress('a!*:x', 'b:o'), progress('a*:o', 'b:o'));
  expect(newsOf(progress('a!*:x', 'b*:o'), progress('a!*:x', 'b:o'), over, texts).done).toBeUndefined();
  const passed = progress('a!*:xx', 'b:o');
  const back = newsOf(progress('a*:xo', 'b:o'), passed, newsOf(passed, undefined, same, texts), texts);
  expect(back.done).toBeUndefined();
});

test('what is no longer so is not said any more, in a step begun anew neither', () => {
  const met = after(progress('a!', 'b*:xo'), progress('a!', 'b*:oo'));
  expect(newsOf(progress('a!', 'b:oo'), progress('a!', 'b*:xo'), met, texts).done).toBeUndefined();
  const before = progress('a*:xoo');
  const said = after(before, progress('a*:ooo'));
  expect(newsOf(progress('a*:oxo'), before, said, texts).done).toEqual({ kind: 'checkpoint', says: 'c2 of a' });
});

test('where only the question is open, that is what is missing', () => {
  expect(after(progress('a*:x', 'b:o')).next).toEqual({ kind: 'question', step: 'a' });
  expect(after(progress('a*', 'b:o')).next).toEqual({ kind: 'question', step: 'a' });
  expect(after(progress('a', 'b:o')).next).toMatchObject({ kind: 'step', step: 'a' });
});
