/** What is wrong, and what is only not there yet, as the ledger tells them apart. */

import { expect, test } from 'vitest';
import { lessonsFromDisk } from '../hosts/lessons-from-disk.ts';
import { openSession } from '../hosts/opening.ts';
import { advance } from '../sim/driver.ts';

const lessons = lessonsFromDisk();

async function exportStep() {
  const session = await openSession({ seed: 7, start: { lesson: 'the-lab', step: 'export' }, language: 'en', lessons });
  const type = async (line: string) => {
    session.input({ type: 'keys', host: 'nfs', data: `${line}\r` });
    await advance(session.world.clock, session.now + 2_000);
  };
  const state = () => session.progress.state().steps.find(({ id }) => id === 'export')!;
  const wrong = () => Object.fromEntries(state().checkpoints.map((one) => [one.id, one.wrong]));
  await advance(session.world.clock, session.now + 2_000);
  return { session, type, state, wrong };
}

test('nothing is wrong before a command was given, nor by one that changed nothing', async () => {
  const { type, state, wrong } = await exportStep();
  expect(state().tried).toBe(false);
  expect(state().checkpoints.map(({ message }) => message)).toEqual([
    'There is no `/mnt/nfsserv` on `nfs` yet.',
    'The server exports nothing yet.',
  ]);
  await type('ls /mnt');
  expect(state().tried).toBe(true);
  expect(wrong()).toEqual({ directory: false, exported: false });
});

test('what was done instead is wrong, in whichever language it is told; what was set right is not', async () => {
  const { session, type, wrong } = await exportStep();
  await type('mkdir /mnt/nfsserver');
  expect(wrong()).toEqual({ directory: true, exported: false });
  session.progress.language = 'ja';
  await advance(session.world.clock, session.now + 2_000);
  expect(wrong()).toEqual({ directory: true, exported: false });
  await type('rmdir /mnt/nfsserver');
  expect(wrong()).toEqual({ directory: false, exported: false });
});

test('the same mistake in other words is another reason', async () => {
  const { type, wrong } = await exportStep();
  await type("mkdir /mnt/nfsserv /mnt/other; echo '/mnt/other *(rw)' >> /etc/exports; exportfs -ra");
  expect(wrong()).toEqual({ directory: false, exported: true });
});

test('a step that was only looked at is not done', async () => {
  const session = await openSession({
    seed: 7,
    start: { lesson: 'the-lab', step: 'look-around' },
    language: 'en',
    lessons,
  });
  await advance(session.world.clock, session.now + 2_000);
  expect(session.progress.current?.id).toBe('look-around');
  session.input({
    type: 'answer',
    place: { lesson: 'the-lab', step: 'look-around' },
    question: 'not-listed',
    choice: 1,
  });
  await advance(session.world.clock, session.now + 2_000);
  expect(session.progress.current?.id).toBe('export');
});
