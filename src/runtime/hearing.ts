/** What the page hears from a sandbox, and whether it belongs to the session that is open. */

import { mayBeCommand } from '../../sandbox/channel/log.ts';
import type { PageFunctions, Progress } from '../../sandbox/channel/messages.ts';
import type { Journal } from './journal/journal.ts';
import { askToPersist } from './journal/persist.ts';
import { rememberProgress } from './progress.ts';
import type { ReplayGuard } from './replay-guard.ts';
import type { Sandbox } from './sandbox.ts';
import type { SessionOptions, SessionState } from './session-state.svelte.ts';

/** What a new world writes at once (prompts, a replay) is no news (milliseconds). */
const FIRST_PROMPTS = 2_000;

interface HearingOf {
  readonly state: SessionState;
  readonly options: SessionOptions;
  /** The sandbox that has the session. */
  readonly sandbox: () => Sandbox | undefined;
  readonly journal: () => Journal | undefined;
  readonly screens: { ended(terminal: string): void };
  readonly guard: () => ReplayGuard | undefined;
}

export class Hearing {
  /** What the sandbox says belongs to the journal that is open. */
  belongs = false;
  /** A world has stood on this page: its screens stay until another one's are there. */
  stood = false;
  /** A replay that leaves the screens alone: `standing` once it has come through; its first word of the time comes after its output. */
  quiet: 'replaying' | 'standing' | undefined;
  #restartedAt = 0;
  readonly #of: HearingOf;

  constructor(of: HearingOf) {
    this.#of = of;
  }

  /** `mine`: the sandbox that says these things; what another one says is not heard. */
  pageFunctions(mine: () => Sandbox | undefined): PageFunctions {
    const { state, options } = this.#of;
    const heard = () => mine() === this.#of.sandbox();
    const journal = () => (this.belongs && !state.watching ? this.#of.journal() : undefined);
    return {
      output: (host, data) => {
        // Before a world stands only its machines' first prompts are shown, and those not where a replay will write over them.
        if (!heard() || (!this.belongs && (this.stood || state.phase === 'restoring'))) return;
        const fresh = this.quiet !== undefined || performance.now() - this.#restartedAt < FIRST_PROMPTS;
        if (!state.arrangement.shown.includes(host) && !fresh && !state.unread.has(host)) {
          state.unread = new Set([...state.unread, host]);
        }
        options.onOutput(host, data);
      },
      restarted: () => {
        if (!heard()) return;
        this.belongs = true;
        state.worlds++;
        state.unread = new Set();
        this.#restartedAt = performance.now();
        options.onRestarted(this.quiet !== undefined);
      },
      ended: (terminal) => {
        if (heard() && this.belongs) this.#of.screens.ended(terminal);
      },
      picture: (picture) => {
        if (heard()) state.picture = picture;
      },
      progress: (progress) => {
        if (heard()) this.#progressed(progress);
      },
      logged: (entries, until) => {
        if (!heard()) return;
        journal()?.confirm(entries, until);
        if (!entries.some(mayBeCommand)) return;
        // The strip of time has it at once, though the time is told once a second: one may look back at it right away.
        state.now = until;
        state.commands++;
        options.onCommand();
      },
      time: (now) => {
        if (!heard()) return;
        state.now = now;
        journal()?.reach(now);
        if (this.quiet !== 'standing') return;
        this.quiet = undefined;
        options.onReplayed();
      },
      activity: (what) => {
        if (heard()) state.activity = what;
      },
      replaying: (done, all) => {
        if (heard()) this.#of.guard()?.reached(done, all);
      },
      used: (part) => {
        if (!heard()) return;
        this.#of.guard()?.alive();
        const kept = state.watching ? undefined : this.#of.journal();
        if (kept && !kept.record.parts.includes(part)) kept.note({ parts: [...kept.record.parts, part] });
      },
      unloadable: (part) => {
        if (!heard()) return;
        this.#of.guard()?.alive();
        state.unloadable = part;
      },
    };
  }

  #progressed(progress: Progress): void {
    const { state, options } = this.#of;
    state.progress = progress;
    const journal = this.#of.journal();
    const open = progress.steps.find((step) => !step.passed) ?? progress.steps.at(-1);
    if (journal && open && !state.watching && journal.record.reached[progress.lesson] !== open.id)
      journal.note({ reached: { ...journal.record.reached, [progress.lesson]: open.id } });
    if (progress.lesson !== options.lesson) return;
    if (!state.watching) {
      rememberProgress(progress);
      if (journal?.record.touched && progress.steps.some((step) => step.passed && !step.shown)) askToPersist();
    }
    options.onProgress(progress);
  }
}
