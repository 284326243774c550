/** `lab script`: drives a session by JSON lines, one answer a line, in virtual time. */

import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { LogError, readLog } from '../channel/log.ts';
import type { SessionLog } from '../channel/messages.ts';
import type { Verdict } from '../lesson/checkpoint.ts';
import type { CommandResult } from '../lesson/observation.ts';
import type { LessonDocument } from '../lesson/schema.ts';
import { RUN_LIMIT, Session, type SessionOptions } from '../session/session.ts';
import { advance, runUntil, settle } from '../sim/driver.ts';
import { parseDuration } from '../sim/duration.ts';
import { createWorld } from '../world/lab.ts';
import { options, place, placeOption, UsageError, wholeNumber, withUsage } from './lab-options.ts';
import { lessonsFromDisk } from './lessons-from-disk.ts';
import { Screen } from './screen.ts';

/** For what a command that had to be ended still printed. */
const RUN_GRACE = 1_000;
/** After keys were typed, the screen is looked at once nothing new has appeared for this long (virtual milliseconds). */
const QUIET = 400;
const TYPE_LIMIT = 10_000;

export const main = (args: string[]): Promise<number> =>
  withUsage('script', async () => {
    const flags = options(args, { lesson: { type: 'string' }, seed: { type: 'string' } });
    const lessons = lessonsFromDisk();
    const script = await Script.start(lessons, {
      seed: wholeNumber('seed', flags.seed, 1),
      start: placeOption(flags.lesson, lessons),
    });
    let failed = false;
    for await (const line of createInterface({ input: process.stdin })) {
      if (line.trim() === '') continue;
      let answer: object;
      try {
        answer = await script.answer(line);
      } catch (error) {
        failed = true;
        answer = { error: (error as Error).message };
      }
      process.stdout.write(`${JSON.stringify(answer)}\n`);
    }
    return failed ? 1 : 0;
  });

type Command = Readonly<Record<string, unknown>>;

class Script {
  readonly #lessons: readonly LessonDocument[];
  #session!: Session;
  #screens = new Map<string, Screen>();
  #lastOutput = 0;

  private constructor(lessons: readonly LessonDocument[]) {
    this.#lessons = lessons;
  }

  static async start(
    lessons: readonly LessonDocument[],
    where: Pick<SessionOptions, 'seed' | 'start'>,
  ): Promise<Script> {
    const script = new Script(lessons);
    script.#session = await Session.open(script.#options(where));
    return script;
  }

