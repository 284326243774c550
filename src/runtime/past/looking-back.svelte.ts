/** Looking back at a session: a sandbox of its own that shows its moments, while the present stands still. */

import { cutAt } from '../../../sandbox/channel/cut.ts';
import type { Moment } from '../../../sandbox/channel/past.ts';
import type { Sandbox } from '../sandbox.ts';
import type { LabSession } from '../session.svelte.ts';
import { silent } from '../silent.ts';
import { bootWorker } from '../worker.ts';

/** A moment that takes longer gives way to the one asked for next (milliseconds): until then a hand that drags sees it come. */
const GIVES_WAY = 250;
/** It is told that there is something to wait for after so long. */
const TOLD_AFTER = 400;
/** One who has come back to the present may look again soon: so long its worlds are kept. */
const KEPT = 60_000;

export class LookingBack {
  /** The moment asked for; undefined in the present. */
  at = $state<number>();
  /** The moment that is shown. */
  moment = $state.raw<Moment>();
  /** How far the replay has come that is waited for. */
  waiting = $state.raw<{ done: number; all: number }>();
  /** Why the moment cannot be shown. */
  problem = $state('');
  readonly #session: LabSession;
  #sandbox: Sandbox | undefined;
  #opening: Promise<Sandbox | undefined> | undefined;
  /** The moment the sandbox is at. */
  #asked: { readonly at: number; readonly since: number } | undefined;
  #timers: ReturnType<typeof setTimeout>[] = [];
  #closing: ReturnType<typeof setTimeout> | undefined;

  constructor(session: LabSession) {
    this.#session = session;
  }

  get functions(): Sandbox['functions'] | undefined {
    return this.#sandbox?.functions;
  }

  /** Somebody is about to look back: the sandbox is started, and makes the session's beginning. */
  warm(): void {
    if (this.at !== undefined || this.#sandbox || this.#opening || !this.#session.lookedAt) return;
    const opening = this.#recall();
    this.#opening = opening;
    void opening
      .catch(() => undefined)
      .then(() => {
        if (this.at !== undefined) return;
        if (this.#opening === opening) this.#opening = undefined;
        this.#letGoSoon();
      });
  }

  /** Shows a moment of the past, soon; the one asked for last counts. */
  look(at: number): void {
    if (this.at === undefined && !this.#open()) return;
    this.at = at;
    this.#next();
  }

  /** Back in the present, which goes on. */
  leave(): void {
    if (this.at === undefined) return;
    this.at = undefined;
    this.moment = undefined;
    this.waiting = undefined;
    this.problem = '';
    this.#opening = undefined;
    this.#quiet();
    if (this.#session.standing) this.#session.stand(false);
    this.#letGoSoon();
  }

  #letGoSoon(): void {
    clearTimeout(this.#closing);
    this.#closing = setTimeout(() => this.close(), KEPT);
  }

  /** What was asked of the moment cannot be had; a sandbox that was left meanwhile is no matter. */
  readonly failed = (error: unknown): void => {
    if (this.at !== undefined) this.problem = (error as Error).message;
  };

  /** Lets go of the sandbox, too. */
  close(): void {
    clearTimeout(this.#closing);
    this.#sandbox?.close();
    this.#sandbox = undefined;
    this.#asked = undefined;
  }

  /** A session of its own goes on from the moment that is shown. */
  async goOn(): Promise<boolean> {
    const { moment } = this;
    if (!moment) return false;
    this.leave();
    this.close();
    return this.#session.goOnFrom((log) => cutAt(log, moment.now, moment.prompts));
  }

  #open(): boolean {
    if (!this.#session.lookedAt) return false;
    clearTimeout(this.#closing);
    this.#session.stand(true);
    const before = this.#opening ?? Promise.resolve();
    this.#opening = before.catch(() => undefined).then(() => this.#recall());
    return true;
  }

  /** The sandbox knows the session as it is now. */
  async #recall(): Promise<Sandbox | undefined> {
    this.#sandbox ??= await this.#boot();
    const sandbox = this.#sandbox;
    await this.#session.arrived();
    const looked = this.#session.lookedAt;
    if (!looked) return undefined;
    const { journal, language, lessons } = looked;
    await sandbox.functions.recall({ log: journal.log(), parts: journal.record.parts, language, lessons });
    return sandbox;
  }

  #boot(): Promise<Sandbox> {
    return bootWorker({
      page: {
        ...silent,
        replaying: (done, all) => {
          if (this.waiting) this.waiting = { done, all };
        },
      },
      onFailure: (error) => {
        this.close();
        this.failed(error);
      },
    });
  }

  /** Asks for what is wanted, unless something is being made that may yet come in time. */
  #next(): void {
    const wanted = this.at;
    if (wanted === undefined || this.#asked?.at === wanted) return;
    const age = this.#asked ? performance.now() - this.#asked.since : GIVES_WAY;
    if (age < GIVES_WAY) this.#timers.push(setTimeout(() => this.#next(), GIVES_WAY - age));
    else void this.#ask(wanted);
  }

  async #ask(at: number): Promise<void> {
    const asked = { at, since: performance.now() };
    this.#quiet();
    this.#asked = asked;
    this.problem = '';
    this.#timers.push(
      setTimeout(() => {
        this.waiting ??= { done: 0, all: 0 };
      }, TOLD_AFTER),
    );
    try {
      const sandbox = await this.#opening;
      const moment = await sandbox?.functions.moment(at);
      if (moment && this.at !== undefined && this.#asked === asked) this.moment = moment;
    } catch (error) {
      if (this.#asked === asked) this.failed(error);
    }
    if (this.#asked !== asked) return;
    this.#asked = undefined;
    this.#quiet();
    this.waiting = undefined;
    if (this.at !== at) this.#next();
  }

  #quiet(): void {
    for (const timer of this.#timers.splice(0)) clearTimeout(timer);
  }
}
