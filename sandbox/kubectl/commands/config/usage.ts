/** How `config` complains about its arguments: the help on stdout, then the complaint (kubectl pkg/cmd/config/config.go helpErrorf). */

import type { Task } from '../../../sim/task.ts';
import { CommandError } from '../../cli/errors.ts';
import { helpText } from '../../help/help.ts';
import type { Session } from '../../session.ts';

export function* showHelp(session: Session): Task<void> {
  yield* session.out(yield* helpText(session.environment, session.path.replace(/^kubectl /, '')));
}

export function* helpError(session: Session, message: string): Task<never> {
  yield* showHelp(session);
  throw new CommandError(message);
}

export function* expectArguments(session: Session, count: number, words = 'Unexpected args'): Task<void> {
  if (session.args.length !== count) yield* helpError(session, `${words}: [${session.args.join(' ')}]`);
}
