/** What a replay is stopped by: what is no longer there, another state, work without end, and too many processes. */

import { expect, test } from 'vitest';
import type { Input, LogEntry, Place, ReplayProblemKind, SessionLog } from '../channel/messages.ts';
import { lessonsFromDisk } from '../hosts/lessons-from-disk.ts';
import { hostTimers } from '../hosts/timers.ts';
import { advance } from '../sim/driver.ts';
import { createWorld } from '../world/lab.ts';
import { ReplayError } from './replay.ts';
import { Session } from './session.ts';

const lessons = lessonsFromDisk();
const start: Place = { lesson: 'the-lab', step: lessons[0]!.steps[0]!.id };
const options = {
  seed: 1,
  start,
  language: 'en',
  lessons,
  createWorld: (seed: number) => createWorld({ seed }),
} as const;
const keys = (data: string, host = 'master01'): Input => ({ type: 'keys', host, data });

async function lived(...inputs: Input[]): Promise<SessionLog> {
  const session = await Session.open(options);
  for (const input of inputs) {
    session.input(input);
    await advance(session.world.clock, session.now + 500);
  }
  session.close();
  return session.log();
}

async function problemOf(log: SessionLog, timers = hostTimers): Promise<ReplayProblemKind | 'none'> {
  try {
    const session = await Session.restore({ ...options, replay: { timers, onProgress: () => {} } }, log);
    session.close();
    return session.diverged === undefined ? 'none' : 'diverged';
  } catch (error) {
    if (!(error instanceof ReplayError)) throw error;
    return error.problem.kind;
  }
}

const changed = (log: SessionLog, index: number, change: object): SessionLog => ({
  ...log,
  entries: log.entries.map((entry, at) => (at === index ? ({ ...entry, ...change } as LogEntry) : entry)),
});

test('a replay comes to the same state, another terminal and an interrupted program included', async () => {
  const log = await lived(
    keys('kubectl get pods -w\r'),
    { type: 'terminal', host: 'master01', terminal: 'master01:2' },
    keys('echo in the second\r', 'master01:2'),
    { type: 'interrupt', host: 'master01' },
    keys('echo free\r'),
  );
  expect(await problemOf(log)).toBe('none');
});

test('keys keep their order, though the clock they are put in by was set back between them', async () => {
  const session = await Session.open(options);
  const { now } = session;
  for (const [index, key] of [...'echo counted >> /root/count'].entries())
    session.input(keys(key), now + (index === 13 ? 5 : index * 2));
  session.input(keys('\r'), now);
  await advance(session.world.clock, now + 500);
  const typed = session.log().entries.flatMap((entry) => (entry.type === 'keys' ? entry.data : []));
  expect(typed.join('')).toBe('echo counted >> /root/count\r');
  session.close();
});

test('what stands in front of a terminal', async () => {
  const session = await Session.open(options);
  const { world } = session;
  const type = async (data: string) => {
    session.input(keys(data));
    await advance(world.clock, session.now + 1_500);
  };
  expect(world.foreground('master01').prompt).toBe(true);
  await type('kubectl get pods -w\r');
  expect(world.foreground('master01')).toEqual({ prompt: false, command: 'kubectl get pods -w' });
  session.input({ type: 'interrupt', host: 'master01' });
  await advance(world.clock, session.now + 2_000);
  expect(world.foreground('master01').prompt).toBe(true);
  await type('while :; do :; done\r');
  expect(world.foreground('master01')).toEqual({ prompt: false, command: '-bash' });
  await type('\x03');
  expect(world.foreground('master01').prompt).toBe(true);
  await type("echo 'half\r");
  expect(world.foreground('master01')).toEqual({ prompt: false, command: '-bash' });
  await type('\x03');
  expect(world.foreground('master01').prompt).toBe(true);
  await type('vi /etc/hosts\r');
  expect(world.foreground('master01')).toEqual({ prompt: false, command: 'vi /etc/hosts' });
  session.close();
});

test('what is no longer there', async () => {
  const log = await lived(keys('ls\r'), { type: 'open', place: start });
  expect(await problemOf({ ...log, start: { ...start, step: 'renamed' } })).toBe('unknown-place');
  expect(await problemOf(changed(log, 1, { place: { ...start, lesson: 'renamed' } }))).toBe('unknown-place');
  expect(await problemOf(changed(log, 0, { host: 'node99' }))).toBe('unknown-host');
  expect(await problemOf(changed(log, 0, { host: 'master01:2' }))).toBe('unknown-host');
});

test('another state', async () => {
  const log = await lived(keys('l'), keys('s\r'));
  expect(await problemOf(changed(log, 0, { data: 'p' }))).toBe('diverged');
});

/** Every look at the clock is a second of work. */
function slowTimers() {
  let now = 0;
  return { ...hostTimers, now: () => (now += 1_000) };
}

test('work without end is given up by real time, however fast the clock of the test', async () => {
  const log = await lived(keys('while :; do :; done\r'));
  expect(await problemOf({ ...log, until: log.until + 3_600_000 }, slowTimers())).toBe('endless');
});

test('so is a fork bomb', async () => {
  const log = await lived(keys(':'));
  const bomb = { ...log, until: log.until + 600_000 };
  expect(await problemOf(changed(bomb, 0, { data: ':(){ :|:& };:\r' }), slowTimers())).toBe('endless');
});

test('a step that only asks is not done by being jumped to; those before it are', async () => {
  const place = { lesson: 'identity', step: 'quiz' };
  const session = await Session.open({ ...options, start: place });
  const { steps } = session.progress.state();
  expect(steps.map(({ id, passed }) => [id, passed])).toEqual(
    steps.map(({ id }) => [id, id !== 'quiz' && id !== 'challenge']),
  );
  const question = session.progress.find(place).step.quiz[0]!.id;
  session.input({ type: 'answer', place, question, choice: 99 });
  await advance(session.world.clock, session.now + 10);
  expect(session.progress.passed(place)).toBe(false);
  session.close();
});
