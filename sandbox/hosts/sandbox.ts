/** The sandbox's end of the channel, the same in every host: a session that follows real time and tells the page what changes. */

import type { ApiServer } from '../api/http.ts';
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
import type { Session } from '../session/session.ts';
import type { Clock } from '../sim/clock.ts';
import { type HostTimers, RealTimeDriver } from '../sim/driver.ts';
import { loadParts, part, preload } from '../sim/parts.ts';
import { LabMachines } from '../world/machines.ts';
import type { Opening } from './opening.ts';

/** What the page hears at most this often (real milliseconds). */
const PICTURE_EVERY = 100;
const TIME_EVERY = 1_000;

/** A part that could not be loaded is asked for again after so long, doubling to the longest (real milliseconds). */
const FIRST_RETRY = 500;
const LONGEST_RETRY = 8_000;

/** What the first prompt does not need: the cluster, and a session on it. */
const loadCluster = part('cluster', () => import('./cluster.ts'));
type ClusterCode = Awaited<ReturnType<typeof loadCluster>>;

export class Sandbox implements SandboxFunctions {
  readonly #page: PageFunctions;
  readonly #timers: HostTimers;
  #options!: StartOptions;
  #code: ClusterCode | undefined;
  #session: Session | undefined;
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

  #opening(machines: LabMachines): Opening {
    const { log, whateverComes, seed, place, language, lessons } = this.#options;
    return {
      seed,
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
  }

  /** A world comes to stand: what its terminals have shown is told from their beginning. */
  async #begin(machines: LabMachines): Promise<Started> {
    const session = await this.#code!.openSession(this.#opening(machines));
    const { log } = this.#options;
    this.#session = session;
    this.#logged = [];
    this.#page.restarted();
    this.#progressChanged = true;
    this.#pictured.version = -1;
    this.#driver = new RealTimeDriver(session.world.clock, this.#timers, () => this.#tell(session));
    const hosts = [...session.world.machines.keys()];
    const terminals = (log?.entries ?? []).flatMap((entry) => (entry.type === 'terminal' ? [entry.terminal] : []));
    return { ok: true, hosts, terminals, now: session.now };
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
