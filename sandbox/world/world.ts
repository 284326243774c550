/** The lab as sessions, lessons and hosts see it: machines with terminals, and what can be observed of them. */

import type { ApiServer } from '../api/http.ts';
import type { CommandResult, Observation } from '../lesson/observation.ts';
import type { Machine, Terminal } from '../machines/machine.ts';
import type { Clock } from '../sim/clock.ts';
import type { Task } from '../sim/task.ts';

export interface World {
  readonly clock: Clock;
  readonly machines: ReadonlyMap<string, Machine>;
  readonly server: ApiServer;
  readonly observation: Observation;
  /** The host's terminal; its login shell starts with the first call. */
  terminal(host: string): Terminal;
  /** Whether that terminal's shell waits for a command. */
  atPrompt(host: string): boolean;
  /** Runs a command line without a terminal, in a shell of its own, as checks do; undefined when it did not end in time. */
  run(host: string, command: string, limit: number): Task<CommandResult | undefined>;
  /**
   * Runs a command line in the host's own long-lived shell without a terminal: cwd, variables and jobs stay.
   * After `limit` it is ended, with exit code 124.
   */
  script(host: string, command: string, limit: number): Task<CommandResult>;
  /** Changes with every write of the API's store. */
  readonly revision: number;
}
