/** The sandbox's end of the channel, the same in every host: a session that follows real time and tells the page what changes. */

import type { ApiServer } from '../api/http.ts';
import type {
  FieldHelp,
  FileListing,
  FileText,
  Judgement,
  KindHelp,
  SaveRequest,
  SaveResult,
} from '../channel/files.ts';
import type { Gradable, Grade } from '../channel/grades.ts';
import type {
  Foreground,
  Input,
  Language,
  LogEntry,
  PageFunctions,
  Pulse,
  SandboxFunctions,
  Started,
  StartOptions,
  Why,
  WhySubject,
} from '../channel/messages.ts';
import type { Happenings, Moment, ObjectRef, PastOptions, ScreenPart } from '../channel/past.ts';
import type { Session } from '../session/session.ts';
import type { Clock } from '../sim/clock.ts';
import { type HostTimers, RealTimeDriver } from '../sim/driver.ts';
import { loadParts, part, preload } from '../sim/parts.ts';
import { LabMachines } from '../world/machines.ts';
import type { Opening } from './opening.ts';
import type { LookingBack } from './past.ts';

/** What the page hears at most this often (real milliseconds). */
const PICTURE_EVERY = 100;
const TIME_EVERY = 1_000;

/** A part that could not be loaded is asked for again after so long, doubling to the longest (real milliseconds). */
const FIRST_RETRY = 500;
const LONGEST_RETRY = 8_000;

/** What the first prompt does not need: the cluster, and a session on it. */
const loadCluster = part('cluster', () => import('./cluster.ts'));
export type ClusterCode = Awaited<ReturnType<typeof loadCluster>>;

/** What is looked for while another world is being made. */
const NO_WORLD = { problem: { kind: 'off', message: '' } } as const;

export class Sandbox implements SandboxFunctions {
  readonly #page: PageFunctions;
  readonly #timers: HostTimers;
  #options!: StartOptions;
  #code: ClusterCode | undefined;
  #session: Session | undefined;
  #driver: RealTimeDriver | undefined;
  #output = new Map<string, string>();
  #logged: LogEntry[] = [];
  /** Terminals that have ended, to be told after their last output. */
  #ended: string[] = [];
  /** Whoever waits for a save. */
  readonly #saving = new Map<LogEntry, (result: SaveResult) => void>();
  #progressChanged = false;
  #pictured = { version: -1, at: Number.NEGATIVE_INFINITY, timer: undefined as { cancel(): void } | undefined };
  #toldTime = Number.NEGATIVE_INFINITY;
  #activity = '';
  #back: LookingBack | undefined;

  constructor(page: PageFunctions, timers: HostTimers) {
    this.#page = page;
    this.#timers = timers;
    const missing = new Set<string>();
    loadParts({
      onUse: (name) => {
        page.used(name);
        if (missing.delete(name)) page.unloadable([...missing].at(-1) ?? '');
      },
      patience: (name, _, attempt) => {
        missing.add(name);
        page.unloadable(name);
        return new Promise((resolve) => {
          timers.later(resolve, Math.min(FIRST_RETRY * 2 ** (attempt - 1), LONGEST_RETRY));
        });
      },
    });
  }

