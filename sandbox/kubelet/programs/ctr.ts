/** placeholder */
import type { Process } from '../../machines/process.ts';
import type { Task } from '../../sim/task.ts';
export function* ctr(process: Process): Task<number> {
  yield* process.error('ctr: cannot connect\n');
  return 1;
}
