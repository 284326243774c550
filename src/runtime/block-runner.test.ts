/** A block on top of something that runs: the question, its answers, and what ends by itself meanwhile. */

import { afterEach, expect, test, vi } from 'vitest';
import type { Foreground, Input } from '../../sandbox/channel/messages.ts';
import { BlockRunner } from './block-runner.ts';
import { keysOf } from './command-block.ts';
import type { Sandbox } from './sandbox.ts';
import type { SessionState } from './session-state.svelte.ts';
import type { Screens } from './terminal/screens.ts';

const PROMPT: Foreground = { prompt: true, command: '-bash' };
const running = (command: string): Foreground => ({ prompt: false, command });

/** A session whose terminal has `front` in front of it. */
function terminalWith(front: Foreground, { mayAct = async () => true } = {}) {
  const now = { front };
  const typed: string[] = [];
  const put: Input[] = [];
  const state = { phase: 'running', front: 'nfs', hosts: ['nfs'], occupied: undefined } as unknown as SessionState;
  const functions = { foreground: async () => now.front };
  const runner = new BlockRunner({
    state,
    screens: { show: () => undefined, open: () => 'nfs:2' } as unknown as Screens,
    sandbox: () => ({ functions }) as unknown as Sandbox,
    live: () => true,
    mayAct,
    onlyLooks: () => false,
    put: (input) => put.push(input),
    type: (host, keys) => typed.push(`${host} ${keys}`),
  });
  return { now, typed, put, state, runner };
}

vi.useFakeTimers();
afterEach(() => vi.clearAllTimers());

test('the question goes when what runs has ended, and the block is typed once', async () => {
  const { now, typed, state, runner } = terminalWith(running('sleep 5'));
  await runner.run('nfs', 'date');
  expect(state.occupied).toMatchObject({ host: 'nfs', running: 'sleep 5' });
  await vi.advanceTimersByTimeAsync(1_000);
  expect([typed, state.occupied?.running]).toEqual([[], 'sleep 5']);
  now.front = PROMPT;
  await vi.advanceTimersByTimeAsync(1_000);
  expect([typed, state.occupied]).toEqual([[`nfs ${keysOf('date')}`], undefined]);
});

test('it names what runs now', async () => {
  const { now, state, runner } = terminalWith(running('sleep 5'));
  await runner.run('nfs', 'date');
  now.front = running('sleep 6');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(state.occupied?.running).toBe('sleep 6');
});

test('a block for what is inside waits for that, not for the prompt', async () => {
  const { now, typed, state, runner } = terminalWith(running('sleep 5'));
  await runner.run('nfs', ':wq', 'vi');
  now.front = PROMPT;
  await vi.advanceTimersByTimeAsync(1_000);
  expect([typed, state.occupied?.command]).toEqual([[], ':wq']);
});

test('once nothing runs there, it asks about what is to be open, and stops nothing', async () => {
  const { now, typed, state, runner } = terminalWith(running('sleep 5'));
  await runner.run('nfs', 'ls /data', 'container');
  now.front = PROMPT;
  await vi.advanceTimersByTimeAsync(1_000);
  expect([typed, state.occupied?.running]).toEqual([[], '']);
  now.front = running('kubectl exec -it web -- sh');
  await vi.advanceTimersByTimeAsync(1_000);
  expect([typed, state.occupied]).toEqual([[`nfs ${keysOf('ls /data')}`], undefined]);
});

test.each([
  ['stop', 'nfs'],
  ['another', 'nfs:2'],
] as const)('after “%s” too: what is meant for a container is not typed at the host’s prompt', async (choice, host) => {
  const { now, typed, state, runner } = terminalWith(running('sleep 5'));
  state.hosts = ['nfs', 'nfs:2'];
  await runner.run('nfs', 'rm /data/*', 'container');
  now.front = PROMPT;
  await runner.answer(choice);
  expect([typed, state.occupied]).toEqual([[], expect.objectContaining({ host, running: '' })]);
});

test('who has answered is asked no more, and what ends later runs nothing', async () => {
  const { now, typed, state, runner } = terminalWith(running('sleep 5'));
  await runner.run('nfs', 'date');
  await runner.answer('leave');
  now.front = PROMPT;
  await vi.advanceTimersByTimeAsync(1_000);
  expect([typed, state.occupied]).toEqual([[], undefined]);
});

test('a terminal that has ended takes its question along', async () => {
  const { state, typed, runner } = terminalWith(running('sleep 5'));
  await runner.run('nfs', 'date');
  state.hosts = [];
  await vi.advanceTimersByTimeAsync(1_000);
  expect([typed, state.occupied]).toEqual([[], undefined]);
});

test('nothing is stopped where another tab writes the session', async () => {
  const { put, state, runner } = terminalWith(running('sleep 5'), { mayAct: async () => false });
  await runner.run('nfs', 'date');
  await runner.answer('stop');
  expect([put, state.occupied]).toEqual([[], undefined]);
});
