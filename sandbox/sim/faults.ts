/**
 * The one boundary of the world: a fault (an error that nobody expected, a mistake of ours) is kept to the pod, work item, request or
 * callback in which it happened, as a process of its own would keep it. Errors of the domain – Status, errno, exit codes – are no faults.
 */

export interface Fault {
  /** What was being done: `controller replicaset-controller default/web`, `pod default/web-0`, `GET /api/v1/pods`. */
  readonly where: string;
  readonly error: unknown;
}

const listeners = new Set<(fault: Fault) => void>();

/** For those who look after the lab: tests fail by it, the command line can print it. Returns how to stop listening. */
export function onFault(listener: (fault: Fault) => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

export function reportFault(where: string, error: unknown): void {
  for (const listener of listeners) listener({ where, error });
}

/** Runs `fn`; what it throws is a fault and goes no further: undefined then. */
export function contained<T>(where: string, fn: () => T): T | undefined {
  try {
    return fn();
  } catch (error) {
    reportFault(where, error);
    return undefined;
  }
}
