/** Fields that may not change once an object exists. */

import { equal } from '../../equality.ts';
import { invalid, type Problems } from './errors.ts';

/** ValidateImmutableField. */
export function immutable(problems: Problems, value: unknown, before: unknown, path: string): void {
  if (!equal(value, before)) problems.add(invalid(path, value, 'field is immutable'));
}
