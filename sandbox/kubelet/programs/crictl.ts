/** placeholder */
import type { Process } from '../../machines/process.ts';
import type { Task } from '../../sim/task.ts';
export function* crictl(process: Process): Task<number> {
  yield* process.error('crictl: cannot connect\n');
  return 1;
}
