/** The package's entry: a lab, in Node, a worker or a page (docs/embedding.md). */

export { ApiError } from './client.ts';
export { TimeoutError, UsageError } from './errors.ts';
export { createLab } from './lab.ts';
export type * from './types.ts';
