/** A lab for whoever imports the package: the session that the site and the command line have, behind promises. */

import type { ApiResponse } from '../../api/http.ts';
import { LogError, readLog } from '../../channel/log.ts';
import type { Input, LogEntry, OutsideRequest } from '../../channel/messages.ts';
import { ImageCatalogue } from '../../images/catalogue.ts';
import type { ImageDeclaration } from '../../images/image.ts';
import type { Verdict } from '../../lesson/checkpoint.ts';
import type { CommandResult } from '../../lesson/observation.ts';
import type { LessonDocument } from '../../lesson/schema.ts';
import { ReplayError } from '../../session/replay.ts';
import { RUN_LIMIT, type Session } from '../../session/session.ts';
import { START, type LabOptions as WorldOptions } from '../../world/lab.ts';
import { type Opening, openSession } from '../opening.ts';
import { demandImages, demandOptions, hostOf, placeOf, seedOf, textOf } from './arguments.ts';
import { UsageError } from './errors.ts';
import { beginningOf } from './own-lesson.ts';
import { clockOptionsOf, SharedCluster, startOf, tellFaultsOnce } from './shared.ts';
import { Terminals, Writings } from './terminals.ts';
import type { Checked, Lab, LabOptions, LabTerminal, Snapshot } from './types.ts';

const ignore = (): void => {};

/** For what a command that had to be ended still printed. */
const RUN_GRACE = 1_000;

/** A cluster on three machines and a file server, at the beginning of a lesson's step. */
export async function createLab(options: LabOptions = {}): Promise<Lab> {
  demandOptions('createLab', options, ['seed', 'lesson', 'images', 'clock']);
  const seed = seedOf(options.seed);
  const clock = clockOptionsOf(options.clock);
  const start = startOf(clock, START);
  const { lessons, place } = await beginningOf(options.lesson);
  tellFaultsOnce();
  const lab = new ImportedLab(clock, lessons, { start, images: imagesOf(options.images) });
  await lab.begin({ seed, start: place });
  return lab;
}

type Begin = Pick<Opening, 'seed' | 'start' | 'log'>;

class ImportedLab extends SharedCluster implements Lab {
  protected readonly noun = 'lab';
  readonly #lessons: readonly LessonDocument[];
  readonly #world: Pick<WorldOptions, 'start' | 'images'>;
  readonly #terminals: Terminals;
  /** By host: when the last of its commands has ended, whatever came of it. */
  readonly #running = new Map<string, Promise<void>>();
  #session!: Session;

