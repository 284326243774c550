/** The driver against a host whose time is told by the test. */

import { expect, test } from 'vitest';
import { Clock } from './clock.ts';
import { type HostTimers, RealTimeDriver } from './driver.ts';

const START = 1_000_000;

/** Timers that fire when `pass` reaches them. */
class ToldTime implements HostTimers {
  #now = 0;
  #timers: { at: number; fn: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  /** A call that takes time, as an event of the world does. */
  work(ms: number): void {
    this.#now += ms;
  }

  later(fn: () => void, ms: number) {
    const timer = { at: this.#now + ms, fn };
    this.#timers.push(timer);
    return {
      cancel: () => {
        this.#timers = this.#timers.filter((one) => one !== timer);
      },
    };
  }

  pass(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#timers.sort((a, b) => a.at - b.at)[0];
      if (!next || next.at > end) break;
      this.#timers.shift();
      this.#now = Math.max(this.#now, next.at);
      next.fn();
    }
    this.#now = Math.max(this.#now, end);
  }
}

function driven() {
  const host = new ToldTime();
  const clock = new Clock(START);
  const driver = new RealTimeDriver(clock, host, () => {});
  return { host, clock, driver };
}

test.each([30_000, 300_000, 3_600_000, 7_200_000])(
  'skipping %i ms moves the clock by that, events on the way included',
  (ms) => {
    const { host, clock, driver } = driven();
    host.pass(100);
    let beats = 0;
    clock.every(1_000, () => {
      beats++;
      host.work(0.5);
    });
    const before = clock.now;
    driver.skip(ms);
    host.pass(ms / 1_000);
    expect(driver.skipping).toBe(0);
    expect(clock.now - before).toBeGreaterThanOrEqual(ms);
    expect(clock.now - before).toBeLessThan(ms + 1_000 + ms / 1_000);
    expect(beats).toBeGreaterThanOrEqual(ms / 1_000 - 1);
  },
);

test('two skips add up', () => {
  const { host, clock, driver } = driven();
  driver.skip(300_000);
  driver.skip(300_000);
  host.pass(10);
  expect(Math.abs(clock.now - START - 600_000)).toBeLessThan(20);
});

test('after a skip time goes on from there', () => {
  const { host, clock, driver } = driven();
  driver.skip(3_600_000);
  host.pass(10);
  const there = clock.now;
  host.pass(2_000);
  expect(clock.now - there).toBeGreaterThanOrEqual(1_000);
  expect(clock.now - there).toBeLessThan(2_100);
});

test('what is put in during a skip comes where the world then stands', () => {
  const { host, clock, driver } = driven();
  clock.every(10, () => host.work(1));
  driver.skip(3_600_000);
  host.pass(50);
  const at = driver.now();
  expect(at).toBe(clock.now);
  expect(at).toBeLessThan(START + 3_600_000);
});

test('a world too busy to be skipped through stands where it has come to', () => {
  const { host, clock, driver } = driven();
  clock.every(10, () => host.work(20));
  driver.skip(7_200_000);
  host.pass(25_000);
  expect(driver.skipping).toBe(0);
  expect(clock.now).toBeLessThan(START + 7_200_000);
  const there = clock.now;
  host.pass(1_000);
  expect(clock.now).toBeGreaterThan(there);
});

test('an input of now is due in the slice that it wakes', () => {
  const { host, clock, driver } = driven();
  host.pass(500.4);
  let heard = 0;
  clock.input(driver.now(), () => heard++);
  driver.wake();
  host.pass(0);
  expect(heard).toBe(1);
});

test('an input is heard soon, however slow the world is', () => {
  const { host, clock, driver } = driven();
  // Each millisecond of the world takes 50 of the host's.
  clock.every(1, () => host.work(50));
  host.pass(2_000);
  let heard: number | undefined;
  const asked = host.now();
  clock.input(driver.now(), () => {
    heard = host.now();
  });
  driver.wake();
  host.pass(2_000);
  expect(heard! - asked).toBeLessThan(500);
});

test('a world that only stumbles catches up', () => {
  const { host, clock } = driven();
  clock.every(1_000, () => host.work(80));
  host.pass(10_000);
  expect(clock.now - START).toBeGreaterThan(9_900);
});

test('a speed of nothing stands still, and goes on from there', () => {
  const { host, clock, driver } = driven();
  host.pass(100);
  let beats = 0;
  clock.every(1_000, () => {
    beats++;
  });
  driver.speed = 0;
  host.pass(60_000);
  expect([clock.now, driver.now(), beats]).toEqual([START + 100, START + 100, 0]);
  driver.speed = 1;
  host.pass(2_500);
  expect([driver.now(), beats]).toEqual([START + 2_600, 2]);
});
