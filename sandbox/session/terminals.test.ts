/** Terminals beside the hosts' own: opened, ended by their shell or by closing their window, and the same again in a replay. */

import { expect, test } from 'vitest';
import type { Input, Place } from '../channel/messages.ts';
import { lessonsFromDisk } from '../hosts/lessons-from-disk.ts';
import { advance } from '../sim/driver.ts';
import { createWorld } from '../world/lab.ts';
import { Session } from './session.ts';

const lessons = lessonsFromDisk();
const start: Place = { lesson: 'the-lab', step: lessons[0]!.steps[0]!.id };
const second = 'master01:2';
const opened: Input = { type: 'terminal', host: 'master01', terminal: second };
const keys = (data: string, host = second): Input => ({ type: 'keys', host, data });

async function begun() {
  const ended: string[] = [];
  const options = {
    seed: 1,
    start,
    language: 'en',
    lessons,
    createWorld: (seed: number) => createWorld({ seed }),
    listener: { ended: (terminal: string) => ended.push(terminal) },
  } as const;
  const session = await Session.open(options);
  const put = async (...inputs: Input[]) => {
    for (const input of inputs) {
      session.input(input);
      await advance(session.world.clock, session.now + 1_500);
    }
  };
  const replayed = async () => {
    const again = await Session.restore(options, session.log());
    again.close();
    return { diverged: again.diverged, opened: again.world.openedTerminals };
  };
  return { session, put, ended, replayed };
}

const running = (session: Session) =>
  [...session.world.machines.get('master01')!.processes.values()].map(({ argv }) => argv.join(' '));

test('a second terminal ends with its shell, and what is typed into it then is lost', async () => {
  const { session, put, ended, replayed } = await begun();
  await put(opened, keys('echo here\r'));
  expect(session.world.openedTerminals).toEqual([second]);
  await put(keys('exit\r'), keys('touch /root/lost\r'), keys('ls /root/lost\r', 'master01'));
  expect(ended).toEqual([second]);
  expect(session.world.openedTerminals).toEqual([]);
  expect(await replayed()).toEqual({ diverged: undefined, opened: [] });
});

test('a host’s own terminal greets again when its shell ends, and is not closed', async () => {
  const { session, put, ended } = await begun();
  await put(keys('exit\r', 'master01'), { type: 'close', host: 'master01' }, keys('echo still >> here\r', 'master01'));
  expect(ended).toEqual([]);
  expect(session.world.atPrompt('master01')).toBe(true);
});

test('closing a terminal hangs up what runs in it', async () => {
  const { session, put, ended, replayed } = await begun();
  await put(opened, keys('kubectl get pods -w\r'));
  expect(running(session)).toContain('kubectl get pods -w');
  await put({ type: 'close', host: second }, keys('echo on\r', 'master01'));
  expect(running(session)).not.toContain('kubectl get pods -w');
  expect(ended).toEqual([second]);
  expect(await replayed()).toEqual({ diverged: undefined, opened: [] });
});

test('a terminal lives through its machine’s power cut', async () => {
  const { session, put, ended } = await begun();
  await put(opened, { type: 'power', host: 'master01', on: false }, { type: 'power', host: 'master01', on: true });
  await advance(session.world.clock, session.now + 60_000);
  await put(keys('echo back >> /root/back\r'));
  expect(ended).toEqual([]);
  expect(session.world.atPrompt(second)).toBe(true);
});
