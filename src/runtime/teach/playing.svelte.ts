/** A learner's session, played: moments of its past, one after the other, thirty times as fast as it was lived. */

import type { Language, SessionLog } from '../../../sandbox/channel/messages.ts';
import type { Moment } from '../../../sandbox/channel/past.ts';
import type { LessonDocument } from '../../../sandbox/lesson/schema.ts';
import { type Asked, startSandbox } from './workers.ts';

/** The session's time for the teacher's. */
const FACTOR = 30;
/** Another moment is shown so often (real milliseconds). */
const EVERY = 200;
/** Where it begins, the first input is not long in coming (the session's milliseconds). */
const BEFORE = 2_000;

export class Playing {
  moment = $state.raw<Moment>();
  playing = $state(true);
  problem = $state('');
  at = $state(0);
  readonly from: number;
  readonly to: number;
  /** The terminal that was typed in last, at that moment. */
  readonly front = $derived.by(() => {
    const { now = 0, terminals = [] } = this.moment ?? {};
    const typed = this.#log.entries.findLast((entry) => entry.type === 'keys' && entry.at <= now);
    return typed && 'host' in typed && terminals.includes(typed.host) ? typed.host : terminals[0];
  });
  readonly #log: SessionLog;
  readonly #asked: Asked;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  /** The text was graded: it is a log (readLog). */
  constructor(text: string, language: Language, lessons: readonly LessonDocument[]) {
    const log = JSON.parse(text) as SessionLog;
    this.#log = log;
    this.from = (log.entries[0]?.at ?? log.until) - BEFORE;
    this.to = Math.max(log.until, log.entries.at(-1)?.at ?? 0);
    this.at = this.from;
    this.#asked = startSandbox();
    void this.#begin(log, language, lessons);
  }

  get functions() {
    return this.#asked.sandbox.functions;
  }

  /** It stands there; a bar that is dragged asks often, and the last counts. */
  go(at: number): void {
    this.playing = false;
    this.at = at;
    this.#soon(0);
  }

  toggle(): void {
    this.playing = !this.playing;
    if (this.playing && this.at >= this.to) this.at = this.from;
    this.#soon(0);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#asked.sandbox.close();
  }

  readonly failed = (error: unknown): void => {
    if (!this.#closed) this.problem = (error as Error).message;
  };

  async #begin(log: SessionLog, language: Language, lessons: readonly LessonDocument[]): Promise<void> {
    try {
      await Promise.race([this.functions.recall({ log, language, lessons, parts: [] }), this.#asked.broken]);
      this.#soon(0);
    } catch (error) {
      this.failed(error);
    }
  }

  #soon(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#show(), ms);
  }

  async #show(): Promise<void> {
    const began = performance.now();
    try {
      const moment = await Promise.race([this.functions.moment(this.at), this.#asked.broken]);
      if (this.#closed || !moment) return;
      this.moment = moment;
    } catch (error) {
      this.failed(error);
      this.playing = false;
      return;
    }
    if (!this.playing) return;
    this.at = Math.min(this.at + EVERY * FACTOR, this.to);
    if (this.moment && this.moment.now >= this.to) this.playing = false;
    else this.#soon(Math.max(0, EVERY - (performance.now() - began)));
  }
}
