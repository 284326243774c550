/** `lab script`: drives a lab by JSON lines, one answer a line, in virtual time. */

import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { options, wholeNumber, withUsage } from './lab-options.ts';
import { UsageError } from './library/errors.ts';
import { createLab, type Lab, type LabOptions, type Snapshot } from './library/index.ts';
import { QUIET } from './library/terminals.ts';
import { Screen } from './screen.ts';

export const main = (args: string[]): Promise<number> =>
  withUsage('script', async () => {
    const flags = options(args, { lesson: { type: 'string' }, seed: { type: 'string' } });
    const script = await Script.start({
      seed: wholeNumber('seed', flags.seed, 1),
      ...(flags.lesson !== undefined && { lesson: flags.lesson }),
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
  readonly #lab: Lab;
  readonly #screens = new Map<string, Screen>();

  private constructor(lab: Lab) {
    this.#lab = lab;
  }

  static async start(where: LabOptions): Promise<Script> {
    return new Script(await createLab(where));
  }

  /** Throws with the reason when the line cannot be done. */
  async answer(line: string): Promise<object> {
    const command = parseLine(line);
    for (const [key, act] of Object.entries(this.#acts)) if (key in command) return act(command);
    throw new UsageError(`nothing to do: expected one of ${Object.keys(this.#acts).join(', ')}`);
  }

  readonly #acts: Record<string, (command: Command) => Promise<object>> = {
    run: async ({ host, run }) => ({ host, run, ...(await this.#lab.run(host as string, run as string)) }),
    type: async ({ host, type }) => {
      // Its screen is there before what the keys bring.
      this.#screenOf(host as string);
      await this.#lab.terminal(host as string).type(type as string);
      return this.#screenOf(host as string).contents();
    },
    screen: async ({ host }) => {
      const terminal = this.#lab.terminal(host as string);
      if (terminal.output === '') await this.#lab.advance(QUIET);
      return this.#screenOf(host as string).contents();
    },
    advance: async ({ advance }) => {
      await this.#lab.advance(advance as string);
      return this.#ok();
    },
    settle: async () => {
      await this.#lab.settle();
      return this.#ok();
    },
    power: async ({ host, power }) => {
      if (power !== 'on' && power !== 'off')
        throw new UsageError(`power: ${JSON.stringify(power)} is neither "on" nor "off"`);
      await this.#lab.power(host as string, power === 'on');
      return this.#ok();
    },
    check: ({ check }) => this.#lab.check(check as string),
    solve: async ({ solve }) => {
      await this.#lab.solve(solve as string);
      return this.#ok();
    },
    snapshot: async (command) => {
      writeFileSync(text(command, 'snapshot'), `${JSON.stringify(this.#lab.snapshot())}\n`);
      return this.#ok();
    },
    restore: async (command) => {
      await this.#lab.restore(snapshotIn(text(command, 'restore')));
      return this.#ok();
    },
  };

  #screenOf(host: string): Screen {
    let screen = this.#screens.get(host);
    if (!screen) {
      const terminal = this.#lab.terminal(host);
      screen = new Screen();
      screen.write(terminal.output);
      terminal.onOutput((data) => screen!.write(data));
      this.#screens.set(host, screen);
    }
    return screen;
  }

  #ok(): object {
    return { ok: true, now: this.#lab.now.toISOString() };
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

function snapshotIn(file: string): Snapshot {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Snapshot;
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(`${file}: ${error.message}`);
    throw error;
  }
}
