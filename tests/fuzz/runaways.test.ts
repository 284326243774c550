/** Each runaway ends by a limit of its own or by Ctrl-C, and the next command works: at a terminal, in real time, as on the page. */

import { afterEach, expect, test } from 'vitest';
import { hostTimers } from '../../sandbox/hosts/timers.ts';
import { RealTimeDriver, runUntil } from '../../sandbox/sim/driver.ts';
import { Coroutine } from '../../sandbox/sim/task.ts';
import { createWorld } from '../../sandbox/world/lab.ts';
import { held } from './fuzzed-lab.ts';
import { RUNAWAYS } from './runaways.ts';

/** Real milliseconds: a runaway is let run, and what it then may take to end. On a machine that does nothing else it is told within 2 s. */
const LET_RUN = 1_000;
const ENDS_WITHIN = Number(process.env.RUNAWAY_PATIENCE ?? 10_000);
/** Bytes the world may hold beside what the test itself does. */
const MEMORY = 500 * 2 ** 20;

/** `npm test` has a sample of them; with BOUND_LONG all are run. */
const chosen = process.env.BOUND_LONG ? RUNAWAYS : RUNAWAYS.filter((_, i) => i % 6 === 0);
const ofScripts = process.env.BOUND_LONG ? RUNAWAYS : RUNAWAYS.filter((_, i) => i % 9 === 7);

/** What `lab script` gives a command, and a simple one after it (virtual milliseconds); the host's work for it (milliseconds of CPU). */
const SCRIPT_LIMIT = 600_000;
const SCRIPT_WORK = 20_000;

let stop = (): void => {};
afterEach(() => stop());

test.each(chosen)('$name, at a terminal', { timeout: 60_000 }, async ({ host = 'node01', line }) => {
  const world = createWorld({ seed: 1 });
  const driver = new RealTimeDriver(world.clock, hostTimers, () => {});
  stop = () => driver.stop();
  let shown = '';
  const terminal = world.terminal(host);
  terminal.onOutput((data) => (shown = (shown + data).slice(-20_000)));
  const type = (keys: string) => {
    world.clock.input(Math.ceil(driver.now()), () => terminal.input(keys));
    driver.wake();
  };
  const soon = async (what: string, holds: () => boolean) => {
    const started = performance.now();
    while (!holds()) {
      if (performance.now() - started > ENDS_WITHIN)
        expect.fail(`${what} within ${ENDS_WITHIN} ms; shown last: ${shown.slice(-400)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return performance.now() - started;
  };
  const atPrompt = () => world.atPrompt(host) && world.foreground(host).prompt;
  await soon('a prompt', atPrompt);
  type(`${line}\r`);
  await new Promise((resolve) => setTimeout(resolve, LET_RUN));
  let ended = 0;
  if (!atPrompt()) {
    type('\x03');
    ended = await soon('the prompt after Ctrl-C', atPrompt);
  }
  shown = '';
  // Twice: the first may answer what was typed at a shell that has just begun.
  type('\x03');
  const ask = () => type('echo next-$((6*7))\r');
  ask();
  // What a bomb goes on complaining of may hide it: a reader types it again.
  const again = setInterval(ask, 2_000);
  const next = await soon('the next command', () => shown.includes('next-42')).finally(() => clearInterval(again));
  if (process.env.BOUND_LONG)
    console.log(
      `${line.slice(0, 60)}: ${Math.round(ended)} ms to the prompt, ${Math.round(next)} ms for the next command`,
    );
  expect(held()).toBeLessThan(MEMORY);
});

test.each(ofScripts)('$name, in a script', { timeout: 180_000 }, async ({ host = 'node01', line }) => {
  const world = createWorld({ seed: 1 });
  const run = async (command: string) => {
    const script = new Coroutine(world.clock, world.script(host, command, SCRIPT_LIMIT));
    await runUntil(world.clock, () => script.outcome !== undefined, world.clock.now + 2 * SCRIPT_LIMIT);
    return script.outcome?.status === 'done' ? script.outcome.value : expect.fail(`${command} has not ended`);
  };
  const before = process.cpuUsage();
  const { exitCode } = await run(line);
  const { user, system } = process.cpuUsage(before);
  const work = Math.round((user + system) / 1_000);
  if (process.env.BOUND_LONG) console.log(`${line.slice(0, 60)}: ends with ${exitCode} after ${work} ms of work`);
  expect(work).toBeLessThan(SCRIPT_WORK);
  expect((await run('echo ok')).stdout).toContain('ok\n');
  expect(held()).toBeLessThan(MEMORY);
});
