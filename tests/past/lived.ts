/** The article from beginning to end, typed key by key into the engine at a learner's pace: one session's log. */

import type { SessionLog } from '../../sandbox/channel/messages.ts';
import { lessonsFromDisk } from '../../sandbox/hosts/lessons-from-disk.ts';
import { openSession } from '../../sandbox/hosts/opening.ts';
import { requiredSteps } from '../../sandbox/lesson/schema.ts';
import type { Session } from '../../sandbox/session/session.ts';
import { advance, runUntil } from '../../sandbox/sim/driver.ts';
import { Random } from '../../sandbox/sim/random.ts';
import { article, type Typed } from '../article/commands.ts';

export const lessons = lessonsFromDisk();
export const start = { lesson: lessons[0]!.id, step: lessons[0]!.steps[0]!.id };

const KEYS: Readonly<Record<string, string>> = { '{Enter}': '\r', '{Escape}': '\x1b' };
/** A prompt, a container's too, or the one of an unfinished command. */
const PROMPT = /(^> |# )$/;
/** Letters typed at once: as fast fingers are put into the log. */
const AT_ONCE = 3;

export async function liveArticle(seed: number): Promise<SessionLog> {
  const screens = new Map<string, string>();
  const session = await openSession({
    seed,
    start,
    language: 'en',
    lessons,
    listener: { output: (host, data) => screens.set(host, (screens.get(host) ?? '') + data) },
  });
  for (const host of session.world.machines.keys()) session.input({ type: 'resize', host, columns: 220, rows: 50 });
  await advance(session.world.clock, session.now + 2_000);
  const reader = new Reader(session, screens, new Random(seed));
  for (const lesson of lessons)
    for (const step of requiredSteps(lesson)) {
      session.input({ type: 'open', place: { lesson: lesson.id, step: step.id } });
      for (const typed of article[lesson.id]![step.id]!) await reader.type(typed);
    }
  // An hour passes, and a line stands half typed at the end.
  await advance(session.world.clock, session.now + 3_600_000);
  session.input({ type: 'keys', host: 'master01', data: 'kubectl get p' });
  await advance(session.world.clock, session.now + 5_000);
  session.close();
  return session.log();
}

class Reader {
  readonly #session: Session;
  readonly #screens: Map<string, string>;
  readonly #random: Random;
  readonly #names = new Map<string, string>();

  constructor(session: Session, screens: Map<string, string>, random: Random) {
    this.#session = session;
    this.#screens = screens;
    this.#random = random;
  }

  async type({ host: given, type, keys, shows }: Typed): Promise<void> {
    const host = this.#named(given);
    const expected = shows && new RegExp(this.#named(shows.source), shows.flags);
    for (let tries = 0; ; tries++) {
      if (tries > 60) throw new Error(`${host}: ${type}: never ${expected}`);
      await this.#rest(this.#random.between(1_000, 5_000));
      const shown = await this.#command(host, this.#named(type), keys);
      const found = expected?.exec(shown);
      for (const [name, value] of Object.entries(found?.groups ?? {})) this.#names.set(name, value);
      if (found || !expected) return;
    }
  }

  async #command(host: string, command: string, keys: readonly string[] | undefined): Promise<string> {
    const from = this.#screens.get(host)?.length ?? 0;
    for (const line of command.split('\n')) {
      await this.#keys(host, line);
      await this.#keys(host, '\r');
      if (!keys) await this.#prompt(host);
    }
    for (const key of keys ?? []) {
      await this.#rest(400);
      await this.#keys(host, KEYS[key] ?? key);
    }
    await this.#prompt(host);
    return this.#text(host)
      .slice(plain(this.#screens.get(host)!.slice(0, from)).length)
      .trimEnd();
  }

  async #keys(host: string, text: string): Promise<void> {
    for (let i = 0; i < text.length; i += AT_ONCE) {
      this.#session.input({ type: 'keys', host, data: text.slice(i, i + AT_ONCE) });
      await this.#rest(this.#random.between(40, 120));
    }
  }

  async #prompt(host: string): Promise<void> {
    const { clock } = this.#session.world;
    await runUntil(clock, () => PROMPT.test(this.#text(host).split('\n').at(-1)!), clock.now + 120_000);
    await this.#rest(200);
  }

  #text = (host: string): string => plain(this.#screens.get(host) ?? '');

  #rest = (ms: number): Promise<void> => advance(this.#session.world.clock, this.#session.now + ms);

  #named = (text: string): string =>
    text.replace(/\$([a-z]+)/g, (whole, name: string) => this.#names.get(name) ?? whole);
}

/** Without colours, titles and carriage returns. */
const plain = (text: string): string => text.replace(/\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07]*\x07|\r/g, '');
