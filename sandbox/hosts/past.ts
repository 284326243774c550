/** Looking back: a sandbox whose session is one of the past's worlds, standing still. Loaded when it is first done. */

import type { LogEntry, SessionLog } from '../channel/messages.ts';
import type { Moment, PastOptions, ScreenPart } from '../channel/past.ts';
import { Past, Superseded } from '../session/past.ts';
import type { Session } from '../session/session.ts';
import type { Between, HostTimers } from '../sim/driver.ts';
import { preload } from '../sim/parts.ts';
import { happened } from '../world/happened.ts';
import { objects, objectYaml } from '../world/objects.ts';
import type { ClusterCode } from './sandbox.ts';

export { happened, objects, objectYaml };

/** Of what a terminal had written, so much of the newest is shown (characters): a scrollback, and what a full screen was made of. */
const MOST_SHOWN = 400_000;
/** Way-points are made once nothing was asked for so long (real milliseconds). */
const REST = 400;

export class LookingBack {
  readonly #code: ClusterCode;
  readonly #timers: HostTimers;
  readonly #onProgress: (done: number, all: number) => void;
  readonly #screens = new WeakMap<Session, Map<string, Screen>>();
  #options!: PastOptions;
  #past: Past | undefined;
  #resting: { cancel(): void } | undefined;

  constructor(code: ClusterCode, timers: HostTimers, onProgress: (done: number, all: number) => void) {
    this.#code = code;
    this.#timers = timers;
    this.#onProgress = onProgress;
  }

  async recall(options: PastOptions): Promise<void> {
    this.#resting?.cancel();
    const before = this.#options?.log;
    this.#options = options;
    await preload(options.parts);
    const { log } = options;
    if (this.#past && before && goesOn(before, log)) {
      this.#past.log = log;
      return;
    }
    this.#past?.close();
    const past = new Past(log, (between) => this.#begin(log, between), {
      timers: this.#timers,
      onProgress: this.#onProgress,
    });
    this.#past = past;
    // One who is about to look back finds the beginning there.
    void past.prepare();
  }

  /** Undefined when another moment was asked for meanwhile. */
  async at(time: number): Promise<Session | undefined> {
    const past = this.#past;
    this.#resting?.cancel();
    if (!past) return undefined;
    try {
      const session = await past.at(time);
      this.#resting = this.#timers.later(() => void past.prepare(), REST);
      return session;
    } catch (error) {
      if (error instanceof Superseded) return undefined;
      throw error;
    }
  }

  describe(session: Session): Moment {
    const { world } = session;
    const machines = [...world.machines.keys()];
    const opened = [...this.#screens.get(session)!.keys()].filter((terminal) => !machines.includes(terminal));
    const terminals = [...machines, ...opened];
    return {
      now: session.now,
      picture: this.#code.picture(world),
      terminals,
      prompts: terminals.filter((terminal) => world.foreground(terminal).prompt),
      diverged: session.diverged !== undefined,
    };
  }

  screen(session: Session, terminal: string): readonly ScreenPart[] {
    return this.#screens.get(session)?.get(terminal)?.parts ?? [];
  }

  async #begin(log: SessionLog, between: Between): Promise<Session> {
    const screens = new Map<string, Screen>();
    const screenOf = (terminal: string): Screen => {
      const known = screens.get(terminal) ?? new Screen();
      screens.set(terminal, known);
      return known;
    };
    const { lessons, language } = this.#options;
    const session = await this.#code.openBeginning(
      {
        seed: log.seed,
        start: log.start,
        language,
        lessons,
        listener: {
          output: (terminal, data) => screenOf(terminal).write(data),
          logged: (entry: LogEntry) => {
            if (entry.type === 'terminal') screenOf(entry.terminal);
            else if (entry.type === 'resize') screenOf(entry.host).resize(entry.columns, entry.rows);
          },
        },
      },
      log,
      between,
    );
    for (const host of session.world.machines.keys()) screenOf(host);
    this.#screens.set(session, screens);
    return session;
  }
}

/** What one terminal has been told to show. */
class Screen {
  #parts: ScreenPart[] = [];
  #length = 0;

  get parts(): readonly ScreenPart[] {
    return this.#parts;
  }

  write(data: string): void {
    const last = this.#parts.at(-1);
    // Keys are echoed one by one.
    if (typeof last === 'string' && last.length < 4_000) this.#parts[this.#parts.length - 1] = last + data;
    else this.#parts.push(data);
    this.#length += data.length;
    while (this.#length > MOST_SHOWN && this.#parts.length > 1) {
      const [first] = this.#parts.splice(0, 1);
      if (typeof first === 'string') this.#length -= first.length;
    }
  }

  resize(columns: number, rows: number): void {
    this.#parts.push({ columns, rows });
  }
}

/** Whether the one log is the other's beginning. */
function goesOn(before: SessionLog, after: SessionLog): boolean {
  return (
    before.seed === after.seed &&
    before.variant === after.variant &&
    JSON.stringify(before.start) === JSON.stringify(after.start) &&
    before.entries.length <= after.entries.length &&
    before.entries.every((entry, index) => JSON.stringify(entry) === JSON.stringify(after.entries[index])) &&
    (after.entries[before.entries.length]?.at ?? after.until + 1) > before.until
  );
}
