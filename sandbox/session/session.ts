/** A learner's session: one world, the log of what was put into it, and the progress made in it. Restoring is replaying. */

import type { SaveResult } from '../channel/files.ts';
import { mayBeCommand } from '../channel/log.ts';
import type { Input, Language, LogEntry, Place, SessionLog } from '../channel/messages.ts';
import type { Verdict } from '../lesson/checkpoint.ts';
import type { CommandResult } from '../lesson/observation.ts';
import { Progress } from '../lesson/progress.ts';
import type { LessonDocument } from '../lesson/schema.ts';
import { freeTerminals, typeSolution } from '../lesson/solution.ts';
import { inVariant, variantOf } from '../lesson/vary.ts';
import { advance, type Between, runUntil } from '../sim/driver.ts';
import { Coroutine } from '../sim/task.ts';
import type { World } from '../world/world.ts';
import { ReplayError, type ReplayHost, ReplayWatch } from './replay.ts';

/** What the world tells the outside, as it happens. */
export interface SessionListener {
  output?(host: string, data: string): void;
  progress?(): void;
  logged?(entry: LogEntry): void;
  /** A terminal that was opened is gone, with its shell. */
  ended?(terminal: string): void;
  saved?(entry: LogEntry, result: SaveResult): void;
}

export interface SessionOptions {
  readonly seed: number;
  readonly variant?: number | undefined;
  /** The world is the one this step begins with: the solutions before it have been typed. */
  readonly start: Place;
  readonly language: Language;
  readonly lessons: readonly LessonDocument[];
  readonly createWorld: (seed: number) => World;
  /** See Progress: scripts turn the pages by themselves. */
  readonly follow?: boolean;
  readonly listener?: SessionListener;
  /** Bounds a replay and lets its host have turns meanwhile; without one a replay takes what it takes. */
  readonly replay?: ReplayHost;
}

/** A step's solution that has not led to its checkpoints after this long is given up (virtual milliseconds). */
const SOLVE_LIMIT = 600_000;
/** A `run` that takes longer is ended, in a replay as it was then (virtual milliseconds). */
export const RUN_LIMIT = 600_000;

/** Ctrl-L. */
const CLEAR_SCREEN = '\x0c';

/** Lets the world go on until `done`, at most to `time`; says whether it was done. */
export type Waiting = (done: () => boolean, time: number) => Promise<boolean>;

/** Inputs that are a machine's, whichever terminals it has. */
const OF_A_MACHINE: ReadonlySet<Input['type']> = new Set(['terminal', 'run', 'save', 'power']);

export class Session {
  readonly world: World;
  readonly progress: Progress;
  readonly seed: number;
  readonly #variant: Pick<SessionLog, 'variant'>;
  readonly start: Place;
  readonly #lessons: readonly LessonDocument[];
  readonly #listener: SessionListener;
  readonly #entries: LogEntry[] = [];
  readonly #heard = new Set<string>();
  /** When the last input put in comes. */
  #lastInput = 0;
  #outputHash = 0x811c9dc5;
  /** While the solutions before the start are typed, nobody looks. */
  #muted = true;
  #solving: Coroutine<void> | undefined;
  #results = new Map<LogEntry, Coroutine<CommandResult> | Coroutine<Verdict[]>>();
  /** Of requests that somebody waits for. */
  #responses = new Map<LogEntry, ReturnType<World['server']['handle']> | undefined>();
  /** The first entry of a restored log, by its position, at which this version of the lab came to another world. */
  diverged: number | undefined;
  /** The first moment of it that anybody saw, and what had been written by then. */
  began = 0;
  beganAtRevision = 0;
  /** How much of a log has been put in by `replay`. */
  #replayed = 0;

