/** A session's past: worlds that its log led to, standing still at moments of it, and led on from there. */

import type { SessionLog } from '../channel/messages.ts';
import type { Between } from '../sim/driver.ts';
import { type ReplayHost, ReplayWatch } from './replay.ts';
import type { Session } from './session.ts';

/** Worlds kept at once. One shares its images with the others, and takes about 8 MB by itself. */
const MOST_WORLDS = 6;
/** A moment that took no longer needs no way-points (real milliseconds). */
const QUICK = 120;

/** While a world is begun the host gets a turn this often (real milliseconds). */
const TURN_EVERY = 50;

/** Another moment was asked for meanwhile. */
export class Superseded extends Error {}

/**
 * A world goes only forward. To go back, another one is replayed from the beginning: so a few are kept where they stand, and when
 * there is time, some are made beside the moment that is looked at, earlier than it (`prepare`).
 */
export class Past {
  readonly #begin: (between: Between) => Promise<Session>;
  readonly #host: ReplayHost | undefined;
  /** May be replaced by one that goes on with it. */
  log: SessionLog;
  #worlds: Session[] = [];
  #shown: Session | undefined;
  /** What the last world cost that was begun, and what its moment did (real milliseconds). */
  #beginning = 0;
  #took = 0;
  /** How often something was asked for: what was asked for before is given up. */
  #asked = 0;
  #working: Promise<unknown> = Promise.resolve();

  /** `begin` gives the world of the log's beginning (Session.before). */
  constructor(log: SessionLog, begin: (between: Between) => Promise<Session>, host?: ReplayHost) {
    this.log = log;
    this.#begin = begin;
    this.#host = host;
  }

  /** How many worlds it holds. */
  get size(): number {
    return this.#worlds.length;
  }

  /**
   * The world at a moment, to be looked at until the next one is asked for. Throws Superseded when that was soon, and
   * ReplayError as a replay does.
   */
  at(time: number): Promise<Session> {
    const turn = ++this.#asked;
    return this.#inTurn(async () => {
      this.#stillWanted(turn);
      const began = this.#now();
      const session = await this.#reach(time, turn);
      this.#took = this.#now() - began;
      this.#shown = session;
      return session;
    });
  }

  /** Makes way-points before the moment that is shown, so that the way back is short. Ends as soon as something is asked for. */
  prepare(): Promise<void> {
    const turn = this.#asked;
    return this.#inTurn(async () => {
      const shown = this.#shown;
      try {
        if (!shown && this.#worlds.length === 0) await this.#another(turn);
        if (!shown || this.#beginning + this.#took < QUICK) return;
        for (const time of this.#wayPoints(shown)) {
          this.#stillWanted(turn);
          await this.#lead(await this.#another(turn), time, turn);
        }
      } catch (error) {
        // Whoever asks for such a moment hears of it.
        if (!(error instanceof Superseded)) this.#took = this.#beginning = 0;
      }
    });
  }

  close(): void {
    this.#asked++;
    for (const session of this.#worlds) session.close();
    this.#worlds = [];
    this.#shown = undefined;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const working = this.#working.then(work);
    this.#working = working.catch(() => undefined);
    return working;
  }

  #now(): number {
    return this.#host?.timers.now() ?? 0;
  }

  #stillWanted(turn: number): void {
    if (turn !== this.#asked) throw new Superseded('another moment was asked for');
  }

  async #reach(time: number, turn: number): Promise<Session> {
    const behind = this.#worlds.filter((session) => session.now <= time).sort((a, b) => b.now - a.now);
    const session = behind[0] ?? (await this.#another(turn));
    // Before the first moment there is none.
    await this.#lead(session, Math.max(time, session.began), turn);
    return session;
  }

  async #lead(session: Session, time: number, turn: number): Promise<void> {
    const watch = this.#host && new ReplayWatch(this.#host, session.world, this.log.entries.length);
    try {
      await session.replay(this.log, time, {
        between: () => {
          this.#stillWanted(turn);
          return watch?.between();
        },
        reached: (done) => watch?.reached(done),
      });
    } catch (error) {
      // One that only stands somewhere else goes on from there; one that broke does not.
      if (!(error instanceof Superseded)) this.#drop(session);
      throw error;
    }
  }

  /** Another world at the beginning, in place of the one that is missed least. */
  async #another(turn: number): Promise<Session> {
    if (this.#worlds.length >= MOST_WORLDS) {
      const spare = this.#worlds.filter((session) => session !== this.#shown).sort((a, b) => a.now - b.now);
      const gap = (index: number) => spare[index]!.now - (spare[index - 1]?.now ?? 0);
      let least = spare.length - 1;
      for (let index = 1; index < spare.length; index++) if (gap(index) < gap(least)) least = index;
      this.#drop(spare[least]!);
    }
    const began = this.#now();
    let turned = began;
    const session = await this.#begin(() => {
      this.#stillWanted(turn);
      if (!this.#host || this.#now() - turned < TURN_EVERY) return undefined;
      turned = this.#now();
      return new Promise((resolve) => this.#host!.timers.later(resolve, 0));
    });
    this.#beginning = this.#now() - began;
    this.#worlds.push(session);
    return session;
  }

  #drop(session: Session): void {
    session.close();
    this.#worlds = this.#worlds.filter((other) => other !== session);
    if (this.#shown === session) this.#shown = undefined;
  }

  /**
   * Moments before the one shown, evenly spread over the inputs (what a replay costs goes by them), near ones first: those between
   * which no world stands yet.
   */
  #wayPoints(shown: Session): number[] {
    const { entries } = this.log;
    const count = entries.findLastIndex(({ at }) => at <= shown.now) + 1;
    const parts = MOST_WORLDS - 2;
    const times: number[] = [];
    for (let part = parts - 1; part >= 0; part--) {
      const at = (share: number) =>
        share === 0 ? 0 : (entries[Math.floor((count * share) / parts)]?.at ?? shown.now) - 1;
      const [from, to] = [at(part), part === parts - 1 ? shown.now - 1 : at(part + 1)];
      if (from >= to) continue;
      if (!this.#worlds.some(({ now }) => now >= from && now < to)) times.push(from);
    }
    return times;
  }
}
