/** placeholder */
import type { Process } from '../../machines/process.ts';
import type { Task } from '../../sim/task.ts';
export function* docker(process: Process): Task<number> {
  yield* process.error('docker: cannot connect\n');
  return 1;
}
