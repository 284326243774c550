/** What the kubelet thinks of its container runtime: whether it answers, and since when not (pkg/kubelet/runtime.go, pleg/generic.go). */

import { formatDuration } from '../sim/duration.ts';

/** maxWaitForContainerRuntime: silence of this length is a runtime that is down. */
const DOWN_AFTER = 30_000;
/** genericPlegRelistThreshold. */
const RELIST_THRESHOLD = 180_000;

export class RuntimeHealth {
  /** When it was heard of last, while it does not answer. */
  #silentSince: number | undefined;

  answers(): void {
    this.#silentSince = undefined;
  }

  fallsSilent(now: number): void {
    this.#silentSince ??= now;
  }

  get isSilent(): boolean {
    return this.#silentSince !== undefined;
  }

  /** runtimeErrors: what keeps the node from being ready; undefined if nothing does. */
  problem(now: number): string | undefined {
    if (this.#silentSince === undefined) return undefined;
    const silence = now - this.#silentSince;
    const problems: string[] = [];
    if (silence >= DOWN_AFTER) problems.push('container runtime is down');
    if (silence >= RELIST_THRESHOLD)
      problems.push(
        `PLEG is not healthy: pleg was last seen active ${formatDuration(silence)} ago; threshold is ${formatDuration(RELIST_THRESHOLD)}`,
      );
    return problems.length > 1 ? `[${problems.join(', ')}]` : problems[0];
  }
}
