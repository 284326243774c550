/** Evicts pods side by side and waits until they are gone (kubectl pkg/drain/drain.go evictPods, deletePods). */

import type { Pod } from '../../../api/types.ts';
import { formatDuration } from '../../../sim/duration.ts';
import type { Task } from '../../../sim/task.ts';
import { ApiError, CommandError, isNotFound } from '../../cli/errors.ts';
import { compactJson } from '../../printers/json.ts';
import type { DryRun } from '../../printers/output.ts';
import type { Session } from '../../session.ts';
import { quote } from '../../text.ts';
import { isLongDeleted } from './pods.ts';

const RETRY_DELAY = 5_000;
const POLL_INTERVAL = 1_000;

/** A pod on its way out, and when there is something to do about it next. */
interface Leaving {
  pod: Pod;
  due: number;
  evicted: boolean;
}

/** Returns what failed. */
export function* evictPods(session: Session, pods: readonly Pod[], dryRun: DryRun): Task<Error[]> {
  return yield* new Eviction(session, dryRun).run(pods);
}

class Eviction {
  readonly #session: Session;
  readonly #dryRun: DryRun;
  readonly #timeout: number;
  readonly #deadline: number;
  readonly #usesEviction: boolean;

  constructor(session: Session, dryRun: DryRun) {
    this.#session = session;
    this.#dryRun = dryRun;
    this.#timeout = session.flags.duration('timeout');
    this.#deadline = this.#timeout > 0 ? session.environment.now() + this.#timeout : Number.POSITIVE_INFINITY;
    this.#usesEviction = !session.flags.bool('disable-eviction');
  }

  *run(pods: readonly Pod[]): Task<Error[]> {
    const { environment } = this.#session;
    const errors: Error[] = [];
    const now = environment.now();
    // Go starts the goroutine that was made last first.
    const leaving = [...pods.slice(-1), ...pods.slice(0, -1)].map(
      (pod): Leaving => ({ pod, due: now, evicted: false }),
    );
    while (leaving.length > 0) {
      const next = leaving.reduce((a, b) => (b.due < a.due ? b : a));
      if (next.due > environment.now()) yield* environment.sleep(next.due - environment.now());
      try {
        if (yield* this.#step(next)) leaving.splice(leaving.indexOf(next), 1);
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        errors.push(error);
        leaving.splice(leaving.indexOf(next), 1);
      }
    }
    return errors;
  }

  /** Whether nothing is left to do about it. */
  #step(leaving: Leaving): Task<boolean> {
    if (leaving.evicted) return this.#poll(leaving);
    return this.#usesEviction ? this.#evict(leaving) : this.#delete(leaving);
  }

  *#evict(leaving: Leaving): Task<boolean> {
    const session = this.#session;
    const { name, namespace } = leaving.pod.metadata;
    const suffix = this.#dryRun === 'server' ? ' (server dry run)' : '';
    const failed = `error when evicting pods/${quote(name)} -n ${quote(namespace!)}`;
    yield* session.out(`evicting pod ${namespace}/${name}${suffix}\n`);
    if (session.environment.now() >= this.#deadline)
      throw new CommandError(`${failed}: global timeout reached: ${formatDuration(this.#timeout)}`);
    try {
      yield* this.#post(leaving.pod);
    } catch (error) {
      if (isNotFound(error)) return true;
      const { message } = error as Error;
      if (!(error instanceof ApiError) || error.reason !== 'TooManyRequests')
        throw new CommandError(`${failed}: ${message}`);
      yield* session.err(`${failed} (will retry after 5s): ${message}\n`);
      leaving.due = session.environment.now() + RETRY_DELAY;
      return false;
    }
    leaving.evicted = true;
    return this.#dryRun === 'server';
  }

  *#post({ metadata: { name, namespace } }: Pod): Task<void> {
    const client = yield* this.#session.client();
    const body = compactJson({
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name, namespace },
      deleteOptions: this.#options(),
    });
    yield* client.text('POST', `/api/v1/namespaces/${namespace}/pods/${name}/eviction`, { body });
  }

  *#delete(leaving: Leaving): Task<boolean> {
    const { name, namespace } = leaving.pod.metadata;
    const client = yield* this.#session.client();
    const body = compactJson({ kind: 'DeleteOptions', apiVersion: 'v1', ...this.#options() });
    try {
      yield* client.text('DELETE', `/api/v1/namespaces/${namespace}/pods/${name}`, { body });
    } catch (error) {
      if (!isNotFound(error)) throw new CommandError((error as Error).message);
    }
    leaving.evicted = true;
    return this.#dryRun === 'server';
  }

  #options(): object {
    const grace = this.#session.flags.int('grace-period');
    return {
      ...(grace >= 0 ? { gracePeriodSeconds: grace } : {}),
      ...(this.#dryRun === 'server' ? { dryRun: ['All'] } : {}),
    };
  }

  *#poll(leaving: Leaving): Task<boolean> {
    const session = this.#session;
    const { name, namespace, uid } = leaving.pod.metadata;
    const client = yield* session.client();
    const gone = `${this.#usesEviction ? 'evicted' : 'deleted'}\n`;
    let current: Pod;
    try {
      current = yield* client.json<Pod>('GET', `/api/v1/namespaces/${namespace}/pods/${name}`);
    } catch (error) {
      if (!isNotFound(error))
        throw new CommandError(
          `error when waiting for pod ${quote(name)} in namespace ${quote(namespace!)} to terminate: ${(error as Error).message}`,
        );
      yield* session.out(`pod/${name} ${gone}`);
      return true;
    }
    if (current.metadata.uid !== uid) {
      yield* session.out(`pod/${name} ${gone}`);
      return true;
    }
    if (isLongDeleted(session, current)) {
      yield* session.out(
        `pod ${quote(name)} has DeletionTimestamp older than ${session.flags.int('skip-wait-for-delete-timeout')} seconds, skipping\n`,
      );
      return true;
    }
    const now = session.environment.now();
    if (now >= this.#deadline) throw new CommandError(this.#timedOut(name, namespace!));
    leaving.due = Math.min(now + POLL_INTERVAL, this.#deadline);
    return false;
  }

  #timedOut(name: string, namespace: string): string {
    const why = 'context deadline exceeded';
    return this.#usesEviction
      ? `error when waiting for pod ${quote(name)} in namespace ${quote(namespace)} to terminate: ${why}`
      : why;
  }
}
