/** A lab that hostile input is given to, and what may not come of it. */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { CommandResult } from '../../sandbox/lesson/observation.ts';
import { onFault } from '../../sandbox/sim/faults.ts';
import { Coroutine, type Task } from '../../sandbox/sim/task.ts';
import { createWorld } from '../../sandbox/world/lab.ts';
import type { World } from '../../sandbox/world/world.ts';
import { quote } from './hostile.ts';

/**
 * Milliseconds of the processor an input may take (what its neighbours on a busy machine take is not its own): three times what the
 * longest are given in the world's own time, since a storm of processes or a recursion goes slower here than there.
 */
const PATIENCE = 10_000;
/** The same for one step of the world: until it ends, no key is heard. */
const STEP_PATIENCE = 2_000;
/** Virtual milliseconds a command may take before it is ended. */
const LIMIT = 20_000;
/** The JavaScript heap of a lab, in bytes: the world's 200 MB, the code, and what the collector has not looked at yet. */
const HEAP_LIMIT = 700 * 2 ** 20;

/** What only a JavaScript engine says. A learner who reads it has met the simulator. */
const TRACE =
  /\b(?:RangeError|TypeError|ReferenceError|AggregateError|URIError)\b|\bSyntaxError: |Cannot (?:read propert|set propert|convert|mix BigInt|destructure)|\bis not (?:a function|iterable|a constructor)|Maximum call stack|Invalid (?:array|string|code point|count value)\b|\.ts:\d+:\d+|node:internal|\[object \w+\]|\bBigInt\b|(?<![\w-])undefined(?!(?:[\w-]| variable))|(?<![\w-]|value: )NaN(?![\w-])/;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

export interface Fault {
  readonly kind: 'trace' | 'hang' | 'thrown' | 'silent' | 'memory' | 'invariant';
  readonly detail: string;
}

export class FuzzedLab {
  readonly world: World;

  constructor(seed: number) {
    this.world = createWorld({ seed });
  }

  /** Runs a command line on a host, in a bash of its own. */
  run(host: string, command: string, limit = LIMIT): Promise<CommandResult> {
    return this.#drive(this.world.script(host, `bash -c ${quote(command)} < /dev/null`, limit));
  }

  /** Lets virtual time pass. */
  async advance(ms: number): Promise<void> {
    const { clock } = this.world;
    const end = clock.now + ms;
    await this.#until(() => clock.now >= end, end);
  }

  /** Types at a host's terminal and lets it answer; what appeared meanwhile. */
  async type(host: string, keys: string, ms = 300): Promise<string> {
    let shown = '';
    this.#heard.set(host, (data) => (shown += data));
    if (!this.#listening.has(host)) {
      this.#listening.add(host);
      this.world.terminal(host).onOutput((data) => this.#heard.get(host)?.(data));
    }
    const { clock } = this.world;
    clock.input(clock.now + 1, () => this.world.terminal(host).input(keys));
    await this.advance(ms);
    return shown;
  }

  readonly #heard = new Map<string, (data: string) => void>();
  readonly #listening = new Set<string>();

  /** Whether every machine is switched on: an input may have switched one off, as it may. */
  get whole(): boolean {
    return [...this.world.machines.values()].every(({ up }) => up);
  }

  /** Whether each host's shell still answers a simple command (bash's own file may have been removed, as it may). */
  async alive(): Promise<Fault | undefined> {
    for (const host of this.world.machines.keys()) {
      if (!this.world.machines.get(host)!.up) continue;
      const { stdout } = await this.#drive(this.world.script(host, 'builtin echo alive', 60_000));
      // What an earlier input left running may write too.
      if (!stdout.includes('alive\n')) return { kind: 'silent', detail: `${host} answered ${JSON.stringify(stdout)}` };
    }
    return undefined;
  }

  async #drive<T>(task: Task<T>): Promise<T> {
    const coroutine = new Coroutine(this.world.clock, task);
    await this.#until(() => coroutine.outcome !== undefined, Number.POSITIVE_INFINITY);
    const outcome = coroutine.outcome!;
    if (outcome.status === 'done') return outcome.value;
    throw outcome.status === 'failed' ? outcome.error : new Error('killed');
  }

  async #until(done: () => boolean, time: number): Promise<void> {
    const { clock } = this.world;
    const spent = stopwatch();
    let spentBefore = 0;
    for (let steps = 1; !done(); steps++) {
      const before = performance.now();
      if (clock.held) await new Promise((resolve) => setTimeout(resolve, 1));
      else if (!clock.step(time)) return clock.held ? this.#until(done, time) : void clock.advanceTo(time);
      const long = performance.now() - before > STEP_PATIENCE;
      if (steps % 256 > 0 && !long) continue;
      const now = spent();
      if (long && now - spentBefore > STEP_PATIENCE)
        throw new Hang(`one step took ${Math.round(now - spentBefore)} ms`);
      if (now > PATIENCE) throw new Hang(`no end within ${PATIENCE} ms`);
      spentBefore = now;
    }
  }
}

class Hang extends Error {}

/** Milliseconds since now that this process has had a processor; the collector's threads beside it do not count twice. */
function stopwatch(): () => number {
  const started = performance.now();
  const usage = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(usage);
    return Math.min(performance.now() - started, (user + system) / 1_000);
  };
}

/** Runs one input; what it must not have done. `words` are those of the input itself, which may come back. */
export async function judge(input: string, act: () => Promise<string>): Promise<Fault | undefined> {
  let shown: string;
  const spent = stopwatch();
  const faults: string[] = [];
  const stopListening = onFault(({ where, error }) => faults.push(`${where}: ${trace(error)}`));
  try {
    shown = await act();
  } catch (error) {
    if (error instanceof Hang) return { kind: 'hang', detail: error.message };
    return { kind: 'thrown', detail: trace(error) };
  } finally {
    stopListening();
  }
  if (faults.length > 0) return { kind: 'thrown', detail: faults[0]! };
  const took = spent();
  if (took > PATIENCE) return { kind: 'hang', detail: `${Math.round(took)} ms` };
  const words = shown.match(new RegExp(TRACE, 'g'))?.find((words) => !input.includes(words));
  if (words) {
    const at = shown.indexOf(words);
    return { kind: 'trace', detail: shown.slice(Math.max(0, at - 200), at + 300) };
  }
  if (used() > HEAP_LIMIT && held() > HEAP_LIMIT)
    return { kind: 'memory', detail: `${Math.round(held() / 2 ** 20)} MB` };
  return undefined;
}

function used(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Bytes that are really held: what is left after a collection. */
export function held(): number {
  collectGarbage();
  return used();
}

const trace = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
