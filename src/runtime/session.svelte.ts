/** The page's session with the lab: what it shows, what it is told to do, and its keeping. */

import type {
  Language,
  LogEntry,
  PageFunctions,
  Picture,
  Place,
  Progress,
  SessionLog,
} from '../../sandbox/channel/messages.ts';
import type { LessonDocument } from '../../sandbox/lesson/schema.ts';
import { rememberProgress } from './progress.ts';
import type { Boot, Sandbox, Where } from './sandbox.ts';
import { fromHash, toHash } from './share.ts';
import { carriedFrom, isTouched, leaveSession, loadSession, saveSession } from './storage.ts';
import { watch } from './watchdog.ts';

/** Milliseconds of quiet before the log is saved. */
const SAVE_AFTER = 800;
/** Ctrl-E, Ctrl-U: what stands half typed at the prompt is not part of the command. */
const CLEAR_LINE = '\x05\x15';
/** What a new world writes at once (prompts, a replay) is no news. */
const FIRST_PROMPTS = 2_000;

export interface SessionOptions {
  readonly lesson: string;
  readonly language: Language;
  readonly lessons: Promise<readonly LessonDocument[]>;
  readonly boot: Boot;
  /** What the page does besides showing state: screens and the text beside them. */
  readonly onOutput: (host: string, data: string) => void;
  readonly onRestarted: () => void;
  /** The session is replayed in another sandbox: the screens stay as they are until `onReplayed`. */
  readonly onReplay: () => void;
  readonly onReplayed: () => void;
  readonly onProgress: (progress: Progress) => void;
  readonly onFailed: () => void;
  /** The sandbox it was handed to died; the session goes on in the first one. */
  readonly onHostLost: (error: Error) => void;
}

interface Size {
  readonly columns: number;
  readonly rows: number;
}

export type Phase = 'starting' | 'restoring' | 'running' | 'failed';

export class LabSession {
  phase = $state<Phase>('starting');
  error = $state('');
  hosts = $state<readonly string[]>([]);
  /** The host whose terminal is in front. */
  front = $state('');
  /** Hosts that wrote something while another was in front. */
  unread = $state<ReadonlySet<string>>(new Set());
  picture = $state.raw<Picture | undefined>();
  progress = $state.raw<Progress | undefined>();
  now = $state(0);
  activity = $state('');
  speed = $state(1);
  /** It has not answered for a while. */
  silent = $state(false);
  where = $state<Where>('worker');
  /** The session came with a link: it is shown, and nothing of the reader's own is overwritten. */
  fromLink = $state(false);
  /** The saved session came to another world in this version of the lab. */
  diverged = $state(false);
  /** A call that rebuilds the world is under way. */
  rebuilding = $state(false);

