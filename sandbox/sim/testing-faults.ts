/** In tests a fault is a failure, unless the test says that it expects some. */

import { afterAll, afterEach, beforeEach, vi } from 'vitest';
import { type Fault, onFault } from './faults.ts';

let faults: Fault[] = [];
let stop: (() => void) | undefined;

beforeEach(() => {
  faults = [];
  stop = onFault((fault) => faults.push(fault));
});

afterEach(() => {
  stop?.();
  const [first] = faults.splice(0);
  if (first) throw new Error(`a fault in ${first.where}`, { cause: first.error });
});

// The next file runs in the same process.
afterAll(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** The faults so far, which the test expected. */
export const takeFaults = (): readonly Fault[] => faults.splice(0);
