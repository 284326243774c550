/** Tasks with a time limit. */

import { expect, test } from 'vitest';
import { Clock } from './clock.ts';
import { Coroutine, sleep, type Task, until, withTimeout } from './task.ts';

function ran<T>(clock: Clock, task: Task<T>): T {
  const coroutine = new Coroutine(clock, task);
  clock.advanceTo(clock.now + 10_000);
  const { outcome } = coroutine;
  if (outcome?.status !== 'done') throw new Error(`not done: ${outcome?.status}`);
  return outcome.value;
}

test('a task that is done in time gives its value', () => {
  const clock = new Clock(0);
  function* quick(): Task<string> {
    yield* sleep(clock, 400);
    yield* sleep(clock, 400);
    return `done at ${clock.now}`;
  }
  expect(ran(clock, withTimeout(quick(), until(clock, 1_000)))).toBe('done at 800');
});

test('one that is late is closed where it waits', () => {
  const clock = new Clock(0);
  let closed: number | undefined;
  function* late(): Task<string> {
    try {
      yield* sleep(clock, 600);
      yield* sleep(clock, 600);
      return 'done';
    } finally {
      closed = clock.now;
    }
  }
  expect(ran(clock, withTimeout(late(), until(clock, 1_000)))).toBe('timeout');
  expect(closed).toBe(1_000);
});

test('a wait that fails, fails inside the task', () => {
  const clock = new Clock(0);
  function* careful(): Task<string> {
    try {
      yield (resume) => {
        clock.soon(() => resume.fail(new Error('no route')));
        return undefined;
      };
      return 'done';
    } catch (error) {
      return `caught ${(error as Error).message}`;
    }
  }
  expect(ran(clock, withTimeout(careful(), until(clock, 1_000)))).toBe('caught no route');
});
