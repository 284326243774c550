/** A task with a time limit. */

import { firstOf, type Task } from '../../../sim/task.ts';
import type { Session } from '../../session.ts';

/** Drives the task wait by wait, each against what is left of the time; `timeout` when it ran out (the task is then closed). */
export function* withTimeout<T>(session: Session, ms: number, start: () => Task<T>): Task<T | 'timeout'> {
  const { environment } = session;
  const end = environment.now() + ms;
  const inner = start();
  try {
    let step = inner.next();
    while (!step.done) {
      const timer = environment.sleep(Math.max(0, end - environment.now())).next();
      if (timer.done) return 'timeout';
      let woken: { index: number; value: unknown };
      try {
        woken = yield* firstOf(step.value, timer.value);
      } catch (error) {
        step = inner.throw(error);
        continue;
      }
      if (woken.index === 1) return 'timeout';
      step = inner.next(woken.value);
    }
    return step.value;
  } finally {
    inner.return(undefined as T);
  }
}
