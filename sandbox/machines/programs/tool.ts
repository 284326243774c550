/** What the programs share: options read, `--help`, messages with the program's name, an exit status that remembers. */

import type { Task } from '../../sim/task.ts';
import { isErrno } from '../errno.ts';
import type { Process, Program } from '../process.ts';
import { encode } from './bytes.ts';
import { OptionError, type OptionSpec, type Options, parseOptions, usageError } from './getopt.ts';
import { Output } from './io.ts';
import { quoteFor } from './quote.ts';

export interface ToolSpec extends OptionSpec {
  /** After `Usage: `. */
  readonly usage: string;
  /** What it does, in a line or more. */
  readonly about?: string;
  /** The status of a wrong option. */
  readonly usageStatus?: number;
  /** Where to read more after a wrong option, if it is not `Try 'NAME --help' …`. */
  readonly usageHint?: string;
  /** What stdout gets after the message of a wrong option, in place of that hint. */
  readonly usageText?: string;
  /** What `--help` prints, whole, where it is more than the usage. */
  readonly help?: string;
  readonly version?: string;
  /** What it says where memory is short, if not `memory exhausted`. */
  readonly noMemory?: string;
}

export { quoted } from './quote.ts';

export class Tool {
  readonly process: Process;
  readonly name: string;
  readonly options: Options;
  /** What `write` collects: written out in portions, and when the program ends. */
  readonly out: Output;
  status = 0;

  constructor(process: Process, name: string, options: Options) {
    this.process = process;
    this.name = name;
    this.options = options;
    this.out = new Output(process.stdout);
  }

  get operands(): string[] {
    return this.options.operands;
  }

  has(...names: string[]): boolean {
    return names.some((name) => this.options.has(name));
  }

  get(name: string): string | undefined {
    return this.options.get(name);
  }

  /** At once. */
  *print(text: string): Task<void> {
    yield* this.out.flush();
    yield* this.process.stdout.write(encode(text));
  }

  /** As stdio(3) does: in portions. */
  write(text: string): Task<void> {
    return this.out.write(text);
  }

  /** quote(3) of gnulib: in the locale's quotation marks. */
  quote(text: string): string {
    return quoteFor(this.process.env, text);
  }

  /** `NAME: message`; the program will end with `status`. */
  *complain(message: string, status = 1): Task<void> {
    this.status = Math.max(this.status, status);
    yield* this.process.error(`${this.name}: ${message}\n`);
  }

  /** A mistake in how it was called. */
  usage(message: string, status = 1): Task<number> {
    return usageError(this.process, this.name, message, status);
  }
}

/** A program made of options and a body; the body's number, or the status remembered, is its exit status. */
export function tool(name: string, spec: ToolSpec, body: (tool: Tool) => Task<number> | Task<void>): Program {
  const full = { ...spec, long: { help: 'help', version: 'version', ...spec.long } };
  return function* (process, argv) {
    let options: Options;
    try {
      options = parseOptions(argv.slice(1), full);
    } catch (error) {
      if (!(error instanceof OptionError)) throw error;
      if (spec.usageText === undefined)
        return yield* usageError(process, name, error.message, spec.usageStatus, spec.usageHint);
      yield* process.error(`${name}: ${error.message}\n`);
      yield* process.print(spec.usageText);
      return spec.usageStatus ?? 1;
    }
    if (options.has('help')) {
      yield* process.print(spec.help ?? `Usage: ${spec.usage}\n${spec.about ? `${spec.about}\n` : ''}`);
      return 0;
    }
    if (options.has('version')) {
      yield* process.print(`${spec.version ?? `${name} (GNU coreutils) 9.1`}\n`);
      return 0;
    }
    const instance = new Tool(process, name, options);
    try {
      const status = (yield* body(instance)) ?? instance.status;
      yield* instance.out.flush();
      return status;
    } catch (error) {
      if (isErrno(error, 'ENOMEM')) {
        yield* instance.out.flush();
        yield* process.error(`${name}: ${spec.noMemory ?? 'memory exhausted'}\n`);
        return spec.usageStatus ?? 1;
      }
      if (!isErrno(error)) throw error;
      yield* process.error(`${name}: write error: ${error.message}\n`);
      return spec.usageStatus ?? 1;
    }
  };
}

/** Runs a step whose system error is only told; says whether it went well. */
export function* attempt(tool: Tool, message: (words: string) => string, body: () => Task<void>): Task<boolean> {
  try {
    yield* body();
    return true;
  } catch (error) {
    if (!isErrno(error)) throw error;
    yield* tool.complain(message(error.message));
    return false;
  }
}
