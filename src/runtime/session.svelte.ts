/** The page's session with the lab: what it shows, what it is told to do, and its keeping. */

import { type LastCommand, lastCommand, sizesOf } from '../../sandbox/channel/log.ts';
import type { Foreground, Input, Place, SessionLog, Started, Why, WhySubject } from '../../sandbox/channel/messages.ts';
import type { LessonDocument } from '../../sandbox/lesson/schema.ts';
import { plainText } from '../i18n/inline.ts';
import { fits, keysOf } from './command-block.ts';
import { Hearing } from './hearing.ts';
import { Library, type OpenSession } from './journal/library.ts';
import { onFree } from './journal/ownership.ts';
import type { Problem } from './journal/records.ts';
import { readSession, storedLog } from './journal/sessions.ts';
import { Openings } from './openings.ts';
import { ReplayGuard } from './replay-guard.ts';
import type { Boot, Sandbox } from './sandbox.ts';
import type { Visit } from './session-notes.ts';
import { type SessionOptions, SessionState } from './session-state.svelte.ts';
import { watch } from './watchdog.ts';

/** How long inputs on their way are waited for before a world is left (milliseconds). */
const ARRIVAL = 1_000;
/** What needs a world waits so long for one that starts, is restored, or changes over (milliseconds). */
const STAND_PATIENCE = 60_000;
/** A terminal's prompt is waited for so long after what ran there was told to end. */
const PROMPT_PATIENCE = 6_000;

interface Size {
  readonly columns: number;
  readonly rows: number;
}

export class LabSession extends SessionState {
  readonly library: Library;
  readonly #options: SessionOptions;
  readonly #openings: Openings;
  readonly #hearing: Hearing;
  #sandbox: Sandbox | undefined;
  #lessons: readonly LessonDocument[] = [];
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
  #size: Size | undefined;
  /** The size each terminal has in the log: to say it again would only lengthen that. */
  #told = new Map<string, Size>();

  constructor(options: SessionOptions) {
    super();
    this.#options = options;
    this.library = new Library({
      onKeeping: (failure) => {
        this.unkept = failure;
      },
      onTaken: () => this.#look(),
    });
    this.#openings = new Openings(this.library, this, options.lesson, () => this.#lesson);
    this.#hearing = new Hearing({
      state: this,
      options,
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
      this.hosts = this.#lesson.hosts;
      this.front = this.hosts[0]!;
      this.#sandbox = sandbox;
      await this.#enter(opened ?? (await this.#openings.fresh()));
    } catch (error) {
      if (this.#restarts === restarts) this.#fail(error);
    }
  }

  get lesson(): string {
    return this.#options.lesson;
  }

  lessonTitle(lesson: string): string | undefined {
    return this.#lessons.find(({ id }) => id === lesson)?.texts[this.#options.language].title;
  }