  constructor(
    clock: LabOptions['clock'] & object,
    lessons: readonly LessonDocument[],
    world: Pick<WorldOptions, 'start' | 'images'>,
  ) {
    super(clock);
    this.#lessons = lessons;
    this.#world = world;
    const lab = this;
    this.#terminals = new Terminals({
      demandOpen: () => lab.demandOpen(),
      put: (input) => lab.#put(input).at,
      get now() {
        return lab.clock.now;
      },
      run: (done, end) => lab.time.run(done, end),
    });
  }

  async begin(where: Begin): Promise<void> {
    const writings = new Writings();
    this.#show(await openSession(this.#opening(where, writings)), writings);
  }

  protected get clock() {
    return this.#session.world.clock;
  }

  protected get server() {
    return this.#session.world.server;
  }

  get hosts(): readonly string[] {
    return [...this.#session.world.machines.keys()];
  }

  /** A host's shell takes one line after the other: two at once would write into each other's output. */
  async run(host: string, command: string): Promise<CommandResult> {
    this.demandOpen();
    hostOf(host, this.hosts);
    textOf('run', command);
    const earlier = this.#running.get(host);
    const result = earlier ? earlier.then(() => this.#runNow(host, command)) : this.#runNow(host, command);
    const ended = result.then(ignore, ignore);
    this.#running.set(host, ended);
    void ended.then(() => {
      if (this.#running.get(host) === ended) this.#running.delete(host);
    });
    return result;
  }

  async #runNow(host: string, command: string): Promise<CommandResult> {
    const entry = this.#put({ type: 'run', host, command });
    return this.#result<CommandResult>(entry, RUN_LIMIT + RUN_GRACE, `run: the shell on ${host} did not come back`);
  }

  terminal(host: string): LabTerminal {
    this.demandOpen();
    return this.#terminals.of(hostOf(host, this.hosts));
  }

  async power(host: string, on: boolean): Promise<void> {
    this.demandOpen();
    if (typeof on !== 'boolean') throw new UsageError(`power: ${JSON.stringify(on)} is neither true nor false`);
    const { at } = this.#put({ type: 'power', host: hostOf(host, this.hosts), on });
    await this.time.run(() => false, at);
  }

  async check(step: string): Promise<Checked> {
    this.demandOpen();
    const entry = this.#put({ type: 'check', place: placeOf(step, this.#lessons) });
    const lost = 'check: a command of a checkpoint did not come back';
    const checks = await this.#result<Verdict[]>(entry, RUN_LIMIT, lost);
    return { passed: checks.every(({ passed }) => passed), checks };
  }

  async solve(step: string): Promise<void> {
    this.demandOpen();
    const place = placeOf(step, this.#lessons);
    const entry = this.#put({ type: 'solve', place });
    const solved = await this.#session.solved(entry, (done, end) => this.time.run(done, end));
    this.demandOpen();
    if (!solved)
      throw new Error(`solve: ${place.lesson}/${place.step} did not pass; it may need what the steps before it leave`);
  }

  snapshot(): Snapshot {
    this.demandOpen();
    return this.#session.log();
  }

  async restore(snapshot: Snapshot): Promise<void> {
    this.demandOpen();
    const log = logOf(snapshot);
    const writings = new Writings();
    const session = await openSession(this.#opening({ seed: log.seed, start: log.start, log }, writings)).catch(
      (error: Error) => {
        throw error instanceof ReplayError ? new Error(`restore: ${error.message}`) : error;
      },
    );
    this.#session.close();
    this.#show(session, writings);
  }

  protected async write(request: OutsideRequest): Promise<ApiResponse> {
    const entry = this.#put({ type: 'request', ...request });
    const response = await this.#session.response(entry, (done, end) => this.time.run(done, end));
    this.demandOpen();
    if (!response) throw new Error('fetch: the world that was asked is no more');
    return response;
  }

  protected end(): void {
    this.#session.close();
  }

  #show(session: Session, writings: Writings): void {
    this.#session = session;
    this.beginTime();
    this.#terminals.show(writings);
  }

  #opening(where: Begin, writings: Writings): Opening {
    return {
      ...where,
      language: 'en',
      lessons: this.#lessons,
      world: this.#world,
      follow: true,
      listener: { output: (host, data) => writings.write(host, data) },
    };
  }

  #put<I extends Input>(input: I): LogEntry & I {
    this.demandOpen();
    const entry = this.#session.input(input, this.time.now());
    this.time.wake();
    return entry as LogEntry & I;
  }

  async #result<T extends CommandResult | Verdict[]>(entry: LogEntry, limit: number, lost: string): Promise<T> {
    const result = await this.#session.result<T>(entry, limit, (done, end) => this.time.run(done, end));
    this.demandOpen();
    if (!result) throw new Error(lost);
    return result;
  }
}

/** Registered once for trial: what is wrong with one is told before there is a lab. */
function imagesOf(given: readonly ImageDeclaration[] = []): readonly ImageDeclaration[] {
  demandImages(given);
  try {
    new ImageCatalogue(given);
  } catch (error) {
    throw new UsageError(`images: ${(error as Error).message}`);
  }
  return given;
}

function logOf(snapshot: unknown): Snapshot {
  try {
    return readLog(snapshot);
  } catch (error) {
    if (error instanceof LogError) throw new UsageError(`restore: ${error.message}`);
    throw error;
  }
}
