/** The lab as sessions, lessons and hosts see it: machines with terminals, and what can be observed of them. */

import type { ApiRequest, ApiResponse, ApiServer } from '../api/http.ts';
import type { Api } from '../api/index.ts';
import type { SaveRequest, SaveResult } from '../channel/files.ts';
import type { Foreground } from '../channel/messages.ts';
import type { CommandResult, Observation } from '../lesson/observation.ts';
import type { Machine, Terminal } from '../machines/machine.ts';
import type { Clock } from '../sim/clock.ts';
import type { Task } from '../sim/task.ts';

export interface World {
  readonly clock: Clock;
  readonly machines: ReadonlyMap<string, Machine>;
  readonly server: ApiServer;
  /** Store and registry, for whoever looks at them without a request. */
  readonly api: Api;
  readonly observation: Observation;
  /** What the API server would answer to a GET or a dry run, without a trace. */
  inquire(request: ApiRequest): ApiResponse;
  /** A terminal by its name: each host has one of its own name. Throws when there is none. */
  terminal(host: string): Terminal;
  /** Another terminal on a host, with a login shell of its own, with which it ends. Throws when there is no such host. */
  openTerminal(host: string, name: string, onEnd: () => void): Terminal;
  /** Those that were opened and have not ended; what is typed into one that has is lost. */
  readonly openedTerminals: readonly string[];
  /** Hangs it up, as closing its window does; a host's own stays. */
  closeTerminal(name: string): void;
  /** Whether that terminal's login shell is in front. */
  atPrompt(host: string): boolean;
  /** What stands in front on it: the login shell's prompt, or a program's command line. */
  foreground(host: string): Foreground;
  /** Whether keys, typed now, would go to what an earlier line has begun: a program that reads or is signalled, a document in the shell. */
  goesInside(host: string, keys: string): boolean;
  /** Processes on all machines. */
  readonly tasks: number;
  /**
   * Runs a command line in the host's own long-lived shell without a terminal: cwd, variables and jobs stay.
   * After `limit` it is ended, with exit code 124.
   */
  script(host: string, command: string, limit: number): Task<CommandResult>;
  /** Writes a file as root, from outside; one that lies on a server that does not answer waits. */
  save(host: string, request: SaveRequest): Task<SaveResult>;
  /** The power button of a host's machine: on boots it, off is at once, as by pulling the plug. */
  power(host: string, on: boolean): void;
  /** Changes with every write of the API's store. */
  readonly revision: number;
}
