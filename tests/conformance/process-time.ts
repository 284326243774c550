/** How much of the time that passed a process was at work, or wanted to be (Linux sched-stats: /proc/PID/task/TID/schedstat). */

import { readdirSync, readFileSync } from 'node:fs';

const NANOSECONDS_PER_MS = 1e6;

/** Milliseconds on a processor and waiting for one since the last call, over the threads that `threads` lists by their folders. */
export function busyTime(threads: () => readonly string[]): () => number {
  const seen = new Map<string, number>();
  return () => {
    let sum = 0;
    for (const thread of threads()) {
      const [ran = 0, waited = 0] = read(`${thread}/schedstat`).split(' ').map(Number);
      sum += ran + waited - (seen.get(thread) ?? 0);
      seen.set(thread, ran + waited);
    }
    return sum / NANOSECONDS_PER_MS;
  };
}

/** All threads of a process and of its children now. */
export function threadsBelow(pid: number): string[] {
  const threads = threadsOf(pid);
  const children = threads.flatMap((thread) => read(`${thread}/children`).split(' ').filter(Boolean).map(Number));
  return [...threads, ...children.flatMap(threadsBelow)];
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}`);
  } catch {
    return [];
  }
}

/** A process may end between two looks. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}
