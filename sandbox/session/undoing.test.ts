/** What undo takes back: whole commands, with all that was typed into what they began; told by the world, not guessed from keys. */

import { expect, test } from 'vitest';
import { beforeLastCommand, lastCommand, withoutLastCommand } from '../channel/log.ts';
import type { LogEntry, Place, SessionLog } from '../channel/messages.ts';
import { lessonsFromDisk } from '../hosts/lessons-from-disk.ts';
import { advance } from '../sim/driver.ts';
import { readFileText } from '../world/files.ts';
import { createWorld } from '../world/lab.ts';
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

async function begun(log?: SessionLog, place = start) {
  const session = await (log ? Session.restore(options, log) : Session.open({ ...options, start: place }));
  /** Each as one stroke of the keyboard, with time for what reads it. */
  const type = async (...strokes: string[]) => {
    for (const data of strokes) {
      session.input({ type: 'keys', host: 'master01', data });
      await advance(session.world.clock, session.now + 1_500);
    }
  };
  const text = (path: string) => {
    const read = readFileText(session.world, 'master01', path);
    return 'text' in read ? read.text : read.problem.message;
  };
  return { session, type, text };
}

test('undo takes back the whole of a command, with all that was typed into what it began', async () => {
  const { session, type } = await begun();
  for (const strokes of [
    ['vi f\r', 'i', 'one\r', 'two\r', '\x1b', ':wq\r'],
    ['vi f\r', 'i', 'three\r', '\x03', ':q!\r'],
    ['seq 100 | less\r', '\r', '/9\r', 'q'],
    ['top\r', '\r', 'q'],
    ['cat > f\r', 'one\r', 'two\r', '\x04'],
    ['cat > f <<E\r', 'one\r', 'two\r', 'E\r'],
    ['rm -i kept\r', 'n\r'],
    ['read word\r', 'one\r'],
    ['sh\r', 'echo one > f\r', 'ls\r', '\x04'],
    ['sleep 1000\r', '\x03'],
    ['kubectl get pods -w\r', '\x03'],
    ['sleep 1000\r', '\x03', 'ls', '\x03'],
    ['date\r', '\r', '  \r'],
  ]) {
    await type('touch kept\r');
    const { length } = session.log().entries;
    await type(...strokes);
    const { entries } = session.log();
    expect([strokes[0], beforeLastCommand(entries), lastCommand(entries)?.command]).toEqual([
      strokes[0],
      length,
      strokes[0]!.trim(),
    ]);
  }
  session.close();
});

test('without vi the world is as before it', async () => {
  const { session, type, text } = await begun();
  await type('touch kept\r', 'vi f\r', 'i', 'one\r', '\x1b', ':wq\r');
  expect(text('/root/f')).toBe('one\n\n');
  const again = await begun(withoutLastCommand(session.log()));
  expect(again.session.diverged).toBeUndefined();
  expect([again.text('/root/kept'), again.text('/root/f')]).toEqual(['', 'No such file or directory']);
  expect(again.session.world.foreground('master01').prompt).toBe(true);
  session.close();
  again.session.close();
});

test('a shell in a container is the command that opened it', async () => {
  const { session, type } = await begun(undefined, { lesson: 'identity', step: 'same-file' });
  await type('date\r', 'kubectl exec -it persistent-stateset-0 -- bash\r', 'cd /persistent-volume\r', 'ls\r', '\x04');
  expect(withoutLastCommand(session.log()).entries).toHaveLength(1);
  expect(lastCommand(session.log().entries)?.command).toContain('kubectl exec');
  session.close();
});

test('undo of a line after Ctrl-C does not bring back what was interrupted', async () => {
  const { session, type } = await begun();
  await type('sleep 1000\r', '\x03', 'touch f\r');
  const again = await begun(withoutLastCommand(session.log()));
  expect(again.session.world.foreground('master01').prompt).toBe(true);
  expect(lastCommand(again.session.log().entries)?.command).toBe('sleep 1000');
  session.close();
  again.session.close();
});

test('a shell that took the login shell’s place is one that commands are given to', async () => {
  const { session, type } = await begun();
  await type('exec bash\r', 'touch a\r', 'touch b\r');
  expect(lastCommand(session.log().entries)?.command).toBe('touch b');
  expect(withoutLastCommand(session.log()).entries).toHaveLength(2);
  session.close();
});

test('undo takes nothing of a shell that was open before a command elsewhere', async () => {
  const { session, type } = await begun();
  await type('bash\r', 'touch a\r');
  session.input({ type: 'keys', host: 'nfs', data: 'date\r' });
  await type('touch b\r', 'touch c\r');
  const again = await begun(withoutLastCommand(session.log()));
  expect(again.session.diverged).toBeUndefined();
  expect([again.text('/root/a'), again.text('/root/b')]).toEqual(['', 'No such file or directory']);
  expect(lastCommand(again.session.log().entries)).toEqual({ host: 'nfs', command: 'date' });
  session.close();
  again.session.close();
});

test('a line typed ahead while a program runs that does not read is a command of its own', async () => {
  const { session, type } = await begun();
  await type('sleep 4\r', 'touch f\r');
  expect(lastCommand(session.log().entries)?.command).toBe('touch f');
  session.close();
});

test('a log from before the sandbox noted it is replayed as it was, and undone line by line', async () => {
  const { session, type, text } = await begun();
  await type('touch kept\r', 'vi f\r', 'i', 'one\r', '\x1b', ':wq\r');
  expect(text('/root/f')).toBe('one\n\n');
  const log = session.log();
  const older = { ...log, entries: log.entries.map(({ inside: _, ...entry }): LogEntry => entry as LogEntry) };
  const again = await begun(older);
  expect(again.session.diverged).toBeUndefined();
  // What it is told from now on is known.
  expect(again.session.log()).toEqual(log);
  expect(withoutLastCommand(older).entries).toHaveLength(4);
  session.close();
  again.session.close();
});
