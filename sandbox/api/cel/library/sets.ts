/** Lists as sets: sets.contains, sets.equivalent, sets.intersects (cel-go ext/sets.go). */

import type { Environment } from '@marcbachmann/cel-js';
import { equal } from '../../equality.ts';

class Sets {}

type List = readonly unknown[];

const has = (list: List, item: unknown): boolean => list.some((each) => equal(each, item));
const contains = (list: List, others: List): boolean => others.every((item) => has(list, item));

export function sets(environment: Environment): void {
  environment
    .registerType('kubernetes.Sets', Sets)
    .registerConstant('sets', 'kubernetes.Sets', new Sets())
    .registerFunction('kubernetes.Sets.contains(list, list): bool', (_: Sets, a: List, b: List) => contains(a, b))
    .registerFunction(
      'kubernetes.Sets.equivalent(list, list): bool',
      (_: Sets, a: List, b: List) => contains(a, b) && contains(b, a),
    )
    .registerFunction('kubernetes.Sets.intersects(list, list): bool', (_: Sets, a: List, b: List) =>
      a.some((item) => has(b, item)),
    );
}
