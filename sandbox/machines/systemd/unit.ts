/** Units of systemd: what they are called, what they bring up, and the state they are in. */

import type { Cause } from '../../sim/cause.ts';
import type { Timer } from '../../sim/clock.ts';
import type { KernelMachine } from '../kernel/machine.ts';
import type { KernelProcess } from '../kernel/process.ts';
import type { Program } from '../process.ts';

/** What a unit is made of. A service has a main process unless it is `oneshot`. */
export interface UnitDefinition {
  /** `ssh.service` */
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly description: string;
  /** Where its file is; /lib/systemd/system unless given. */
  readonly directory?: string;
  readonly documentation?: readonly string[];
  readonly type?: 'simple' | 'notify' | 'oneshot' | 'forking';
  readonly enabled?: boolean;
  readonly preset?: 'enabled' | 'disabled';
  /** The unit cannot be enabled by hand. */
  readonly static?: boolean;
  /** argv of the main process. */
  readonly command?: readonly string[];
  /** Also started, before; stopped with it if `partOf`. */
  readonly requires?: readonly string[];
  readonly partOf?: readonly string[];
  /** What the running service does to its machine; returns how that is undone. Lines go to the journal. */
  start?(context: UnitContext): ((end: UnitEnd) => void) | undefined;
  /** Restart=always: so long after an end that nobody asked for (RestartSec, milliseconds) it is started again. */
  readonly restartAfter?: number;
  /** `systemctl reload`; absent if the unit cannot. */
  reload?(context: UnitContext): void;
  /** ExecStart lines that `systemctl status` shows of a oneshot: command line and exit code. */
  readonly steps?: readonly string[];
}

/** Whether the service had time to clear up after itself. */
export type UnitEnd = 'stopped' | 'crashed';

export interface UnitContext {
  readonly machine: KernelMachine;
  /** Writes a line to the journal as `identifier`; the unit's main process unless given. */
  log(text: string, identifier?: string): void;
}

export type ActiveState = 'active' | 'activating' | 'inactive' | 'failed';

export interface JournalEntry {
  readonly at: number;
  readonly unit: string;
  readonly identifier: string;
  readonly pid: number;
  readonly text: string;
}

export interface Unit {
  readonly definition: UnitDefinition;
  enabled: boolean;
  masked: boolean;
  active: ActiveState;
  /** `running`, `exited`, `dead`, `failed`, `auto-restart`. */
  sub: string;
  /** Of the last change of `active`. */
  since: number;
  because: Cause | undefined;
  process: KernelProcess | undefined;
  mainPid: number;
  undo: ((end: UnitEnd) => void) | undefined;
  /** Of a service that will be started again, and how often it was. */
  restart: Timer | undefined;
  restarts: number;
}

/** A daemon's main process only waits: what it does is the unit's own. */
export const daemon: Program = function* () {
  yield () => undefined;
  return 0;
};
