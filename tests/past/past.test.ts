/** The past that the strip shows is the session as it was: object by object, file by file, letter by letter of its terminals. */

import { afterAll, expect, test } from 'vitest';
import type { SessionLog } from '../../sandbox/channel/messages.ts';
import { openBeginning, openSession } from '../../sandbox/hosts/opening.ts';
import { hostTimers } from '../../sandbox/hosts/timers.ts';
import { Past, Superseded } from '../../sandbox/session/past.ts';
import type { Session } from '../../sandbox/session/session.ts';
import { Random } from '../../sandbox/sim/random.ts';
import { lessons, liveArticle, start } from './lived.ts';
import { whole } from './whole.ts';

const SEED = 2018;
const MOMENTS = process.env.BOUND_LONG ? 60 : 20;

const options = { seed: SEED, start, language: 'en' as const, lessons };

/** A session's outputs, by terminal. */
const recorded = () => {
  const screens = new Map<string, string>();
  const listener = {
    output: (host: string, data: string) => screens.set(host, (screens.get(host) ?? '') + data),
  };
  return { screens, listener };
};

const log = await liveArticle(SEED);
const screensOf = new WeakMap<Session, Map<string, string>>();
const past = new Past(
  log,
  async (between) => {
    const { screens, listener } = recorded();
    const session = await openBeginning({ ...options, listener }, log, between);
    screensOf.set(session, screens);
    return session;
  },
  { timers: hostTimers, onProgress: () => {} },
);
afterAll(() => past.close());

/** What is the session at a moment, replayed by nothing else than Session.restore. */
async function replayed(at: number) {
  const { screens, listener } = recorded();
  const cut: SessionLog = { ...log, entries: log.entries.filter((entry) => entry.at <= at), until: at };
  const session = await openSession({ ...options, listener, log: cut });
  session.close();
  return { world: whole(session.world), screens };
}

const random = new Random(11, 'moments');
/** Anywhere between two inputs, an hour without any among them: by inputs, as one who looks for what was done. */
const moments = Array.from({ length: MOMENTS }, () => {
  const index = random.below(log.entries.length);
  const from = log.entries[index]!.at;
  return random.between(from, (log.entries[index + 1]?.at ?? log.until) - 1);
});

test('the article is a session of an hour and more, and of thousands of inputs', () => {
  expect(log.entries.length).toBeGreaterThan(2_000);
  expect(log.until - log.entries[0]!.at).toBeGreaterThan(3_600_000);
});

test.each(moments.map((at, index) => [index + 1, new Date(at).toISOString(), at] as const))(
  'moment %i, %s',
  async (index, _, at) => {
    // Some are come to by way-points, some after another moment that was given up.
    if (index % 4 === 2) await past.prepare();
    if (index % 5 === 0) {
      const given = past.at(random.between(log.entries[0]!.at, log.until));
      const shown = past.at(at);
      await expect(given).rejects.toBeInstanceOf(Superseded);
      await shown;
    }
    const session = await past.at(at);
    expect(session.now).toBe(at);
    const expected = await replayed(at);
    expect(differences(whole(session.world), expected.world)).toEqual([]);
    expect(differences(screensOf.get(session)!, expected.screens)).toEqual([]);
    expect(expected.world.size).toBeGreaterThan(1_000);
  },
);

test('it holds no more worlds than it should', () => {
  expect(past.size).toBeGreaterThan(1);
  expect(past.size).toBeLessThanOrEqual(6);
});

function differences(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].flatMap((key) =>
    a.get(key) === b.get(key) ? [] : [`${key}: ${a.get(key)} – ${b.get(key)}`],
  );
}
