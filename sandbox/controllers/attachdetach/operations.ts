/** Attaching and detaching take their time: one operation at a volume, tried again with back-off (pkg/volume/util/nestedpendingoperations, csi_attacher.go). */

import type { Clock } from '../../sim/clock.ts';
import type { Random } from '../../sim/random.ts';

/** exponentialbackoff: 500 ms doubling up to two minutes and two seconds. */
const FIRST_RETRY = 500;
const LONGEST_RETRY = 122_000;
/** waitForVolumeAttachDetachStatusWithLister: how often it looks, and for how long. */
const FIRST_LOOK = 500;
const LONGEST_LOOK = 7_000;
const LOOK_FACTOR = 1.05;
const JITTER = 0.1;
const TIMEOUT = 120_000;

export type OperationName = 'volume_attach' | 'volume_detach';
export type Looked = boolean | { readonly failure: string };

interface Operation {
  name: OperationName;
  pending: boolean;
  failures: number;
  /** When it may be tried again. */
  notBefore: number;
}

export interface Run {
  readonly key: string;
  readonly name: OperationName;
  /** Whether it has come about, or why it will not. */
  readonly look: () => Looked;
  readonly timeout: string;
  readonly done: () => void;
  readonly failed: (why: string) => void;
}

export class Operations {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #operations = new Map<string, Operation>();
  /** A volume is worth looking at again. */
  readonly #wake: (key: string) => void;

  constructor(clock: Clock, random: Random, wake: (key: string) => void) {
    this.#clock = clock;
    this.#random = random;
    this.#wake = wake;
  }

  isPending(key: string): boolean {
    return this.#operations.get(key)?.pending ?? false;
  }

  /** IsOperationSafeToRetry: neither running nor, if it is the same that failed, waiting for its next try. */
  mayRun(key: string, name: OperationName): boolean {
    const found = this.#operations.get(key);
    if (!found) return true;
    return !found.pending && (found.name !== name || this.#clock.now >= found.notBefore);
  }

  run({ key, name, look, timeout, done, failed }: Run): void {
    const before = this.#operations.get(key);
    const operation: Operation = {
      name,
      pending: true,
      failures: before?.name === name ? before.failures : 0,
      notBefore: 0,
    };
    this.#operations.set(key, operation);
    const deadline = this.#clock.now + TIMEOUT;
    const finish = (failure: string | undefined) => {
      operation.pending = false;
      if (failure === undefined) {
        this.#operations.delete(key);
        done();
        this.#wake(key);
        return;
      }
      const wait = Math.min(FIRST_RETRY * 2 ** operation.failures++, LONGEST_RETRY);
      operation.notBefore = this.#clock.now + wait;
      failed(failure);
      this.#clock.after(wait, () => this.#wake(key), { background: true });
    };
    const attempt = (pause: number) => {
      const seen = look();
      if (seen === true) finish(undefined);
      else if (seen) finish(seen.failure);
      else if (this.#clock.now >= deadline) finish(timeout);
      else {
        const jittered = this.#random.between(pause, Math.round(pause * (1 + JITTER)));
        const next = Math.min(pause * LOOK_FACTOR, LONGEST_LOOK);
        this.#clock.at(Math.min(this.#clock.now + jittered, deadline), () => attempt(next), { background: true });
      }
    };
    attempt(FIRST_LOOK);
  }
}
