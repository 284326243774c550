/** A task with a time limit. */

import { type Task, type Wait, withTimeout as withTimeIsUp } from '../../../sim/task.ts';
import type { Session } from '../../session.ts';

/** `timeout` when `ms` milliseconds were not enough (the task is then closed). */
export function withTimeout<T>({ environment }: Session, ms: number, start: () => Task<T>): Task<T | 'timeout'> {
  const end = environment.now() + ms;
  const timeIsUp: Wait = (resume) => {
    const timer = environment.sleep(Math.max(0, end - environment.now())).next();
    if (!timer.done) return timer.value(resume);
    resume();
    return undefined;
  };
  return withTimeIsUp(start(), timeIsUp);
}
