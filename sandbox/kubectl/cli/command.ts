/** A command of kubectl: its name, flags and what it does; commands nest (`create deployment`). */

import type { Task } from '../../sim/task.ts';
import type { Session } from '../session.ts';

export interface Command {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** Flag tables as FlagTable reads them. */
  readonly flags?: string;
  /** Flags that must be given (cobra's MarkFlagRequired). */
  readonly required?: readonly string[];
  readonly commands?: readonly Command[];

  readonly run?: (session: Session) => Task<void>;

  /** Without a Run of its own: whatever follows, its help is shown. */
  readonly helpOnly?: boolean;
  readonly hidden?: boolean;
  /** Where a command that only has subcommands prints its help; stdout unless said. */
  readonly helpTo?: 'stderr';
  /** What the shell's Tab offers for the arguments. */
  readonly complete?: 'types' | 'names' | 'pods' | 'contexts' | 'clusters' | 'users' | 'nodes';
  /** The only type that `names` offers. */
  readonly completeType?: string;
}