  stepTitle(lesson: string, step: string): { number: number; title: string } | undefined {
    const known = this.#lessons.find(({ id }) => id === lesson);
    const number = (known?.steps.findIndex(({ id }) => id === step) ?? -1) + 1;
    const title = known?.texts[this.#options.language].steps[step]?.title;
    return number > 0 && title ? { number, title: plainText(title) } : undefined;
  }

  /** The id that the page's history entry and its links to other lessons carry. */
  get id(): string | undefined {
    return this.#open?.journal.record.id;
  }

  input(host: string, data: string): void {
    if (this.#live) this.#put({ type: 'keys', host, data });
    else if (this.phase !== 'failed') this.#typedMeanwhile.push([host, data]);
  }

  /** Types command lines into a host's terminal and brings it to the front; asks first where something else runs there. */
  async run(host: string, command: string, inside?: string): Promise<void> {
    if (this.phase === 'failed' || this.#onlyLooks()) return;
    const terminal = this.front.startsWith(`${host}:`) ? this.front : host;
    this.show(terminal);
    // A prompt may stand before its cluster does.
    if (!this.#live) return this.#type(terminal, command);
    const front = await this.#foreground(terminal);
    if (!front) return this.#type(terminal, command);
    const { prompt, command: running } = front;
    if (fits(prompt, running, inside)) this.#type(terminal, command);
    else this.occupied = { host: terminal, command, running: prompt ? '' : running };
  }

  /** The reader's word on a terminal where something else runs. */
  async answerOccupied(choice: 'stop' | 'another' | 'here' | 'leave'): Promise<void> {
    const asked = this.occupied;
    this.occupied = undefined;
    if (!asked || choice === 'leave' || this.#onlyLooks() || !(await this.#comesToStand())) return;
    if (choice === 'here') return this.#type(asked.host, asked.command);
    let { host } = asked;
    if (choice === 'stop') this.#put({ type: 'interrupt', host });
    else host = this.#openTerminal(host.replace(/:.*/, ''));
    if (await this.#prompt(host)) this.#type(host, asked.command);
    // It does not let itself be stopped.
    else this.occupied = { ...asked, host };
  }

  /** Another terminal on a host, in front; its name. */
  #openTerminal(host: string): string {
    let n = 2;
    while (this.hosts.includes(`${host}:${n}`)) n++;
    const terminal = `${host}:${n}`;
    this.#put({ type: 'terminal', host, terminal });
    this.hosts = [...this.hosts, terminal];
    this.show(terminal);
    return terminal;
  }

  show(host: string): void {
    if (!this.hosts.includes(host)) this.hosts = [...this.hosts, host];
    this.front = host;
    this.unread = new Set([...this.unread].filter((other) => other !== host));
    this.#sendSize([host]);
  }

  /** Every terminal has the size of the one in front. */
  resize(columns: number, rows: number): void {
    if (this.#size?.columns === columns && this.#size.rows === rows) return;
    this.#size = { columns, rows };
    this.#sendSize(this.hosts);
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
    if (!this.#waits(() => this.skip(ms))) void this.#sandbox?.functions.skip(ms);
  }

  setSpeed(factor: number): void {
    this.speed = factor;
    void this.#sandbox?.functions.speed(factor);
  }

  /** The last command is taken back: gone from the journal before the screen shows it. Undefined when there is none. */
  async undo(): Promise<LastCommand | undefined> {
    if (this.#onlyLooks()) return undefined;
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
      const { seed } = journal.record;
      const opened = await this.library.begin({ origin: 'begun', place: this.#place(step), seed, keep: true });
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
    if (id === this.id) return this.log();
    const stored = await readSession(this.library.database, id);
    if (!stored) return undefined;
    try {
      return storedLog(stored);
    } catch {
      // Damaged: whoever wants to look at it gets what is there.
      return stored;
    }
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
    if (!this.watching) await this.#arrived();
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
    this.#told = sizesOf(journal.entries);
    if (log) journal.note({ replaying: (journal.record.replaying ?? 0) + 1 });
    const guard = new ReplayGuard((state) => {
      this.replaying = state;
    });
    this.#guard = guard;
    const { seed, start, parts } = journal.record;
    const { language } = this.#options;
    const lessons = this.#lessons;
    const starting = sandbox.functions.start({
      seed,
      place: start,
      language,
      lessons,
      parts,
      whateverComes,
      ...(log && { log }),
    });
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
    const offered: readonly string[] = this.#lesson.hosts;
    const shown = started.hosts.filter((host) => this.hosts.includes(host) && !offered.includes(host));
    this.hosts = [...offered, ...shown, ...started.terminals];
    if (!this.hosts.includes(this.front)) this.front = this.hosts[0]!;
    this.now = started.now;
    this.health = 'well';
    this.phase = 'running';
    this.#changingOver = false;
    this.#hearing.stood = true;
    const { lesson } = this.#options;
    if (journal.record.lesson !== lesson) this.#put({ type: 'open', place: this.#place(this.#lesson.steps[0]!.id) });
    journal.note({ lesson, replaying: 0, problem: undefined, usedAt: Date.now() });
    this.record = journal.record;
    this.#options.onSession(journal.record.id);
    if (this.speed !== 1) void sandbox.functions.speed(this.speed);
    this.#sendSize(this.hosts);
    if (this.#hearing.quiet) this.#hearing.quiet = 'standing';
    // A terminal may have gone with what was taken back.
    for (const [host, data] of this.#typedMeanwhile.splice(0)) if (this.hosts.includes(host)) this.input(host, data);
    for (const ask of this.#askedMeanwhile.splice(0)) ask();
    this.#stopWatching();
    this.#stopWatching = watch(
      () => sandbox.functions.pulse(),
      (health) => {
        this.health = health;
      },
    );
  }

  /** An input is written down before the sandbox hears of it. */
  #put(input: Input): void {
    const { journal } = this.#open!;
    if (journal.taken) {
      // Looking is free; whatever else would be done in it is another tab's business.
      if (input.type === 'open' || input.type === 'resize') void this.#sandbox?.functions.put(input);
      else this.refused++;
      return;
    }
    journal.append(input);
    void this.#sandbox?.functions.put(input);
  }

  #type(host: string, command: string): void {
    this.input(host, keysOf(command));
  }

  /** Undefined when the sandbox is gone before it answers. */
  async #foreground(host: string): Promise<Foreground | undefined> {
    return this.#sandbox?.functions.foreground(host).catch(() => undefined);
  }

  /** Why something is as it is; undefined while there is no world to ask. Rejects when its code cannot be loaded. */
  async why(subject: WhySubject): Promise<Why | undefined> {
    return this.#sandbox?.functions.why(subject);
  }

  /** Whether the terminal has come to its prompt in good time. */
  async #prompt(host: string): Promise<boolean> {
    const end = performance.now() + PROMPT_PATIENCE;
    while (performance.now() < end) {
      if ((await this.#foreground(host))?.prompt) return true;
      await wait(60);
    }
    return false;
  }

  /** Inputs on their way have come back with their times, or will not. */
  async #arrived(): Promise<void> {
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
      if (!now.journal.taken) await this.#arrived();
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

  #sendSize(hosts: readonly string[]): void {
    const size = this.#size;
    if (!size || !this.#live) return;
    for (const host of hosts) {
      const told = this.#told.get(host);
      if (told?.columns === size.columns && told.rows === size.rows) continue;
      this.#told.set(host, size);
      this.#put({ type: 'resize', host, ...size });
    }
  }
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
