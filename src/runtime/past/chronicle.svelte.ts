/** What the strip shows of a session: its marks, as they come. */

import { untrack } from 'svelte';
import type { Happening } from '../../../sandbox/channel/messages.ts';
import type { LabSession } from '../session.svelte.ts';
import { type Mark, marksOf } from './marks.ts';
import { Scale } from './scale.ts';

/** The sandbox is asked for what happened at most so often (milliseconds). */
const ASKED_EVERY = 3_000;
/** Events that are kept here. */
const MOST = 400;

export class Chronicle {
  readonly #session: LabSession;
  #events = $state.raw<readonly Happening[]>([]);
  /** The session's first moment; 0 until it is known. */
  #told = $state(0);
  #since = 0;
  #askedAt = Number.NEGATIVE_INFINITY;
  #asking: unknown;

  readonly #entries = $derived.by(() => {
    void this.#session.now;
    return this.#session.log()?.entries ?? [];
  });
  readonly began = $derived.by(() => this.#told || this.#entries[0]?.at || this.#session.now);
  readonly until = $derived.by(() => Math.max(this.#session.now, this.began));
  readonly marks: readonly Mark[] = $derived(marksOf(this.#entries, this.#events, this.began));
  readonly scale = $derived(
    new Scale(
      this.began,
      this.until,
      this.marks.map((mark) => mark.at),
    ),
  );
  /** Moments to stop at, in order, each once. */
  readonly stops: readonly number[] = $derived(
    [...new Set(this.marks.map(momentOf))].filter((at) => at >= this.began && at < this.until).sort((a, b) => a - b),
  );

  /** Made within a component: it asks for as long as that lives. */
  constructor(session: LabSession) {
    this.#session = session;
    $effect(() => {
      // Another world: another past.
      void session.record?.id;
      void session.rebuilding;
      untrack(() => {
        this.#events = [];
        this.#told = 0;
        this.#since = 0;
        this.#askedAt = Number.NEGATIVE_INFINITY;
        this.#asking = undefined;
      });
    });
    $effect(() => {
      void session.now;
      if (session.phase === 'running' && !session.rebuilding && !session.standing) untrack(() => void this.ask());
    });
  }

  /** Hears what happened since it was last asked for. */
  async ask({ now = false } = {}): Promise<void> {
    const sandbox = this.#session.lookedAt?.sandbox;
    if (!sandbox || this.#asking || (!now && performance.now() - this.#askedAt < ASKED_EVERY)) return;
    this.#askedAt = performance.now();
    const asking = {};
    this.#asking = asking;
    // A sandbox that is left meanwhile answers no more.
    const heard = await sandbox.functions.happened(this.#since).catch(() => undefined);
    if (this.#asking !== asking) return;
    this.#asking = undefined;
    if (!heard) return;
    this.#told = heard.began;
    this.#since = heard.revision;
    if (heard.list.length > 0) this.#events = [...this.#events, ...heard.list].slice(-MOST);
  }

  /** What a moment is known by: the command that comes next, or what has just happened. */
  around(at: number): { readonly mark: Mark; readonly before: boolean } | undefined {
    const next = this.marks.find((mark) => mark.type !== 'event' && momentOf(mark) === at);
    if (next) return { mark: next, before: true };
    const last = this.marks.findLast((mark) => mark.at <= at);
    return last && { mark: last, before: false };
  }
}

/** Where one looks for it: a command just before it ran, so that one can go on without it; an event when it had happened. */
export const momentOf = (mark: Mark): number => (mark.type === 'event' ? mark.at : mark.at - 1);
