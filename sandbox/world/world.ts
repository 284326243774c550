/** The lab as sessions, lessons and hosts see it: machines with terminals, and what can be observed of them. */

import type { ApiServer } from '../api/http.ts';
import type { Api } from '../api/index.ts';
import type { Foreground } from '../channel/messages.ts';
import type { CommandResult, Observation } from '../lesson/observation.ts';
import type { Machine, Terminal } from '../machines/machine.ts';
import type { Clock } from '../sim/clock.ts';
import type { Task } from '../sim/task.ts';

export interface World {
  readonly clock: Clock;
  readonly machines: ReadonlyMap<string, Machine>;
  /** The control plane from inside, for whoever tells why something is so. */
  readonly api: Api;
  readonly server: ApiServer;
  readonly observation: Observation;
  /** A terminal by its name: each host has one of its own name. Throws when there is none. */
  terminal(host: string): Terminal;
  /** Another terminal on a host, with a login shell of its own. Throws when there is no such host. */
  openTerminal(host: string, name: string): Terminal;
  /** Whether that terminal's login shell is in front. */
  atPrompt(host: string): boolean;
  /** What stands in front on it: the login shell's prompt, or a program's command line. */
  foreground(host: string): Foreground;
  /** Processes on all machines. */
  readonly tasks: number;
  /**
   * Runs a command line in the host's own long-lived shell without a terminal: cwd, variables and jobs stay.
   * After `limit` it is ended, with exit code 124.
   */
  script(host: string, command: string, limit: number): Task<CommandResult>;
  /** The power button of a host's machine: on boots it, off is at once, as by pulling the plug. */
  power(host: string, on: boolean): void;
  /** Changes with every write of the API's store. */
  readonly revision: number;
}
