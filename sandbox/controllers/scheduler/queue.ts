/** The scheduler's queue: pods to try now, and pods that fit nowhere until something happens (pkg/scheduler/backend/queue/scheduling_queue.go). */

import { StatusError } from '../../api/object.ts';
import type { Cause } from '../../sim/cause.ts';
import type { Clock, Timer } from '../../sim/clock.ts';
import { reportFault } from '../../sim/faults.ts';
import type { PluginName } from './plugin.ts';

/** podInitialBackoffSeconds and podMaxBackoffSeconds. */
const FIRST_BACKOFF = 1000;
const LONGEST_BACKOFF = 10_000;
/** A pod that fails again and again waits out its back-off; the first tries do not, as nothing else is to be done (SchedulerPopFromBackoffQ). */
const FREE_ATTEMPTS = 5;
/** podMaxInUnschedulablePodsDuration. */
const FLUSH = 300_000;
/** A scheduling cycle. */
const CYCLE = 1;

interface Waiting {
  readonly key: string;
  attempts: number;
  since: number;
  plugins: ReadonlySet<PluginName>;
  flush?: Timer;
}

export class SchedulingQueue {
  readonly #clock: Clock;
  readonly #schedule: (key: string) => void;
  readonly #pods = new Map<string, Waiting>();
  /** With what called for the attempt. */
  readonly #active = new Map<string, Cause | undefined>();
  readonly #unschedulable = new Set<Waiting>();
  #running = false;

  constructor(clock: Clock, schedule: (key: string) => void) {
    this.#clock = clock;
    this.#schedule = schedule;
  }

  add(key: string): void {
    if (!this.#pods.has(key)) this.#pods.set(key, { key, attempts: 0, since: 0, plugins: new Set() });
    this.#activate(key);
  }

  forget(key: string): void {
    const waiting = this.#pods.get(key);
    if (!waiting) return;
    waiting.flush?.cancel();
    this.#unschedulable.delete(waiting);
    this.#active.delete(key);
    this.#pods.delete(key);
  }

  /** The pod fits nowhere now; changes that concern one of `plugins` wake it. */
  fail(key: string, plugins: ReadonlySet<PluginName>): void {
    const waiting = this.#pods.get(key);
    if (!waiting) return;
    waiting.attempts++;
    waiting.since = this.#clock.now;
    waiting.plugins = plugins;
    waiting.flush?.cancel();
    waiting.flush = this.#clock.after(FLUSH, () => this.#wake(waiting), { background: true });
    this.#unschedulable.add(waiting);
  }

  /** MoveAllToActiveOrBackoffQueue: wakes the pods that one of `plugins` rejected. */
  wake(plugins: readonly PluginName[]): void {
    for (const waiting of this.#unschedulable) {
      if (plugins.some((plugin) => waiting.plugins.has(plugin))) this.#wake(waiting);
    }
  }

  /** Something happened to the very pod or its claims: no back-off. */
  wakePod(key: string): void {
    const waiting = this.#pods.get(key);
    if (!waiting) return;
    waiting.attempts = 0;
    waiting.flush?.cancel();
    this.#unschedulable.delete(waiting);
    this.#activate(key);
  }

  wakeAll(): void {
    for (const waiting of this.#unschedulable) this.#wake(waiting);
  }

  #wake(waiting: Waiting): void {
    this.#unschedulable.delete(waiting);
    waiting.flush?.cancel();
    const backoff = Math.min(FIRST_BACKOFF * 2 ** Math.max(0, waiting.attempts - 1), LONGEST_BACKOFF);
    const left = waiting.since + backoff - this.#clock.now;
    if (left <= 0 || waiting.attempts <= FREE_ATTEMPTS) this.#activate(waiting.key);
    else
      this.#clock.after(left, () => this.#pods.get(waiting.key) === waiting && this.#activate(waiting.key), {
        background: true,
      });
  }

  #activate(key: string): void {
    this.#active.set(key, this.#clock.cause ?? this.#active.get(key));
    if (this.#running) return;
    this.#running = true;
    this.#clock.after(CYCLE, () => this.#cycle());
  }

  /** One pod a cycle, first come first served. */
  #cycle(): void {
    const [next] = this.#active;
    if (!next) {
      this.#running = false;
      return;
    }
    const [key, cause] = next;
    this.#active.delete(key);
    if (this.#active.size > 0) this.#clock.after(CYCLE, () => this.#cycle());
    else this.#running = false;
    this.#clock.cause = cause;
    try {
      this.#schedule(key);
    } catch (error) {
      // What the API server refuses (a volume's promise, a nomination) is tried again with back-off.
      if (!(error instanceof StatusError)) reportFault(`scheduling ${key}`, error);
      this.fail(key, new Set());
    }
  }
}
