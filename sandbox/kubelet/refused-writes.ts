/** What a kubelet has to tell the API server and was refused is told again, in its newest words (pkg/kubelet/status/status_manager.go, syncPeriod). */

import { refusalOf } from '../api/errors.ts';

type Line = readonly [severity: 'E' | 'I', source: string, text: string];

/** How upstream logs that it could not. */
const WORDS = {
  registration: ['E', 'kubelet_node_status.go:95', 'Unable to register node with API server'],
  node: ['E', 'kubelet_node_status.go:540', 'Error updating node status, will retry'],
  lease: ['E', 'controller.go:145', 'Failed to ensure lease exists, will retry'],
  status: ['I', 'status_manager.go:877', 'Failed to update status for pod'],
  deletion: ['I', 'status_manager.go:890', 'Failed to delete status for pod'],
} as const satisfies Readonly<Record<string, Line>>;

export class RefusedWrites {
  readonly #log: (...line: Line) => void;
  /** By what they are about: at most two for each pod of the node. */
  readonly #writes = new Map<string, () => void>();

  constructor(log: (...line: Line) => void) {
    this.#log = log;
  }

  /** `uid` of the pod, if it is about one. */
  attempt(kind: keyof typeof WORDS, uid: string, write: () => void): void {
    const about = `${kind} ${uid}`;
    this.#writes.delete(about);
    const refusal = refusalOf(write);
    if (!refusal) return;
    const [severity, source, text] = WORDS[kind];
    this.#log(severity, source, `"${text}" err=${JSON.stringify(refusal.message)}`);
    this.#writes.set(about, () => this.attempt(kind, uid, write));
  }

  retry(): void {
    for (const again of [...this.#writes.values()]) again();
  }

  /** A kubelet that starts looks at everything anew. */
  clear(): void {
    this.#writes.clear();
  }
}
