/** The sandbox's end of the channel, the same in every host: a session that follows real time and tells the page what changes. */

import type { ApiServer } from '../api/http.ts';
import type {
  Language,
  LogEntry,
  PageFunctions,
  Place,
  SandboxFunctions,
  SessionLog,
  StartOptions,
} from '../channel/messages.ts';
import type { Session, SessionOptions } from '../session/session.ts';
import type { Clock } from '../sim/clock.ts';
import { type HostTimers, RealTimeDriver } from '../sim/driver.ts';
import { LabMachines } from '../world/machines.ts';

/** What the page hears at most this often (real milliseconds). */
const PICTURE_EVERY = 100;
const TIME_EVERY = 1_000;

/** What the first prompt does not need: the cluster, and a session on it. */
const loadCluster = () => import('./cluster.ts');
type ClusterCode = Awaited<ReturnType<typeof loadCluster>>;

export class Sandbox implements SandboxFunctions {
  readonly #page: PageFunctions;
  readonly #timers: HostTimers;
  #options!: StartOptions;
  #code!: ClusterCode;
  #session!: Session;
  #driver: RealTimeDriver | undefined;
  #output = new Map<string, string>();
  #logged: LogEntry[] = [];
  #progressChanged = false;
  #pictured = { version: -1, at: Number.NEGATIVE_INFINITY, timer: undefined as { cancel(): void } | undefined };
  #toldTime = Number.NEGATIVE_INFINITY;
  #activity = '';

  constructor(page: PageFunctions, timers: HostTimers) {
    this.#page = page;
    this.#timers = timers;
  }

  async start(options: StartOptions): Promise<{ hosts: readonly string[]; now: number }> {
    this.#options = options;
    const code = loadCluster();
    const { seed } = options.log ?? options;
    const machines = new LabMachines(seed);
    for (const host of machines.hosts.keys()) this.#page.output(host, machines.terminal(host).unheard);
    this.#code = await code;
    await this.#begin(({ Session }) =>
      options.log
        ? Session.restore(this.#sessionOptions(seed, options.log.start, machines), options.log)
        : Session.open(this.#sessionOptions(seed, options.place, machines)),
    );
    return { hosts: [...this.#session.world.machines.keys()], now: this.#session.now };
  }

  /** The world of now, for a host that has sockets; undefined while another is being made. */
  get served(): { api: ApiServer; clock: Clock; driver: RealTimeDriver } | undefined {
    const driver = this.#driver;
    if (!driver) return undefined;
    const { server, clock } = this.#session.world;
    return { api: server, clock, driver };
  }

  input(host: string, data: string): void {
    this.#put({ type: 'keys', host, data });
  }

  resize(host: string, columns: number, rows: number): void {
    this.#put({ type: 'resize', host, columns, rows });
  }

  run(host: string, command: string): void {
    this.#put({ type: 'keys', host, data: `${command.replace(/\n$/, '').replaceAll('\n', '\r')}\r` });
  }

  solve(place: Place): void {
    this.#put({ type: 'solve', place });
  }

  open(place: Place): void {
    this.#put({ type: 'open', place });
  }

  answer(place: Place, question: string, choice: number): void {
    this.#put({ type: 'answer', place, question, choice });
  }

  skip(ms: number): void {
    this.#driver?.skip(ms);
  }

  speed(factor: number): void {
    if (this.#driver) this.#driver.speed = factor;
  }

  language(language: Language): void {
    this.#options = { ...this.#options, language };
    this.#session.progress.language = language;
  }

  async undo(): Promise<void> {
    const log = this.#session.log();
    const count = this.#session.beforeLastCommand();
    await this.#begin(({ Session }) => Session.restore(this.#sessionOptions(log.seed, log.start), log, count));
  }

  async jump(place: Place): Promise<void> {
    const { seed } = this.#session;
    await this.#begin(({ Session }) => Session.open(this.#sessionOptions(seed, place)));
  }

  async log(): Promise<SessionLog> {
    return this.#session.log();
  }

  #sessionOptions(seed: number, start: Place, machines?: LabMachines): SessionOptions {
    return {
      seed,
      start,
      language: this.#options.language,
      lessons: this.#options.lessons,
      createWorld: (worldSeed) => this.#code.createWorld({ seed: worldSeed }, machines),
      listener: {
        output: (host, data) => this.#output.set(host, (this.#output.get(host) ?? '') + data),
        progress: () => {
          this.#progressChanged = true;
        },
        logged: (entry) => this.#logged.push(entry),
      },
    };
  }

  /** Another world takes the place of this one: what the terminals showed is replayed to them from their beginning. */
  async #begin(open: (code: ClusterCode) => Promise<Session>): Promise<void> {
    this.#driver?.stop();
    this.#driver = undefined;
    this.#session?.close();
    this.#output.clear();
    this.#logged = [];
    this.#session = await open(this.#code);
    this.#logged = [];
    this.#page.restarted();
    this.#progressChanged = true;
    this.#pictured.version = -1;
    this.#driver = new RealTimeDriver(this.#session.world.clock, this.#timers, () => this.#tell());
    this.#page.logged([], this.#session.now);
    if (this.#session.diverged) this.#page.diverged(this.#session.diverged.at);
  }

  #put(input: Parameters<Session['input']>[0]): void {
    if (!this.#driver) return;
    this.#session.input(input, this.#driver.now());
    this.#driver.wake();
  }

  #tell(): void {
    for (const [host, data] of this.#output) this.#page.output(host, data);
    this.#output.clear();
    if (this.#progressChanged) {
      this.#progressChanged = false;
      this.#page.progress(this.#session.progress.state());
    }
    if (this.#logged.length > 0) {
      this.#page.logged(this.#logged, this.#session.now);
      this.#logged = [];
    }
    this.#tellPicture();
    const now = this.#timers.now();
    if (now - this.#toldTime >= TIME_EVERY) {
      this.#toldTime = now;
      this.#page.time(this.#session.now);
      const current = this.#code.activity(this.#session.world);
      if (current !== this.#activity) {
        this.#activity = current;
        this.#page.activity(current);
      }
    }
  }

  #tellPicture(): void {
    const drawn = this.#pictured;
    const { version } = this.#session.world.observation;
    if (version === drawn.version) return;
    const wait = drawn.at + PICTURE_EVERY - this.#timers.now();
    if (wait > 0) {
      drawn.timer ??= this.#timers.later(() => {
        drawn.timer = undefined;
        this.#tellPicture();
      }, wait);
      return;
    }
    drawn.version = version;
    drawn.at = this.#timers.now();
    this.#page.picture(this.#code.picture(this.#session.world));
  }
}