  readonly #options: SessionOptions;
  #sandbox: Sandbox | undefined;
  #lessons: readonly LessonDocument[] = [];
  #seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
  /** The log as last asked for, and what was logged since: enough to begin again when the sandbox no longer speaks. */
  #saved: SessionLog | undefined;
  #pending: LogEntry[] = [];
  #until = 0;
  #restartedAt = 0;
  /** Between the log taken from one sandbox and its replay in another, what is typed waits. */
  #changingOver = false;
  /** A replay that leaves the screens alone is under way; its first word of the time comes after its output. */
  #replaying = false;
  #started = false;
  #typedMeanwhile: [host: string, data: string][] = [];
  /** So does what else is asked for. */
  #askedMeanwhile: (() => void)[] = [];
  #saveTimer: ReturnType<typeof setTimeout> | undefined;
  #stopWatching = () => {};
  #size: Size | undefined;
  /** The size each terminal has in the log: to say it again would only lengthen that. */
  #told = new Map<string, Size>();

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  async begin(hash: string): Promise<void> {
    try {
      const [sandbox, log] = await Promise.all([this.#boot(), this.#savedLog(hash)]);
      this.#lessons = await this.#options.lessons;
      this.front = this.#lesson.hosts[0]!;
      await this.#start(sandbox, log);
    } catch (error) {
      this.#fail(error);
    }
  }

  input(host: string, data: string): void {
    if (this.phase === 'running' && !this.#changingOver) void this.#sandbox?.functions.input(host, data);
    else if (this.phase !== 'failed') this.#typedMeanwhile.push([host, data]);
  }

  /** Types command lines into a host's terminal and brings it to the front. */
  run(host: string, command: string): void {
    if (this.phase === 'failed') return;
    this.show(host);
    const line = `${CLEAR_LINE}${command}`;
    if (this.phase === 'running' && !this.#changingOver) void this.#sandbox?.functions.run(host, line);
    // A prompt may stand before its cluster does.
    else this.#typedMeanwhile.push([host, `${line.replace(/\n$/, '').replaceAll('\n', '\r')}\r`]);
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
    if (this.phase !== 'running' || this.#waits(() => this.showSolution(step))) return;
    const first = this.#lesson.steps.find(({ id }) => id === step)?.solution[0];
    if (first) this.show(first.host);
    void this.#sandbox?.functions.solve(this.#place(step));
  }

  answer(step: string, question: string, choice: number): void {
    if (this.phase !== 'running' || this.#waits(() => this.answer(step, question, choice))) return;
    void this.#sandbox?.functions.answer(this.#place(step), question, choice);
  }

  skip(ms: number): void {
    if (this.phase === 'running' && !this.#waits(() => this.skip(ms))) void this.#sandbox?.functions.skip(ms);
  }

  setSpeed(factor: number): void {
    this.speed = factor;
    void this.#sandbox?.functions.speed(factor);
  }

  undo(): Promise<void> {
    return this.#rebuild((sandbox) => sandbox.functions.undo());
  }

  /** A new world at the beginning of a step. */
  jump(step: string): Promise<void> {
    return this.#rebuild((sandbox) => sandbox.functions.jump(this.#place(step)));
  }

  beginAgain(): Promise<void> {
    return this.jump(this.#lesson.steps[0]!.id);
  }

  /** A new world at the beginning of the step that is open. */
  beginStepAgain(): Promise<void> {
    const open = this.progress?.steps.find((step) => step.open && !step.passed);
    return open ? this.jump(open.id) : this.beginAgain();
  }

  /** The hash of a link to this session, or the session itself when it is too long for one. */
  async share(): Promise<{ hash: string } | { log: SessionLog }> {
    const log = await this.#log();
    const hash = await toHash(log);
    return hash ? { hash } : { log };
  }

  /** Starts another sandbox from the log; without its last command if that is what it hangs on. */
  async restart({ withoutLastCommand = false } = {}): Promise<void> {
    const log = this.#knownLog();
    this.#close();
    this.phase = 'restoring';
    try {
      const sandbox = await this.#boot();
      await this.#start(sandbox, log && withoutLastCommand ? dropLastCommand(log) : log);
    } catch (error) {
      this.#fail(error);
    }
  }

  keepWaiting(): void {
    this.silent = false;
  }

  /**
   * Goes on in another sandbox with the same log: the present one keeps the terminal until that one stands, and the screens do
   * not change. Rejects when the session stays where it is.
   */
  async handOver(boot: Boot): Promise<void> {
    let handedOver = false;
    let onEnd = (_error: Error) => {};
    const ended = new Promise<never>((_, reject) => (onEnd = reject));
    ended.catch(() => undefined);
    const sandbox = await this.#boot(boot, (error) => {
      onEnd(error);
      if (handedOver && this.#sandbox === sandbox) void this.#takeBack(error);
    });
    // Undo and jump make another world: its log is the one to go on with.
    while (this.rebuilding) await new Promise((done) => setTimeout(done, 50));
    if (this.phase !== 'running') {
      sandbox.close();
      throw new Error('the session does not run');
    }
    this.#changingOver = true;
    const log = await this.#log();
    this.#close();
    try {
      await Promise.race([this.#start(sandbox, log, { quietly: true }), ended]);
      handedOver = true;
    } catch (error) {
      sandbox.close();
      await this.#startAgain(log);
      throw error;
    }
  }

  /** The sandbox it was handed to is gone: the first one takes the session, with all that was logged. */
  async #takeBack(error: Error): Promise<void> {
    const log = this.#knownLog();
    this.#changingOver = true;
    this.#close();
    this.#options.onHostLost(error);
    await this.#startAgain(log);
  }

  async #startAgain(log: SessionLog | undefined): Promise<void> {
    try {
      await this.#start(await this.#boot(), log, { quietly: true });
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Keeps what is known, at once: the page may be going away. */
  flush(): void {
    clearTimeout(this.#saveTimer);
    const log = this.#knownLog();
    if (log && !this.fromLink && isTouched(log)) leaveSession(this.#options.lesson, log);
  }

  /** While it changes over, an action waits for the other sandbox. */
  #waits(action: () => void): boolean {
    if (this.#changingOver) this.#askedMeanwhile.push(action);
    return this.#changingOver;
  }

  get #lesson(): LessonDocument {
    const lesson = this.#lessons.find(({ id }) => id === this.#options.lesson);
    if (!lesson) throw new Error(`lessons.json does not know "${this.#options.lesson}"`);
    return lesson;
  }

  #place(step: string): Place {
    return { lesson: this.#options.lesson, step };
  }

  /** The session to go on with: a link's, this lesson's own, or that of the lesson the reader comes from. */
  async #savedLog(hash: string): Promise<SessionLog | undefined> {
    const linked = await fromHash(hash);
    if (linked) {
      this.fromLink = true;
      return linked;
    }
    const from = carriedFrom();
    return (await loadSession(this.#options.lesson)) ?? (from ? await loadSession(from) : undefined);
  }

  async #boot(boot = this.#options.boot, onFailure = (error: Error): void => this.#fail(error)): Promise<Sandbox> {
    // What a sandbox still tells after the session has left it is no news.
    let sandbox: Sandbox | undefined;
    const isCurrent = () => sandbox !== undefined && this.#sandbox === sandbox;
    sandbox = await boot({ page: this.#pageFunctions(isCurrent), onFailure });
    return sandbox;
  }

  async #start(sandbox: Sandbox, log: SessionLog | undefined, { quietly = false } = {}): Promise<void> {
    // It may have broken while the lessons were fetched.
    if (this.phase === 'failed') return sandbox.close();
    this.#sandbox = sandbox;
    this.where = sandbox.where;
    if (!quietly) this.phase = log ? 'restoring' : 'starting';
    const first = this.#place(this.#lesson.steps[0]!.id);
    this.#started = false;
    this.#saved = log ?? { version: 1, seed: this.#seed, start: first, entries: [], until: 0 };
    this.#pending = [];
    this.#told = sizesOf(this.#saved);
    this.#replaying = quietly;
    if (quietly) this.#options.onReplay();
    else this.#options.onRestarted();
    const started = await sandbox.functions.start({
      seed: this.#seed,
      place: first,
      language: this.#options.language,
      lessons: this.#lessons,
      ...(log && { log }),
    });
    if (this.#sandbox !== sandbox) return;
    const offered = this.#lesson.hosts;
    this.hosts = [
      ...offered,
      ...started.hosts.filter((host) => this.hosts.includes(host) && !offered.includes(host as never)),
    ];
    this.now = started.now;
    this.phase = 'running';
    this.#changingOver = false;
    this.#started = true;
    this.silent = false;
    if (log && lessonOf(log) !== this.#options.lesson) void sandbox.functions.open(first);
    if (this.speed !== 1) void sandbox.functions.speed(this.speed);
    this.#sendSize(this.hosts);
    for (const [host, data] of this.#typedMeanwhile.splice(0)) this.input(host, data);
    for (const ask of this.#askedMeanwhile.splice(0)) ask();
    this.#stopWatching();
    this.#stopWatching = watch(
      () => sandbox.ping(),
      (silent) => (this.silent = silent),
    );
  }

  #close(): void {
    this.#stopWatching();
    this.#sandbox?.close();
    this.#sandbox = undefined;
  }

  async #rebuild(call: (sandbox: Sandbox) => Promise<void>): Promise<void> {
    if (this.#waits(() => void this.#rebuild(call))) return;
    const sandbox = this.#sandbox;
    if (!sandbox || this.rebuilding || this.phase !== 'running') return;
    this.rebuilding = true;
    try {
      await call(sandbox);
      this.#told = sizesOf(await this.#log());
      this.#sendSize(this.hosts);
      await this.#save();
    } finally {
      this.rebuilding = false;
    }
  }

  #fail(error: unknown): void {
    this.#stopWatching();
    this.error = error instanceof Error ? error.message : String(error);
    this.phase = 'failed';
    this.#options.onFailed();
  }

  #sendSize(hosts: readonly string[]): void {
    const size = this.#size;
    if (!size || this.phase !== 'running' || this.#changingOver) return;
    for (const host of hosts) {
      const told = this.#told.get(host);
      if (told?.columns === size.columns && told.rows === size.rows) continue;
      this.#told.set(host, size);
      void this.#sandbox?.functions.resize(host, size.columns, size.rows);
    }
  }

  #pageFunctions(isCurrent: () => boolean): PageFunctions {
    const options = this.#options;
    const functions: PageFunctions = {
      output: (host, data) => {
        const fresh = this.#replaying || performance.now() - this.#restartedAt < FIRST_PROMPTS;
        if (host !== this.front && !fresh && !this.unread.has(host)) {
          this.unread = new Set([...this.unread, host]);
        }
        options.onOutput(host, data);
      },
      restarted: () => {
        this.unread = new Set();
        this.#restartedAt = performance.now();
        this.diverged = false;
        options.onRestarted();
      },
      picture: (picture) => (this.picture = picture),
      progress: (progress) => {
        this.progress = progress;
        if (progress.lesson !== options.lesson) return;
        if (!this.fromLink) rememberProgress(progress);
        options.onProgress(progress);
      },
      logged: (entries, until) => {
        this.#pending.push(...entries);
        this.#until = until;
        this.#saveSoon();
      },
      time: (now) => {
        this.now = now;
        if (!this.#replaying || !this.#started) return;
        this.#replaying = false;
        options.onReplayed();
      },
      diverged: () => (this.diverged = true),
      activity: (what) => (this.activity = what),
    };
    return Object.fromEntries(
      Object.entries(functions).map(([name, heard]: [string, (...args: never[]) => void]) => [
        name,
        (...args: never[]) => {
          if (isCurrent()) heard(...args);
        },
      ]),
    ) as unknown as PageFunctions;
  }

  #saveSoon(): void {
    clearTimeout(this.#saveTimer);
    // A sandbox that ends meanwhile does not answer.
    this.#saveTimer = setTimeout(() => void this.#save().catch(() => undefined), SAVE_AFTER);
  }

  async #save(): Promise<void> {
    if (this.#sandbox) this.#keep(await this.#log());
  }

  #keep(log: SessionLog): void {
    if (!this.fromLink && isTouched(log)) void saveSession(this.#options.lesson, log);
  }

  /** The log as the sandbox has it; remembered in case it falls silent. */
  async #log(): Promise<SessionLog> {
    const log = await this.#sandbox!.functions.log();
    this.#saved = log;
    this.#pending = this.#pending.filter((entry) => entry.at > log.until);
    return log;
  }

  /** The log without asking the sandbox. */
  #knownLog(): SessionLog | undefined {
    const saved = this.#saved;
    if (!saved) return undefined;
    const until = Math.max(saved.until, this.#until, this.now);
    const since = this.#pending.filter((entry) => entry.at > saved.until);
    return { ...saved, entries: [...saved.entries, ...since], until };
  }
}

/** The lesson that was open when the log was saved. */
function lessonOf(log: SessionLog): string {
  const opened = log.entries.findLast((entry) => entry.type === 'open');
  return opened?.type === 'open' ? opened.place.lesson : log.start.lesson;
}

/** The last size the log gives each terminal. */
function sizesOf(log: SessionLog): Map<string, Size> {
  return new Map(log.entries.flatMap((entry) => (entry.type === 'resize' ? [[entry.host, entry] as const] : [])));
}

/** Everything up to and including the Enter before the last one. */
function dropLastCommand(log: SessionLog): SessionLog {
  const isEnter = (entry: LogEntry) => entry.type === 'keys' && entry.data.includes('\r');
  const last = log.entries.findLastIndex(isEnter);
  const entries = last < 0 ? [] : log.entries.slice(0, log.entries.slice(0, last).findLastIndex(isEnter) + 1);
  return { ...log, entries, until: entries.at(-1)?.at ?? log.until };
}
