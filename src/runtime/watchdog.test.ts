/** The watchdog judges progress, not answers alone. */

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Pulse } from '../../sandbox/channel/messages.ts';
import { type Health, watch } from './watchdog.ts';

let told: Health[];
let page: { hidden: boolean };
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  page = { hidden: false };
  vi.stubGlobal('document', page);
  told = [];
});
afterEach(() => {
  stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const begin = (pulse: () => Promise<Pulse>) => {
  stop = watch(pulse, (health) => told.push(health));
};
const steady = (): Pulse => ({ now: performance.now(), loading: false, skipping: 0 });

test('a world that keeps time is well', async () => {
  begin(async () => steady());
  await vi.advanceTimersByTimeAsync(120_000);
  expect(told).toEqual([]);
});

test('a sandbox that does not answer is silent, and well again when it does', async () => {
  let answer: ((pulse: Pulse) => void) | undefined;
  begin(() => new Promise((resolve) => (answer = resolve)));
  await vi.advanceTimersByTimeAsync(18_000);
  expect(told).toEqual(['silent']);
  answer!(steady());
  await vi.advanceTimersByTimeAsync(1);
  expect(told).toEqual(['silent', 'well']);
});

test('a world that answers, and whose clock hardly moves, is slow until it moves', async () => {
  let rate = 0.02;
  let now = 0;
  let at = performance.now();
  begin(async () => {
    now += (performance.now() - at) * rate;
    at = performance.now();
    return { now, loading: false, skipping: 0 };
  });
  await vi.advanceTimersByTimeAsync(15_000);
  expect(told).toEqual(['slow']);
  rate = 1;
  await vi.advanceTimersByTimeAsync(12_000);
  expect(told).toEqual(['slow', 'well']);
});

test('a world that waits for code is told as that, and a skip is no trouble', async () => {
  let pulse: Pulse = { now: 5, loading: true, skipping: 0 };
  begin(async () => pulse);
  await vi.advanceTimersByTimeAsync(15_000);
  expect(told).toEqual(['loading']);
  pulse = { now: 5, loading: false, skipping: 7_200_000 };
  await vi.advanceTimersByTimeAsync(30_000);
  expect(told).toEqual(['loading', 'well']);
});

test('nobody waits for a tab in the background', async () => {
  page.hidden = true;
  begin(() => new Promise(() => {}));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(told).toEqual([]);
});
