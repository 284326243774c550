/** What containerd does with a container's stdout or stderr: keeps lines in the log, and feeds those who are attached. */

import type { ContainerLog, StreamName } from './log.ts';

export class LogStream {
  readonly #name: StreamName;
  readonly #log: ContainerLog;
  readonly #decoder = new TextDecoder();
  readonly #attached = new Set<(data: Uint8Array) => void>();
  #rest = '';

  constructor(name: StreamName, log: ContainerLog) {
    this.#name = name;
    this.#log = log;
  }

  take(data: Uint8Array): void {
    for (const receive of this.#attached) receive(data);
    const lines = (this.#rest + this.#decoder.decode(data, { stream: true })).split('\n');
    this.#rest = lines.pop()!;
    if (lines.length > 0) this.#log.append(this.#name, lines);
  }

  /** The last line, without its end, is a line too. */
  end(): void {
    if (this.#rest === '') return;
    this.#log.append(this.#name, [this.#rest]);
    this.#rest = '';
  }

  /** `kubectl attach`: gets what is written from now on. Returns what detaches. */
  attach(receive: (data: Uint8Array) => void): () => void {
    this.#attached.add(receive);
    return () => this.#attached.delete(receive);
  }
}
