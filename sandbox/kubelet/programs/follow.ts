/** Prints a log: what there is, or what comes until it ends. */

import type { Process } from '../../machines/process.ts';
import type { Channel } from '../../sim/channel.ts';
import type { Task } from '../../sim/task.ts';

export function* follow(process: Process, log: string | Channel<string>): Task<number> {
  if (typeof log === 'string') {
    yield* process.print(log);
    return 0;
  }
  try {
    for (let text = yield* log.next(); text !== undefined; text = yield* log.next()) yield* process.print(text);
    return 0;
  } finally {
    log.cancel();
  }
}
