/** Logs beside each other: which were copied, and which are an earlier save of another one. */

import { type Doubt, type Grade, stateOf } from '../channel/grades.ts';
import { RUN } from './trace.ts';

/** The same grades, in their order, with what they tell of each other. Who copied from whom, two logs cannot tell: both are doubted. */
export function compare(grades: readonly Grade[]): Grade[] {
  const doubts = new Map<number, Doubt>();
  const superseded = new Map<number, string>();
  for (const [[one, other], shared] of sharing(grades)) {
    const [a, b] = [grades[one]!, grades[other]!];
    if (sameLearner(a, b)) {
      const earlier = b.trace.inputs < a.trace.inputs ? other : one;
      superseded.set(earlier, grades[earlier === one ? other : one]!.source);
      continue;
    }
    const same = a.trace.whole !== 0 && a.trace.whole === b.trace.whole;
    const doubt = { kind: same ? 'same' : 'run', detail: '', shared } as const;
    for (const [mine, theirs] of [
      [one, b],
      [other, a],
    ] as const)
      if ((doubts.get(mine)?.shared ?? 0) < shared) doubts.set(mine, { ...doubt, other: theirs.source });
  }
  return grades.map((grade, index) => {
    const doubt = doubts.get(index);
    const supersededBy = superseded.get(index);
    const all = doubt ? [...grade.doubts, doubt] : grade.doubts;
    return { ...grade, doubts: all, state: stateOf(all), ...(supersededBy !== undefined && { supersededBy }) };
  });
}

/** Pairs of grades, by position, with how many inputs they have in common. */
function sharing(grades: readonly Grade[]): Map<readonly [number, number], number> {
  const pairs = new Map<string, { readonly pair: readonly [number, number]; runs: number; whole: boolean }>();
  const pairUp = (indices: ReadonlySet<number>, whole: boolean) => {
    const all = [...indices];
    for (const [i, one] of all.entries())
      for (const other of all.slice(i + 1)) {
        const known = pairs.get(`${one} ${other}`) ?? { pair: [one, other] as const, runs: 0, whole: false };
        pairs.set(`${one} ${other}`, known);
        if (whole) known.whole = true;
        else known.runs++;
      }
  };
  for (const indices of inCommon(grades, ({ whole }) => (whole === 0 ? [] : [whole]))) pairUp(indices, true);
  for (const indices of inCommon(grades, ({ runs }) => runs)) pairUp(indices, false);
  return new Map(
    [...pairs.values()].map(({ pair, runs, whole }) => [pair, whole ? grades[pair[0]]!.trace.inputs : runs + RUN - 1]),
  );
}

/** For each key that several grades have: which do. A class has a million that one has. */
function inCommon(grades: readonly Grade[], keysOf: (trace: Grade['trace']) => readonly number[]) {
  const first = new Map<number, number>();
  const several = new Map<number, Set<number>>();
  for (const [index, { trace }] of grades.entries())
    for (const key of keysOf(trace)) {
      const holder = first.get(key);
      if (holder === undefined) first.set(key, index);
      else if (holder !== index) several.set(key, (several.get(key) ?? new Set([holder])).add(index));
    }
  return several.values();
}

/** By what the course system calls them, else by the name they typed; whoever says nothing is nobody else. */
function sameLearner({ learner: a }: Grade, { learner: b }: Grade): boolean {
  if (a.id !== undefined && b.id !== undefined) return a.id === b.id;
  return a.name !== undefined && a.name.toLowerCase() === b.name?.toLowerCase();
}
