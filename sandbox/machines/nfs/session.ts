/** A client's way to one server: waiting for it, by `hard`, `soft` or `softerr` (nfs(5)), and what the kernel log says meanwhile. */

import { firstOf, sleep, type Task, type Wait } from '../../sim/task.ts';
import { Errno } from '../errno.ts';
import type { KernelMachine } from '../kernel/machine.ts';
import type { CacheLimits } from './attributes.ts';
import { NFS_PORT, type NfsServer } from './server.ts';
import type { ClientState } from './state.ts';

export interface NfsMountOptions {
  /** `4.2`, `4.1`, `4.0`, `3`. */
  readonly version: string;
  readonly readOnly: boolean;
  readonly recovery: 'hard' | 'soft' | 'softerr';
  /** Tenths of a second, and how often. */
  readonly timeo: number;
  readonly retrans: number;
  readonly cache: CacheLimits;
  /** Locks that stay on this machine: `flock` is what programs of the lab take. */
  readonly localLock: 'none' | 'flock' | 'posix' | 'all';
  /** Other options, in the order /proc/mounts has them. */
  readonly shown: readonly string[];
}

/** A reconnecting transport tries again after this. */
const RECONNECT = 1_000;

export class NfsSession {
  readonly machine: KernelMachine;
  readonly server: NfsServer;
  readonly address: string;
  readonly options: NfsMountOptions;
  readonly client: ClientState;
  /** The kernel log has been told that the server does not respond. */
  #complained = false;
  #abortions = 0;

  constructor(machine: KernelMachine, server: NfsServer, address: string, options: NfsMountOptions) {
    this.machine = machine;
    this.server = server;
    this.address = address;
    this.options = options;
    this.client = server.state.client(machine);
  }

  get versionFour(): boolean {
    return this.options.version.startsWith('4');
  }

  get answering(): boolean {
    const { machine, server, address } = this;
    const { network } = machine;
    return (
      server.running &&
      network.service(address, NFS_PORT) === server &&
      network.reach(machine.address, address) === 'up'
    );
  }

  /** A hard mount waits for the server for ever; a soft one gives up after a major timeout: timeo × (retrans + 1). */
  *reach(): Task<void> {
    if (!this.answering) yield* this.#wait();
    this.server.state.reclaimed(this.client);
  }

  *#wait(): Task<void> {
    const { machine, address, options } = this;
    const { clock, network, kernel } = machine;
    const hard = options.recovery === 'hard';
    const end = clock.now + options.timeo * 100 * (options.retrans + 1);
    const abortions = this.#abortions;
    while (!this.answering) {
      const majorTimeout: Wait = (resume) => {
        if (this.#complained && hard) return undefined;
        const timer = clock.at(end, resume, { background: hard });
        return () => timer.cancel();
      };
      const { index } = yield* firstOf(network.nextChange, majorTimeout);
      if (this.#abortions !== abortions) throw new Errno('EIO');
      if (index === 0) continue;
      if (!hard) {
        kernel.print(`nfs: server ${address} not responding, timed out`);
        throw new Errno(options.recovery === 'softerr' ? 'ETIMEDOUT' : 'EIO');
      }
      kernel.print(`nfs: server ${address} not responding, still trying`);
      this.#complained = true;
    }
    yield* sleep(clock, RECONNECT, true);
    if (this.#complained) kernel.print(`nfs: server ${address} OK`);
    this.#complained = false;
  }

  /** `umount -f`: those who wait get EIO. */
  abort(): void {
    this.#abortions++;
    this.machine.network.changed();
  }
}