  /** Throws with the reason when the line cannot be done. */
  async answer(line: string): Promise<object> {
    const command = parseLine(line);
    for (const [key, act] of Object.entries(this.#acts)) if (key in command) return act(command);
    throw new UsageError(`nothing to do: expected one of ${Object.keys(this.#acts).join(', ')}`);
  }

  readonly #acts: Record<string, (command: Command) => Promise<object>> = {
    run: (command) => this.#run(this.#host(command), text(command, 'run')),
    type: (command) => this.#type(this.#host(command), text(command, 'type')),
    screen: async (command) => this.#screen(this.#host(command)),
    advance: async (command) => {
      const ms = typeof command.advance === 'string' ? parseDuration(command.advance) : undefined;
      if (ms === undefined || ms < 0)
        throw new UsageError(`advance: ${JSON.stringify(command.advance)} is not a duration (90s, 5m, 2h)`);
      await advance(this.#session.world.clock, this.#session.now + ms);
      return this.#ok();
    },
    settle: async () => {
      await settle(this.#session.world.clock);
      return this.#ok();
    },
    power: async (command) => {
      const { power } = command;
      if (power !== 'on' && power !== 'off')
        throw new UsageError(`power: ${JSON.stringify(power)} is neither "on" nor "off"`);
      const entry = this.#session.input({ type: 'power', host: this.#host(command), on: power === 'on' });
      await advance(this.#session.world.clock, entry.at);
      return this.#ok();
    },
    check: async (command) => {
      const entry = this.#session.input({ type: 'check', place: place(command.check, this.#lessons) });
      const checks = await this.#session.result<Verdict[]>(entry, RUN_LIMIT);
      if (!checks) throw new Error('check: a command of a checkpoint did not come back');
      return { passed: checks.every((c) => c.passed), checks };
    },
    solve: async (command) => {
      const at = place(command.solve, this.#lessons);
      const entry = this.#session.input({ type: 'solve', place: at });
      if (!(await this.#session.solved(entry as typeof entry & { type: 'solve' })))
        throw new Error(`solve: ${at.lesson}/${at.step} did not pass; it may need what the steps before it leave`);
      return this.#ok();
    },
    snapshot: async (command) => {
      writeFileSync(text(command, 'snapshot'), `${JSON.stringify(this.#session.log())}\n`);
      return this.#ok();
    },
    restore: async (command) => {
      const log = logOf(text(command, 'restore'));
      const shown = this.#screens;
      this.#screens = new Map();
      let restored: Session;
      try {
        restored = await Session.restore(this.#options({ seed: log.seed, start: log.start }), log);
      } catch (error) {
        // The world of before goes on.
        this.#screens = shown;
        throw error;
      }
      this.#session.close();
      this.#session = restored;
      const { diverged } = this.#session;
      if (diverged !== undefined)
        throw new Error(`restore: this version of the lab came to another state at entry ${diverged + 1}`);
      return this.#ok();
    },
  };

  #options(where: Pick<SessionOptions, 'seed' | 'start'>): SessionOptions {
    return {
      ...where,
      language: 'en',
      lessons: this.#lessons,
      createWorld: (seed) => createWorld({ seed }),
      follow: true,
      listener: {
        output: (host, data) => {
          this.#lastOutput = this.#session?.now ?? 0;
          this.#screenOf(host).write(data);
        },
      },
    };
  }

  async #run(host: string, command: string): Promise<object> {
    const entry = this.#session.input({ type: 'run', host, command });
    const result = await this.#session.result<CommandResult>(entry, RUN_LIMIT + RUN_GRACE);
    if (!result) throw new Error(`run: the shell on ${host} did not come back`);
    return { host, run: command, ...result };
  }

  async #type(host: string, keys: string): Promise<object> {
    const { world } = this.#session;
    const entry = this.#session.input({ type: 'keys', host, data: keys });
    await advance(world.clock, entry.at);
    const end = world.clock.now + TYPE_LIMIT;
    this.#lastOutput = world.clock.now;
    await runUntil(world.clock, () => world.clock.now - this.#lastOutput >= QUIET, end);
    return this.#screen(host);
  }

  async #screen(host: string): Promise<object> {
    this.#session.terminal(host);
    if (!this.#screens.has(host)) await advance(this.#session.world.clock, this.#session.now + QUIET);
    return this.#screenOf(host).contents();
  }

  #screenOf(host: string): Screen {
    let screen = this.#screens.get(host);
    if (!screen) {
      screen = new Screen();
      this.#screens.set(host, screen);
    }
    return screen;
  }

  #host(command: Command): string {
    const hosts = [...this.#session.world.machines.keys()];
    const host = command.host;
    if (typeof host !== 'string' || !hosts.includes(host))
      throw new UsageError(`no host ${JSON.stringify(host)} (there are: ${hosts.join(', ')})`);
    return host;
  }

  #ok(): object {
    return { ok: true, now: new Date(this.#session.now).toISOString() };
  }
}

function parseLine(line: string): Command {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new UsageError(`not JSON: ${(error as Error).message}`);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new UsageError('not a JSON object');
  return value as Command;
}

function text(command: Command, key: string): string {
  const value = command[key];
  if (typeof value !== 'string') throw new UsageError(`${key}: expected a string`);
  return value;
}

function logOf(file: string): SessionLog {
  try {
    return readLog(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof LogError) throw new UsageError(`${file}: ${error.message}`);
    throw error;
  }
}