  async start(options: StartOptions): Promise<Started> {
    this.#options = options;
    this.#leave();
    const code = loadCluster();
    const { seed } = options.log ?? options;
    const machines = new LabMachines(seed);
    // The first prompts stand before there is a cluster; a world that follows another shows itself when it is whole.
    if (!this.#code) for (const host of machines.hosts.keys()) this.#page.output(host, machines.terminal(host).unheard);
    this.#code = await code;
    if (options.parts) await preload(options.parts);
    if (options.log) this.#page.replaying(0, options.log.entries.length);
    try {
      return await this.#begin(machines);
    } catch (error) {
      this.#leave();
      const { message } = error as Error;
      const problem =
        error instanceof this.#code.ReplayError ? error.problem : { kind: 'failed' as const, entry: 0, message };
      return { ok: false, problem };
    }
  }

  /** The world of now, for a host that has sockets; undefined while another is being made. */
  get served(): { api: ApiServer; clock: Clock; driver: RealTimeDriver } | undefined {
    const driver = this.#driver;
    if (!driver || !this.#session) return undefined;
    const { server, clock } = this.#session.world;
    return { api: server, clock, driver };
  }

  put(input: Input): void {
    if (!this.#driver) return;
    this.#session!.input(input, this.#driver.now());
    this.#driver.wake();
  }

  skip(ms: number): void {
    this.#driver?.skip(ms);
  }

  speed(factor: number): void {
    if (this.#driver) this.#driver.speed = factor;
  }

  language(language: Language): void {
    this.#options = { ...this.#options, language };
    if (this.#session) this.#session.progress.language = language;
  }

  async foreground(host: string): Promise<Foreground> {
    return this.#session?.world.foreground(host) ?? { prompt: false, command: '' };
  }

  async why(subject: WhySubject): Promise<Why | undefined> {
    // No part: a replay does without it.
    const { why } = await import('../why/why.ts');
    return this.#session && why(this.#session.world, this.#session.progress, subject);
  }

  async pulse(): Promise<Pulse> {
    const { clock } = this.#session?.world ?? {};
    return { now: clock?.now ?? 0, loading: clock?.held ?? true, skipping: this.#driver?.skipping ?? 0 };
  }

  async grade(file: Gradable): Promise<Grade> {
    const { grade } = await import('./grading.ts');
    return grade(file, this.#timers);
  }

  async recall(options: PastOptions): Promise<void> {
    this.#code ??= await loadCluster();
    this.#back ??= new this.#code.LookingBack(this.#code, this.#timers, (done, all) => this.#page.replaying(done, all));
    await this.#back.recall(options);
  }

  async moment(at: number): Promise<Moment | undefined> {
    const session = await this.#back?.at(at);
    if (!session) return undefined;
    this.#session = session;
    return this.#back!.describe(session);
  }

  async screen(terminal: string): Promise<readonly ScreenPart[]> {
    return (this.#session && this.#back?.screen(this.#session, terminal)) ?? [];
  }

  async objects(): Promise<readonly ObjectRef[]> {
    return this.#session ? this.#code!.objects(this.#session.world) : [];
  }

  async object(ref: ObjectRef): Promise<string | undefined> {
    return this.#session && this.#code!.objectYaml(this.#session.world, ref);
  }

  async happened(since: number): Promise<Happenings> {
    const session = this.#session;
    if (!session) return { began: 0, revision: 0, list: [] };
    const { began, beganAtRevision, world } = session;
    return { began, revision: world.revision, list: this.#code!.happened(world, Math.max(since, beganAtRevision)) };
  }

  async files(host: string, path: string): Promise<FileListing> {
    const { listFiles } = await import('../world/files.ts');
    return this.#session ? listFiles(this.#session.world, host, path) : NO_WORLD;
  }

  async readFile(host: string, path: string): Promise<FileText> {
    const { readFileText } = await import('../world/files.ts');
    return this.#session ? readFileText(this.#session.world, host, path) : NO_WORLD;
  }

  async judge(manifests: readonly string[]): Promise<readonly Judgement[]> {
    const { judge } = await import('../world/judging.ts');
    return this.#session ? judge(this.#session.world, manifests) : [];
  }

  async kinds(): Promise<readonly KindHelp[]> {
    const { kinds } = await import('../world/judging.ts');
    return this.#session ? kinds(this.#session.world) : [];
  }

  async fieldHelp(apiVersion: string, kind: string, path: readonly string[]): Promise<FieldHelp | undefined> {
    const { fieldHelp } = await import('../world/judging.ts');
    return this.#session && fieldHelp(this.#session.world, apiVersion, kind, path);
  }

  save({ host, ...request }: SaveRequest & { host: string }): Promise<SaveResult> {
    if (!this.#driver) return Promise.resolve(NO_WORLD);
    const entry = this.#session!.input({ type: 'save', host, ...request }, this.#driver.now());
    this.#driver.wake();
    return new Promise((resolve) => this.#saving.set(entry, resolve));
  }

  #opening(machines: LabMachines): Opening {
    const { log, whateverComes, seed, variant, place, language, lessons } = this.#options;
    return {
      seed,
      variant,
      start: place,
      language,
      lessons,
      machines,
      log,
      whateverComes,
      listener: {
        output: (host, data) => this.#output.set(host, (this.#output.get(host) ?? '') + data),
        progress: () => {
          this.#progressChanged = true;
        },
        logged: (entry) => this.#logged.push(entry),
        ended: (terminal) => this.#ended.push(terminal),
        saved: (entry, result) => {
          this.#saving.get(entry)?.(result);
          this.#saving.delete(entry);
        },
      },
      replay: {
        timers: this.#timers,
        onProgress: (done, all) => this.#page.replaying(done, all),
      },
    };
  }

  /** The world of before is over; what it had still to say is said no more. */
  #leave(): void {
    this.#driver?.stop();
    this.#driver = undefined;
    this.#session?.close();
    this.#session = undefined;
    this.#output.clear();
    this.#logged = [];
    for (const answer of this.#saving.values()) answer(NO_WORLD);
    this.#saving.clear();
  }

  /** A world comes to stand: what its terminals have shown is told from their beginning. */
  async #begin(machines: LabMachines): Promise<Started> {
    const session = await this.#code!.openSession(this.#opening(machines));
    this.#session = session;
    this.#logged = [];
    this.#ended = [];
    this.#page.restarted();
    this.#progressChanged = true;
    this.#pictured.version = -1;
    this.#driver = new RealTimeDriver(session.world.clock, this.#timers, () => this.#tell(session));
    const hosts = [...session.world.machines.keys()];
    return { ok: true, hosts, terminals: session.world.openedTerminals, now: session.now };
  }

  #tell(session: Session): void {
    if (this.#progressChanged) {
      this.#progressChanged = false;
      this.#page.progress(session.progress.state());
    }
    if (this.#logged.length > 0) {
      this.#page.logged(this.#logged, session.now);
      this.#logged = [];
    }
    for (const [host, data] of this.#output) this.#page.output(host, data);
    this.#output.clear();
    for (const terminal of this.#ended.splice(0)) this.#page.ended(terminal);
    this.#tellPicture(session);
    const now = this.#timers.now();
    if (now - this.#toldTime >= TIME_EVERY) {
      this.#toldTime = now;
      this.#page.time(session.now);
      const current = this.#code!.activity(session.world);
      if (current !== this.#activity) {
        this.#activity = current;
        this.#page.activity(current);
      }
    }
  }

  #tellPicture(session: Session): void {
    if (session !== this.#session) return;
    const drawn = this.#pictured;
    const { version } = session.world.observation;
    if (version === drawn.version) return;
    const wait = drawn.at + PICTURE_EVERY - this.#timers.now();
    if (wait > 0) {
      drawn.timer ??= this.#timers.later(() => {
        drawn.timer = undefined;
        this.#tellPicture(session);
      }, wait);
      return;
    }
    drawn.version = version;
    drawn.at = this.#timers.now();
    this.#page.picture(this.#code!.picture(session.world));
  }
}
