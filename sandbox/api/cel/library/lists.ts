/** Lists: isSorted, sum, min, max, indexOf, lastIndexOf, includes (apiserver pkg/cel/library/lists.go). */

import type { Environment } from '@marcbachmann/cel-js';
import { equal } from '../../equality.ts';
import { CelError } from '../errors.ts';

type Comparable = bigint | number | string | boolean | Date;

const extreme = (list: readonly Comparable[], name: string, better: (a: Comparable, b: Comparable) => boolean) => {
  if (list.length === 0) throw new CelError(`${name} called on empty list`);
  return list.reduce((a, b) => (better(b, a) ? b : a));
};

const sum = (list: readonly (bigint | number)[]): bigint | number =>
  list.reduce((a, b) => ((a as bigint) + (b as bigint)) as bigint, typeof list[0] === 'number' ? 0 : 0n);

const indexed = (index: number): bigint => BigInt(index);

export function lists(environment: Environment): void {
  environment
    .registerFunction('list.isSorted(): bool', (list: readonly Comparable[]) =>
      list.every((item, i) => i === 0 || list[i - 1]! <= item),
    )
    .registerFunction('list.sum(): dyn', sum)
    .registerFunction('list.min(): dyn', (list: readonly Comparable[]) => extreme(list, 'min', (a, b) => a < b))
    .registerFunction('list.max(): dyn', (list: readonly Comparable[]) => extreme(list, 'max', (a, b) => a > b))
    .registerFunction('list.indexOf(dyn): int', (list: readonly unknown[], item: unknown) =>
      indexed(list.findIndex((each) => equal(each, item))),
    )
    .registerFunction('list.lastIndexOf(dyn): int', (list: readonly unknown[], item: unknown) =>
      indexed(list.findLastIndex((each) => equal(each, item))),
    )
    .registerFunction('list.includes(dyn): bool', (list: readonly unknown[], item: unknown) =>
      list.some((each) => equal(each, item)),
    );
}
