/** What an NFS server keeps of its clients: files held open (version 4), locks, leases, and the grace after a restart (RFC 8881, 8.4; fs/nfsd/nfs4state.c). */

import type { Timer } from '../../sim/clock.ts';
import { firstOf, type Resume, type Task } from '../../sim/task.ts';
import { Errno } from '../errno.ts';
import type { Inode } from '../filesystem/inode.ts';
import { FileLocks, type LockMode, type LockOwner } from '../kernel/locks.ts';
import type { KernelMachine } from '../kernel/machine.ts';

/** nfsd's default for both, in milliseconds. */
const LEASE = 90_000;
const GRACE = 90_000;
/** A client renews its lease after two thirds of it, and so finds out by then that the server has started anew. */
const RENEWAL = 60_000;
/** NFS4_LOCK_MAXTIMEOUT. */
const LOCK_RETRY = 30_000;

/** A file that a client has open: its blocks stay, even without a name. */
export interface Pin {
  /** False once the server has forgotten it. */
  held: boolean;
  release(): void;
}

/** One boot of one client. */
export class ClientState {
  readonly machine: KernelMachine;
  readonly #server: KernelMachine;
  readonly #kernel: object;
  readonly dispose: () => void;
  /** When the server last could hear from it, while it cannot. */
  #silentSince: number | undefined;

  constructor(machine: KernelMachine, server: KernelMachine) {
    this.machine = machine;
    this.#server = server;
    this.#kernel = machine.kernel;
    this.dispose = server.network.watch(() => this.#look());
  }

  get current(): boolean {
    return this.machine.kernel === this.#kernel;
  }

  /** The lease has run out: what it holds goes to whoever asks for it. */
  get expired(): boolean {
    return this.#silentSince !== undefined && this.#server.clock.now - this.#silentSince >= LEASE;
  }

  get silent(): boolean {
    return this.#silentSince !== undefined;
  }

  #look(): void {
    const { network, address, clock } = this.#server;
    const reached = this.machine.up && this.current && network.reach(this.machine.address, address) === 'up';
    // A server that is off counts nobody's time.
    const heard = reached || !this.#server.up;
    this.#silentSince = heard ? undefined : (this.#silentSince ?? clock.now);
  }
}

export interface Lock {
  readonly client: ClientState;
  readonly version: string;
}

export class ServerState {
  readonly #machine: KernelMachine;
  readonly #clients = new Map<string, ClientState>();
  readonly #pins = new Set<Pin>();
  readonly #byInode = new WeakMap<Inode, FileLocks>();
  readonly #locks = new Set<FileLocks>();
  readonly #owners = new WeakMap<LockOwner, Lock>();
  /** Clients that have not taken back what they held before the last restart. */
  #reclaiming = new Set<ClientState>();
  #graceEnds: Timer | undefined;
  #waiting: Resume[] = [];

  constructor(machine: KernelMachine) {
    this.#machine = machine;
  }

  /** A client that has booted since is a new one, and what its former self held is let go (EXCHANGE_ID with another verifier). */
  client(machine: KernelMachine): ClientState {
    const known = this.#clients.get(machine.address);
    if (known?.current) return known;
    known?.dispose();
    const client = new ClientState(machine, this.#machine);
    this.#clients.set(machine.address, client);
    if (known) {
      this.#drop((one) => one === known);
      this.reclaimed(known);
    }
    return client;
  }

  /** Holds a file open for a client. */
  pin(inode: Inode): Pin {
    inode.opened();
    const pin: Pin = {
      held: true,
      release: () => {
        if (!pin.held) return;
        pin.held = false;
        this.#pins.delete(pin);
        inode.closed();
      },
    };
    this.#pins.add(pin);
    return pin;
  }

  /** The locks of a file of the server. */
  locks(inode: Inode): FileLocks {
    let locks = this.#byInode.get(inode);
    if (!locks) {
      locks = new FileLocks((owner) => this.#lapsed(owner));
      this.#byInode.set(inode, locks);
    }
    return locks;
  }

  /** lockFile() for a client: waits for the end of a grace, and for leases that run out as well as for holders that let go. */
  *lock(
    { client, version }: Lock,
    locks: FileLocks,
    owner: LockOwner,
    mode: LockMode,
    wait: boolean,
    reach: () => Task<void>,
  ): Task<void> {
    const { clock } = this.#machine;
    this.#owners.set(owner, { client, version });
    this.#locks.add(locks);
    for (;;) {
      yield* reach();
      if (this.#graceEnds) yield* this.#graceOver();
      else if (locks.try(owner, mode)) return;
      else if (!wait) throw new Errno('EAGAIN');
      else
        yield* firstOf(locks.changed, (resume) => {
          // The client asks again from time to time (nfs4_retry_setlk), and so finds leases that have run out.
          const timer = clock.after(LOCK_RETRY, resume, { background: true });
          return () => timer.cancel();
        });
    }
  }

  /** The threads have ended: files held open are closed; locks and clients are remembered on disk (nfsdcld). */
  stopped(): void {
    for (const pin of [...this.#pins]) pin.release();
    this.#endGrace(false);
  }

  /** Returns whether clients are waited for. */
  started(): boolean {
    this.#reclaiming = new Set([...this.#clients.values()].filter((one) => one.current && !one.expired));
    if (this.#reclaiming.size === 0) return false;
    const { clock } = this.#machine;
    this.#graceEnds = clock.after(GRACE, () => this.#endGrace(true), { background: true });
    clock.after(
      RENEWAL,
      () => {
        for (const one of [...this.#reclaiming]) if (!one.silent) this.reclaimed(one);
      },
      { background: true },
    );
    return true;
  }

  /** A client has heard of the restart and taken back what it had; the last one ends the grace. */
  reclaimed(client: ClientState): void {
    if (this.#reclaiming.delete(client) && this.#reclaiming.size === 0) this.#endGrace(true);
  }

  #endGrace(complete: boolean): void {
    this.#graceEnds?.cancel();
    if (this.#graceEnds && complete) {
      this.#drop((one) => this.#reclaiming.has(one));
      this.#machine.kernel.print('NFSD: all clients done reclaiming, ending NFSv4 grace period (net f0000000)');
    }
    this.#graceEnds = undefined;
    this.#reclaiming.clear();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }

  *#graceOver(): Task<void> {
    yield (resume) => {
      this.#waiting.push(resume);
      return () => {
        this.#waiting = this.#waiting.filter((one) => one !== resume);
      };
    };
  }

  #drop(whose: (client: ClientState) => boolean): void {
    for (const locks of this.#locks) {
      for (const { owner } of locks.held) {
        const lock = this.#owners.get(owner);
        if (lock && whose(lock.client)) locks.release(owner);
      }
      if (locks.held.length === 0) this.#locks.delete(locks);
    }
  }

  /** Version 3 knows no leases: what a client that is gone has locked stays locked until it comes back and says so. */
  #lapsed(owner: LockOwner): boolean {
    const lock = this.#owners.get(owner);
    return Boolean(lock?.version.startsWith('4') && lock.client.expired);
  }
}