  private constructor(options: SessionOptions) {
    this.seed = options.seed;
    this.start = options.start;
    const { variant, lessons, language } = options;
    this.#variant = variant === undefined ? {} : { variant };
    this.#lessons = variant === undefined ? lessons : inVariant(lessons, variantOf(lessons, variant));
    this.#listener = options.listener ?? {};
    this.world = options.createWorld(options.seed);
    const onChange = () => this.#listener.progress?.();
    this.progress = new Progress({ world: this.world, lessons: this.#lessons, language, follow: false, onChange });
  }

  /** A new world at `start`. The returned session's clock is virtual until a driver takes it. */
  static async open(options: SessionOptions): Promise<Session> {
    const session = new Session(options);
    await session.#begin(options);
    return session;
  }

  async #begin({ start, follow = false }: SessionOptions, between?: Between): Promise<void> {
    this.progress.find(start);
    await this.#reach(start, between);
    await this.#clearScreens();
    // All terminals are heard from now on, looked at or not.
    for (const host of this.world.machines.keys()) this.terminal(host);
    this.progress.follow = follow;
    this.progress.open(start);
    this.began = this.now;
    this.beganAtRevision = this.world.revision;
  }

  /**
   * The same world as the log's, at the moment it was saved. Throws ReplayError when the log names what is not there, or
   * crosses a bound; whether it came to the same states is told by `diverged`.
   */
  static async restore(options: SessionOptions, log: SessionLog): Promise<Session> {
    const session = await Session.before(options, log);
    const watch = options.replay && new ReplayWatch(options.replay, session.world, log.entries.length);
    try {
      await session.replay(log, Math.max(log.until, log.entries.at(-1)?.at ?? 0), watch);
    } catch (error) {
      session.close();
      throw error;
    }
    return session;
  }

  /**
   * The world that a log begins with: nothing of it has been put in. Throws ReplayError when the log names what is not there, and
   * what `between` throws.
   */
  static async before(options: SessionOptions, log: SessionLog, between?: Between): Promise<Session> {
    const session = new Session({ ...options, seed: log.seed, variant: log.variant, start: log.start });
    try {
      session.#demandKnown(log);
      await session.#begin({ ...options, start: log.start }, between);
    } catch (error) {
      session.close();
      throw error;
    }
    return session;
  }

  /** Puts in what comes next in the log, up to a moment of it. What `watch` throws leaves a world from which it can go on. */
  async replay({ entries }: SessionLog, to: number, watch?: Pick<ReplayWatch, 'between' | 'reached'>): Promise<void> {
    const { clock } = this.world;
    for (let next = entries[this.#replayed]; next && next.at <= to; next = entries[this.#replayed]) {
      // Inputs of one instant come together, as they did: before every other event of it.
      await advance(clock, next.at - 1, watch?.between);
      this.#put({ ...next });
      this.#replayed++;
      watch?.reached(this.#replayed);
    }
    await advance(clock, to, watch?.between);
  }

  get now(): number {
    return this.world.clock.now;
  }

  log(): SessionLog {
    const { seed, start, now: until } = this;
    return { version: 1, seed, ...this.#variant, start, entries: [...this.#entries], until };
  }

  /**
   * Puts an input into the world at virtual `time`, or as soon after it as can be: never before an earlier one, though a driver
   * that lets its lag go may name an earlier time for a later key. The entry says when that is.
   */
  input(input: Input, time = this.now): LogEntry {
    const at = Math.max(Math.ceil(time), this.now + 1, this.#lastInput);
    this.#lastInput = at;
    const entry: LogEntry = { at, ...input };
    this.#put(entry);
    return entry;
  }

  /** What a `run` or `check` input came to; undefined while it is still going on. */
  async result<T extends CommandResult | Verdict[]>(
    entry: LogEntry,
    limit: number,
    wait = this.#wait,
  ): Promise<T | undefined> {
    const outcome = () => this.#results.get(entry)?.outcome;
    await wait(() => outcome() !== undefined, entry.at + limit);
    const ended = outcome();
    this.#results.delete(entry);
    if (ended?.status === 'failed') throw ended.error;
    return ended?.status === 'done' ? (ended.value as T) : undefined;
  }

  /** What the API server answered to a `request` input. */
  async response(entry: LogEntry & { type: 'request' }, wait = this.#wait) {
    this.#responses.set(entry, undefined);
    await wait(() => this.#responses.get(entry) !== undefined, entry.at);
    const response = this.#responses.get(entry);
    this.#responses.delete(entry);
    return response;
  }

  /**
   * Waits for a `solve` input to have been typed to its end and its step to have passed; false if it did not.
   * Of a challenge, which a script passes over, only the typing is waited for.
   */
  async solved(entry: LogEntry & { type: 'solve' }, wait = this.#wait): Promise<boolean> {
    await wait(() => false, entry.at);
    const solving = this.#solving;
    const { progress } = this;
    const passedOver = progress.follows && progress.find(entry.place).step.optional;
    return wait(
      () => solving?.outcome !== undefined && (passedOver || progress.passed(entry.place)),
      entry.at + SOLVE_LIMIT,
    );
  }

  /** How the world goes on while something is waited for, unless a host drives it. */
  readonly #wait: Waiting = (done, time) => runUntil(this.world.clock, done, time);

  /** A number that two equal worlds share, and two different ones hardly. */
  hash(): number {
    return (Math.imul(this.#outputHash ^ this.world.revision, 0x01000193) ^ this.#entries.length) >>> 0;
  }

  close(): void {
    this.progress.stop();
    this.#solving?.kill();
  }

  /** Everything the log names must be there before its replay begins: half a replay is no use to anybody. */
  #demandKnown({ start, entries }: SessionLog): void {
    const place = (at: Place, index: number) => {
      try {
        this.progress.find(at);
      } catch (error) {
        throw new ReplayError('unknown-place', index, (error as Error).message);
      }
    };
    place(start, 0);
    const hosts = new Set(this.world.machines.keys());
    const terminals = new Set(hosts);
    for (const [index, entry] of entries.entries()) {
      if ('place' in entry) place(entry.place, index);
      if (!('host' in entry)) continue;
      const known: ReadonlySet<string> = OF_A_MACHINE.has(entry.type) ? hosts : terminals;
      if (!known.has(entry.host))
        throw new ReplayError('unknown-host', index, `no "${entry.host}" (there are: ${[...known].join(', ')})`);
      if (entry.type !== 'terminal') continue;
      if (terminals.has(entry.terminal) || !entry.terminal.startsWith(`${entry.host}:`))
        throw new ReplayError('unknown-host', index, `"${entry.terminal}" is no other terminal of ${entry.host}`);
      terminals.add(entry.terminal);
    }
  }

  #put(entry: LogEntry): void {
    this.world.clock.input(entry.at, () => {
      const logged = this.#noted(entry);
      if (entry.hash !== undefined && entry.hash !== logged.hash) this.diverged ??= this.#entries.length;
      this.#entries.push(logged);
      this.#listener.logged?.(logged);
      this.#apply(entry);
      if (mayBeCommand(entry)) this.progress.tried();
    });
  }

  /** What the log tells of an input beside itself: how things stood when it came. */
  #noted(entry: LogEntry): LogEntry {
    return {
      ...entry,
      ...(mayBeCommand(entry) && { hash: this.hash() }),
      ...(entry.type === 'keys' && { inside: this.world.goesInside(entry.host, entry.data) }),
    };
  }

  #apply(entry: LogEntry): void {
    switch (entry.type) {
      case 'keys':
        this.terminal(entry.host).input(entry.data);
        return;
      case 'resize':
        this.terminal(entry.host).resize({ columns: entry.columns, rows: entry.rows });
        return;
      case 'terminal':
        this.world.openTerminal(entry.host, entry.terminal, () => this.#listener.ended?.(entry.terminal));
        this.terminal(entry.terminal);
        return;
      case 'close':
        this.world.closeTerminal(entry.host);
        return;
      case 'interrupt':
        new Coroutine(this.world.clock, freeTerminals(this.world, [entry.host]));
        return;
      case 'open':
        this.progress.open(entry.place);
        return;
      case 'answer':
        this.progress.answer(entry.place, entry.question, entry.choice);
        return;
      case 'solve':
        this.#because('solve', `${entry.place.lesson}/${entry.place.step}`);
        this.#solve(entry.place, { free: true });
        return;
      case 'run':
        this.#results.set(
          entry,
          new Coroutine(this.world.clock, this.world.script(entry.host, entry.command, RUN_LIMIT)),
        );
        return;
      case 'save':
        this.#because('save', entry.path, entry.host);
        new Coroutine(this.world.clock, this.world.save(entry.host, entry)).whenDone((outcome) => {
          if (outcome.status === 'done') this.#listener.saved?.(entry, outcome.value);
        });
        return;
      case 'power':
        this.world.power(entry.host, entry.on);
        return;
      case 'check':
        this.#results.set(entry, new Coroutine(this.world.clock, this.progress.check(entry.place)));
        return;
      case 'request': {
        const { type: _, at: __, hash: ___, ...request } = entry;
        this.#because('request', `${request.method} ${request.path}`);
        const response = this.world.server.handle(request);
        if (this.#responses.has(entry)) this.#responses.set(entry, response);
      }
    }
  }

  /** What an input that is no line of a shell sets going is because of it. */
  #because(input: 'solve' | 'request' | 'save', text: string, host = ''): void {
    const { clock } = this.world;
    clock.cause = clock.because({ type: 'input', input, host, text });
  }

  /** The host's terminal; from the first time on, what it shows is told to the listener. */
  terminal(host: string) {
    const terminal = this.world.terminal(host);
    if (!this.#heard.has(host)) {
      this.#heard.add(host);
      terminal.onOutput((data) => {
        for (let i = 0; i < data.length; i++)
          this.#outputHash = Math.imul(this.#outputHash ^ data.charCodeAt(i), 0x01000193) >>> 0;
        if (!this.#muted) this.#listener.output?.(host, data);
      });
    }
    return terminal;
  }

  #solve(place: Place, { free = false } = {}): void {
    const { lesson, step } = this.progress.find(place);
    this.progress.begin(place);
    this.progress.markShown(place);
    this.#solving?.kill();
    const hosts = new Set(step.solution.map((command) => command.host));
    for (const host of hosts) this.terminal(host);
    const { world } = this;
    const isTrue = (expression: string) => this.progress.isTrue(expression, place);
    this.#solving = new Coroutine(
      world.clock,
      (function* () {
        if (free) yield* freeTerminals(world, hosts);
        yield* typeSolution(world, lesson, step, isTrue);
      })(),
    );
  }

  /** What was typed on the way is history (arrow up still finds it): the learner begins with clear screens. */
  async #clearScreens(): Promise<void> {
    const used = [...this.#heard];
    this.#muted = false;
    for (const host of used) this.terminal(host).input(CLEAR_SCREEN);
    if (used.length > 0) await advance(this.world.clock, this.now + 50);
  }

  /** Types every solution before a place; what they leave is the place's beginning. */
  async #reach(place: Place, between?: Between): Promise<void> {
    const { lesson: until, step: untilStep } = this.progress.find(place);
    for (const lesson of this.#lessons) {
      for (const step of lesson.steps) {
        if (lesson === until && step === untilStep) return;
        if (step.optional) continue;
        const here = { lesson: lesson.id, step: step.id };
        this.progress.open(here);
        for (const { id, choices, answer } of step.quiz) this.progress.answer(here, id, choices.indexOf(answer));
        this.#solve(here);
        const solving = this.#solving!;
        const { clock } = this.world;
        const end = clock.now + SOLVE_LIMIT;
        await runUntil(clock, () => solving.outcome !== undefined, end, between);
        await runUntil(clock, () => this.progress.passed(here), Math.min(end, clock.now + 60_000), between);
        if (!this.progress.passed(here)) this.progress.passByForce(here);
      }
    }
  }
}
