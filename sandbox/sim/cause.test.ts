/** What the clock remembers of why something is run. */

import { expect, test } from 'vitest';
import type { Cause } from './cause.ts';
import { Clock } from './clock.ts';
import { Coroutine, sleep } from './task.ts';

const command = (text: string) => ({ type: 'command', host: 'master01', text }) as const;

/** The commands from the newest to the first. */
function told(cause: Cause | undefined): string[] {
  const texts: string[] = [];
  for (let one = cause; one; one = one.because) texts.push(one.deed.type === 'command' ? one.deed.text : '');
  return texts;
}

test('what is scheduled is run because of what scheduled it', () => {
  const clock = new Clock(0);
  const seen: Record<string, string[]> = {};
  const look = (name: string) => () => {
    seen[name] = told(clock.cause);
  };
  clock.input(1, () => {
    clock.cause = clock.because(command('one'));
    clock.soon(look('soon'));
    clock.after(10, look('later'));
    clock.every(7, look('again and again'));
  });
  clock.input(2, () => {
    look('another input')();
    clock.cause = clock.because(command('two'));
    clock.after(0, () => {
      clock.cause = clock.because(command('three'));
      clock.soon(look('after three'));
    });
  });
  clock.advanceTo(1_000);
  expect(seen).toEqual({
    soon: ['one'],
    later: ['one'],
    'again and again': ['one'],
    'another input': [],
    'after three': ['three', 'two'],
  });
});

test('a task goes on because of what it was begun for, whoever wakes it', () => {
  const clock = new Clock(0);
  const seen: string[][] = [];
  let wake = () => {};
  clock.input(1, () => {
    clock.cause = clock.because(command('begun'));
    new Coroutine(
      clock,
      (function* () {
        yield (resume) => {
          wake = resume;
          return undefined;
        };
        seen.push(told(clock.cause));
        clock.cause = clock.because(command('read'));
        yield* sleep(clock, 5);
        seen.push(told(clock.cause));
      })(),
    );
  });
  clock.input(2, () => {
    clock.cause = clock.because(command('woken'));
    wake();
  });
  clock.advanceTo(1_000);
  expect(seen).toEqual([['begun'], ['read', 'begun']]);
});

test('what goes on for ever is remembered a while back, and from where it began', () => {
  const clock = new Clock(0);
  let turns = 0;
  let last: Cause | undefined;
  const again = () => {
    last = clock.cause = clock.because(command(`turn ${++turns}`));
    clock.after(1_000, again);
  };
  clock.input(1, () => {
    clock.cause = clock.because(command('the first'));
    again();
  });
  clock.advanceTo(7_200_000);
  expect(turns).toBeGreaterThan(7_000);
  expect(told(last).length).toBeLessThanOrEqual(64);
  expect(told(last).at(-1)).toBe('the first');
  const chain: Cause[] = [];
  for (let one = last; one; one = one.because) chain.push(one);
  expect(chain.reduce((sum, { skipped }) => sum + skipped, 0)).toBeGreaterThan(0);
});
