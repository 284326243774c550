/** The page's session with the lab: what it shows, what it is told to do, and its keeping. */

import type { LookingFunctions, SaveRequest, SaveResult } from '../../sandbox/channel/files.ts';
import { type LastCommand, lastCommand, lessonsOpened } from '../../sandbox/channel/log.ts';
import type { Input, Place, SandboxFunctions, SessionLog, Started } from '../../sandbox/channel/messages.ts';
import type { LessonDocument } from '../../sandbox/lesson/schema.ts';
import { BlockRunner } from './block-runner.ts';
import { Hearing } from './hearing.ts';
import { Library, type OpenSession } from './journal/library.ts';
import { onFree } from './journal/ownership.ts';
import type { Problem } from './journal/records.ts';
import { keptLog } from './journal/sessions.ts';
import { Openings } from './openings.ts';
import type { LookedAt } from './past/looked-at.ts';
import { ReplayGuard } from './replay-guard.ts';
import type { Boot, Sandbox } from './sandbox.ts';
import type { Visit } from './session-notes.ts';
import { type SessionOptions, SessionState } from './session-state.svelte.ts';
import { Screens } from './terminal/screens.ts';
import { Titles } from './titles.ts';
import { wait } from './wait.ts';
import { watch } from './watchdog.ts';

/** How long inputs on their way are waited for before a world is left (milliseconds). */
const ARRIVAL = 1_000;
/** What needs a world waits so long for one that starts, is restored, or changes over (milliseconds). */
const STAND_PATIENCE = 60_000;

export class LabSession extends SessionState {
  readonly library: Library;
  readonly screens: Screens;
  readonly #options: SessionOptions;
  readonly #openings: Openings;
  readonly #hearing: Hearing;
  readonly #runner: BlockRunner;
  #sandbox: Sandbox | undefined;
  #lessons: readonly LessonDocument[] = [];
  readonly titles = new Titles(
    () => this.#lessons,
    () => this.#options.language,
  );
  #open: OpenSession | undefined;
  #guard: ReplayGuard | undefined;
  /** How often it was started again: what was under way before is over then. */
  #restarts = 0;
  /** While a world is left for another, what is typed waits. */
  #changingOver = false;
  #typedMeanwhile: [host: string, data: string][] = [];
  /** So does what else is asked for. */
  #askedMeanwhile: (() => void)[] = [];
  #stopWatching = () => {};
  #stopLooking = () => {};

  constructor(options: SessionOptions) {
    super();
    this.#options = options;
    this.library = new Library({
      onKeeping: (failure) => {
        this.unkept = failure;
      },
      onTaken: () => this.#look(),
    });
    this.#openings = new (options.openings ?? Openings)(this.library, this, options.lesson, () => this.#lesson);
    this.screens = new Screens({
      state: this,
      live: () => this.#live,
      put: (input) => this.#put(input),
      onlyLooks: () => this.#onlyLooks(),
      journal: () => this.#open?.journal,
    });
    this.#runner = new BlockRunner({
      state: this,
      screens: this.screens,
      sandbox: () => this.#sandbox,
      live: () => this.#live,
      mayAct: () => this.#mayAct(),
      onlyLooks: () => this.#onlyLooks(),
      put: (input) => this.#put(input),
      type: (host, keys) => this.input(host, keys),
    });
    this.#hearing = new Hearing({
      state: this,
      options,
      screens: this.screens,
      sandbox: () => this.#sandbox,
      journal: () => this.#open?.journal,
      guard: () => this.#guard,
    });
  }

  async begin(visit: Visit): Promise<void> {
    const restarts = this.#restarts;
    try {
      const [sandbox, opened] = await Promise.all([
        this.#boot(this.#options.boot),
        this.#openings.found(visit),
        this.#options.lessons.then((lessons) => {
          this.#lessons = lessons;
        }),
      ]);
      // It may have broken while the rest was fetched.
      if (this.phase === 'failed') return sandbox.close();
      // Its terminals are there for the machines' first prompts, before there is a cluster.
      this.screens.begin(this.#lesson.hosts);
      this.#sandbox = sandbox;
      await this.#enter(opened ?? (await this.#openings.fresh(this.#options.beginAt)));
    } catch (error) {
      if (this.#restarts === restarts) this.#fail(error);
    }
  }

  get lesson(): string {
    return this.#options.lesson;
  }

  /** The id that the page's history entry and its links to other lessons carry. */
  get id(): string | undefined {
    return this.#open?.journal.record.id;
  }

  input(host: string, data: string): void {
    if (this.#live) this.#put({ type: 'keys', host, data });
    else if (this.phase !== 'failed') this.#typedMeanwhile.push([host, data]);
  }

  run(host: string, command: string, inside?: string): Promise<void> {
    return this.#runner.run(host, command, inside);
  }

  answerOccupied(choice: 'stop' | 'another' | 'here' | 'leave'): Promise<void> {
    return this.#runner.answer(choice);
  }

  /** What can be asked without a trace: of the machines' files, of manifests, why; undefined while there is no world. */
  get looking(): (LookingFunctions & Pick<SandboxFunctions, 'why'>) | undefined {
    return this.#live ? this.#sandbox?.functions : undefined;
  }

  /** Writes a file on a machine; undefined when it cannot be now. It is written down before the sandbox hears of it, as any input. */
  async save(host: string, request: SaveRequest): Promise<SaveResult | undefined> {
    if (!(await this.#mayAct())) return undefined;
    if (this.standing) this.stand(false);
    this.#open!.journal.append({ type: 'save', host, ...request });
    // Undefined too when the sandbox is left before it answers.
    return this.#sandbox?.functions.save({ host, ...request }).catch(() => undefined);
  }

  show(terminal: string): void {
    this.screens.show(terminal);
  }

  showSolution(step: string): void {
    if (this.#waits(() => this.showSolution(step))) return;
    const first = this.#lesson.steps.find(({ id }) => id === step)?.solution[0];
    if (first) this.show(first.host);
    this.#put({ type: 'solve', place: this.#place(step) });
  }

  answer(step: string, question: string, choice: number): void {
    if (this.#waits(() => this.answer(step, question, choice))) return;
    this.#put({ type: 'answer', place: this.#place(step), question, choice });
  }

  skip(ms: number): void {
    if (this.standing) this.stand(false);
    if (!this.#waits(() => this.skip(ms))) void this.#sandbox?.functions.skip(ms);
  }

  setSpeed(factor: number): void {
    this.speed = factor;
    this.stand(false);
  }

  /** Time stands still in the present, until something is done in it. */
  stand(still: boolean): void {
    this.standing = still;
    void this.#sandbox?.functions.speed(still ? 0 : this.speed);
  }

  /** A session of its own from a moment of this one's past; this one is kept. */
  goOnFrom(past: (log: SessionLog) => SessionLog): Promise<boolean> {
    return this.#rebuild(async ({ journal }) => {
      const log = past(journal.log());
      const { parts, reached } = journal.record;
      const been = new Set([log.start.lesson, this.lesson, ...lessonsOpened(log)]);
      const kept = Object.fromEntries(Object.entries(reached).filter(([lesson]) => been.has(lesson)));
      this.world = undefined;
      return this.library.begin({ origin: 'branch', log, parts, reached: kept, keep: true });
    });
  }

  /** What looking back needs (runtime/past). */
  get lookedAt(): LookedAt | undefined {
    if (!this.#live || !this.#open || !this.#sandbox) return undefined;
    const { journal } = this.#open;
    return { journal, language: this.#options.language, lessons: this.#lessons, sandbox: this.#sandbox };
  }

  /** The last command is taken back: gone from the journal before the screen shows it. Undefined when there is none. */
  async undo(): Promise<LastCommand | undefined> {
    if (this.ended || !(await this.#mayAct())) return undefined;
    let undone: LastCommand | undefined;
    await this.#rebuild(async (now) => {
      undone = lastCommand(now.journal.entries);
      await now.journal.dropLastCommand();
      return now;
    });
    if (undone && this.hosts.includes(undone.host)) this.show(undone.host);
    return undone;
  }

  /** A session of its own at the beginning of a step; the one of before is kept. */
  jump(step: string): Promise<boolean> {
    return this.#rebuild(async ({ journal }) => {
      const { seed, variant } = journal.record;
      const place = this.#place(step);
      const opened = await this.library.begin({ origin: 'begun', place, seed, variant, keep: true });
      this.world = { kind: 'fresh', other: journal.record.touched ? journal.record : undefined };
      return opened;
    });
  }

  beginAgain(): Promise<boolean> {
    return this.jump(this.#lesson.steps[0]!.id);
  }

  /** The other world that `world` speaks of: a fresh one for this lesson, or the reader's own. */
  async takeOther(): Promise<void> {
    const note = this.world;
    const other = note?.kind === 'fresh' ? note.other : undefined;
    if (other) await this.goBackTo(other.id);
    else await this.beginAgain();
  }

  /** A session that is kept, as it was left, in this lesson. */
  async goBackTo(id: string, options: { readonly whateverComes?: boolean } = {}): Promise<void> {
    await this.#rebuild(async (now) => {
      const opened = id === now.journal.record.id ? undefined : await this.library.open(id);
      if (!opened) return now;
      this.world = { kind: 'own' };
      return opened;
    }, options);
  }

  /** A session from a file: kept as one of its own. Throws BrokenSession. */
  async takeIn(log: SessionLog): Promise<void> {
    await this.#rebuild(() => this.#openings.brought(log, 'file'));
  }

  /** The session is written here from now on, whichever tab it was in. */
  async takeOver(): Promise<void> {
    await this.#rebuild(async ({ journal }) => {
      const { id, parts, reached } = journal.record;
      const opened = await this.library.open(id, { take: true });
      // It is gone from the store, and this tab has all of it.
      return opened ?? this.library.begin({ origin: 'fork', log: journal.log(), parts, reached, keep: true });
    });
  }

  /** Shows whether another tab writes the session; once it does no more, this one does. */
  #look(): void {
    const journal = this.#open?.journal;
    this.watching = journal?.taken ?? false;
    this.#stopLooking();
    this.#stopLooking = journal?.taken ? onFree(journal.record.id, () => void this.takeOver()) : () => {};
  }

  /** The log as it stands. */
  log(): SessionLog | undefined {
    return this.#open?.journal.log();
  }

  /** The log of any session that is kept, as far as it can be read; undefined when it is gone. */
  async logOf(id: string): Promise<unknown> {
    return id === this.id ? this.log() : keptLog(this.library.database, id);
  }

  /** Starts another sandbox from the log; without its last command if that is what it hangs on. */
  async restart({ withoutLastCommand: cut = false } = {}): Promise<void> {
    const message = 'the reader had the lab started again without its last command';
    const without: Problem | undefined = cut ? { kind: 'endless', message } : undefined;
    const restarts = ++this.#restarts;
    this.#changingOver = true;
    if (this.where === 'webcontainer') this.#options.onHostLost(new Error('the reader had the lab started again'));
    this.#leaveSandbox();
    this.phase = 'restoring';
    try {
      let opened = this.#open ?? (await this.#openings.fresh());
      if (without) {
        const { journal } = opened;
        if (!journal.taken) await this.library.setAside(opened, without);
        opened = await this.#openings.fork(journal.log(), journal.record, without);
      }
      this.#sandbox = await this.#boot(this.#options.boot);
      await this.#enter(opened);
    } catch (error) {
      if (this.#restarts === restarts) this.#fail(error);
    }
  }

  /** What the reader waits for is not waited for any longer. */
  stopReplay(): void {
    this.#guard?.stop();
  }

  /** It is not told again before it has been well. */
  keepWaiting(): void {
    this.health = 'well';
  }

  /**
   * Goes on in another sandbox with the same log: the present one keeps the terminal until that one stands, and the screens do
   * not change. Rejects with the reason when the session stays where it is.
   */
  async handOver(boot: Boot): Promise<void> {
    let handedOver = false;
    let onEnd = (_error: Error) => {};
    const ended = new Promise<never>((_, reject) => (onEnd = reject));
    ended.catch(() => undefined);
    let sandbox: Sandbox | undefined;
    sandbox = await boot({
      page: this.#hearing.pageFunctions(() => sandbox),
      // Before it has the session, its end is no one's loss; after, the first host takes the session back.
      onFailure: (error) => {
        onEnd(error);
        if (handedOver && this.#sandbox === sandbox) void this.#takeBack(error);
      },
    });
    // Undo and jump make another world: its log is the one to go on with.
    while (this.rebuilding) await wait(50);
    if (!this.#open || this.phase !== 'running') {
      sandbox.close();
      throw new Error('the session does not run');
    }
    this.#changingOver = true;
    if (!this.watching) await this.arrived();
    this.#leaveSandbox();
    this.#sandbox = sandbox;
    try {
      const started = await Promise.race([this.#quietly(sandbox), ended]);
      if (!started.ok) throw new Error(started.problem.message);
      handedOver = true;
      this.#stands(started);
    } catch (error) {
      sandbox.close();
      await this.#takeBack();
      throw error;
    }
  }

  /** The sandbox it was handed to is gone, or never stood: the first one takes the session, with all that was typed. */
  async #takeBack(error?: Error): Promise<void> {
    this.#changingOver = true;
    this.#leaveSandbox();
    if (error) this.#options.onHostLost(error);
    try {
      const sandbox = await this.#boot(this.#options.boot);
      this.#sandbox = sandbox;
      const started = await this.#quietly(sandbox);
      if (started.ok) return this.#stands(started);
      await this.#enter(this.#open!);
    } catch (failure) {
      this.#fail(failure);
    }
  }

  /** The same world in another sandbox, behind the screens that stand. */
  #quietly(sandbox: Sandbox): Promise<Started> {
    this.#hearing.belongs = false;
    this.#hearing.quiet = 'replaying';
    this.#options.onReplay();
    return this.#start(sandbox, this.#open!);
  }

  /** Writes down what is known, at once: the page may be going away. */
  flush(): Promise<void> {
    this.#open?.journal.note({ replaying: 0 });
    return this.#open?.journal.flush() ?? Promise.resolve();
  }

  /** The session goes on in another lesson: it is kept, though nothing may have been done in it yet. */
  keep(): Promise<void> {
    return this.watching ? Promise.resolve() : (this.#open?.journal.keep() ?? Promise.resolve());
  }

  /** While no world stands, an action waits for the one that comes. */
  #waits(action: () => void): boolean {
    if (!this.#live && this.phase !== 'failed') this.#askedMeanwhile.push(action);
    return !this.#live;
  }

  /** False when no world comes to stand in good time. */
  async #comesToStand(): Promise<boolean> {
    const end = performance.now() + STAND_PATIENCE;
    while (!this.#live && this.phase !== 'failed' && performance.now() < end) await wait(50);
    return this.#live;
  }

  get #live(): boolean {
    return this.phase === 'running' && !this.#changingOver;
  }

  get #lesson(): LessonDocument {
    const lesson = this.#lessons.find(({ id }) => id === this.#options.lesson);
    if (!lesson) throw new Error(`lessons.json does not know "${this.#options.lesson}"`);
    return lesson;
  }

  #place(step: string): Place {
    return { lesson: this.#options.lesson, step };
  }

  async #boot(boot: Boot): Promise<Sandbox> {
    let sandbox: Sandbox | undefined;
    sandbox = await boot({ page: this.#hearing.pageFunctions(() => sandbox), onFailure: (error) => this.#fail(error) });
    return sandbox;
  }

  /** Makes the session's world stand, or what can be had of it. */
  async #enter(opened: OpenSession, options: { readonly whateverComes?: boolean } = {}): Promise<void> {
    let current = opened;
    let whateverComes = options.whateverComes ?? false;
    for (let tries = 0; ; tries++) {
      this.#open = current;
      this.#hearing.belongs = false;
      const sandbox = this.#sandbox!;
      const started: Started | undefined = current.problem
        ? { ok: false, problem: { ...current.problem, kind: 'failed', entry: current.journal.entries.length } }
        : await this.#start(sandbox, current, whateverComes).catch((error: unknown) => {
            if (this.#sandbox === sandbox) throw error;
            return undefined;
          });
      // It may have broken meanwhile, or have been left for another.
      if (!started || this.phase === 'failed' || this.#open !== current || this.#sandbox !== sandbox) return;
      if (started.ok) return this.#stands(started);
      const problem: Problem = current.problem ?? started.problem;
      whateverComes = false;
      if (this.#guard?.stopped) {
        // It hangs in the replay: what comes next runs in another.
        this.#leaveSandbox();
        this.#sandbox = await this.#boot(this.#options.boot);
      }
      current = await this.#openings.recover(current, problem, started.problem.entry, tries);
    }
  }

  async #start(sandbox: Sandbox, { journal }: OpenSession, whateverComes = false): Promise<Started> {
    const log = journal.entries.length > 0 ? journal.log() : undefined;
    if (this.phase !== 'running') this.phase = log ? 'restoring' : 'starting';
    this.#look();
    this.record = journal.record;
    this.screens.replayed(journal.entries);
    if (log) journal.note({ replaying: (journal.record.replaying ?? 0) + 1 });
    const guard = new ReplayGuard((state) => {
      this.replaying = state;
    });
    this.#guard = guard;
    const { seed, variant, start: place, parts } = journal.record;
    const given = { language: this.#options.language, lessons: this.#lessons, whateverComes, ...(log && { log }) };
    const starting = sandbox.functions.start({ seed, variant, place, parts, ...given });
    try {
      const started = await (log ? guard.over(starting) : starting);
      if (started.ok && log) journal.settle(log);
      return started;
    } finally {
      guard.end();
    }
  }

  /** The world stands: the page shows it, and what was typed meanwhile is put in. */
  #stands(started: Extract<Started, { ok: true }>): void {
    const { journal } = this.#open!;
    const sandbox = this.#sandbox!;
    this.where = sandbox.where;
    this.now = started.now;
    this.health = 'well';
    this.phase = 'running';
    this.#changingOver = false;
    this.#hearing.stood = true;
    const { lesson } = this.#options;
    this.screens.stands(lesson, this.#lesson.hosts, started);
    if (journal.record.lesson !== lesson) this.#put({ type: 'open', place: this.#place(this.#lesson.steps[0]!.id) });
    journal.note({ lesson, replaying: 0, problem: undefined, usedAt: Date.now() });
    this.record = journal.record;
    this.#options.onSession(journal.record.id);
    if (this.speed !== 1 || this.standing) this.stand(this.standing);
    if (this.#hearing.quiet) this.#hearing.quiet = 'standing';
    // A terminal may have gone with what was taken back.
    for (const [host, data] of this.#typedMeanwhile.splice(0)) if (this.hosts.includes(host)) this.input(host, data);
    for (const ask of this.#askedMeanwhile.splice(0)) ask();
    this.#stopWatching();
    this.#stopWatching = watch(
      // A world that is made to stand is not slow.
      async () => ({ ...(await sandbox.functions.pulse()), ...(this.standing && { skipping: 1 }) }),
      (health) => {
        this.health = health;
      },
    );
  }

  /** An input is written down before the sandbox hears of it. */
  #put(input: Input): void {
    const { journal } = this.#open!;
    if (this.standing && input.type !== 'resize') this.stand(false);
    if (journal.taken || this.ended) {
      // Looking is free; whatever else would be done in it is another tab's business.
      if (input.type === 'open' || input.type === 'resize') void this.#sandbox?.functions.put(input);
      else this.refused++;
      return;
    }
    journal.append(input);
    void this.#sandbox?.functions.put(input);
  }

  /** Inputs on their way have come back with their times, or will not. */
  async arrived(): Promise<void> {
    const end = performance.now() + ARRIVAL;
    while (this.#open && this.#open.journal.pending > 0 && performance.now() < end) await wait(10);
  }

  #leaveSandbox(): void {
    this.#stopWatching();
    this.health = 'well';
    this.unloadable = '';
    this.#sandbox?.close();
    this.#sandbox = undefined;
  }

  /** Leaves the world for the one that `next` opens: that is on the disk before the screen shows it. False when that cannot be now. */
  async #rebuild(
    next: (now: OpenSession) => Promise<OpenSession>,
    options: { readonly whateverComes?: boolean } = {},
  ): Promise<boolean> {
    if (this.rebuilding || !(await this.#comesToStand()) || this.rebuilding) return false;
    const now = this.#open!;
    const restarts = this.#restarts;
    this.rebuilding = true;
    this.#changingOver = true;
    this.setAside = undefined;
    this.broken = '';
    try {
      if (!now.journal.taken) await this.arrived();
      this.#hearing.belongs = false;
      await this.#enter(await next(now), options);
      return this.#restarts === restarts;
    } catch (error) {
      // Whoever had it started again meanwhile waits for that.
      if (this.#restarts === restarts) this.#fail(error);
      return false;
    } finally {
      this.rebuilding = false;
    }
  }

  /** Only a world that stands tells which tab writes it. */
  async #mayAct(): Promise<boolean> {
    return (await this.#comesToStand()) && !this.#onlyLooks();
  }

  /** Whether another tab writes the session; who wanted to do something in it is shown so. */
  #onlyLooks(): boolean {
    if (this.watching) this.refused++;
    return this.watching;
  }

  #fail(error: unknown): void {
    this.#stopWatching();
    this.stood = this.#hearing.stood;
    this.error = error instanceof Error ? error.message : String(error);
    this.phase = 'failed';
    this.#options.onFailed();
  }
}
