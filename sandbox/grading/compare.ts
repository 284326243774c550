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
  const holders = new Map<string, Set<number>>();
  const hold = (key: string, index: number) => holders.set(key, (holders.get(key) ?? new Set()).add(index));
  for (const [index, { trace }] of grades.entries()) {
    if (trace.whole !== 0) hold(`whole ${trace.whole}`, index);
    for (const run of trace.runs) hold(`run ${run}`, index);
  }
  const pairs = new Map<string, { readonly pair: readonly [number, number]; runs: number; whole: boolean }>();
  for (const [key, indices] of holders) {
    const all = [...indices];
    for (const [i, one] of all.entries())
      for (const other of all.slice(i + 1)) {
        const known = pairs.get(`${one} ${other}`) ?? { pair: [one, other] as const, runs: 0, whole: false };
        pairs.set(`${one} ${other}`, known);
        if (key.startsWith('whole')) known.whole = true;
        else known.runs++;
      }
  }
  return new Map(
    [...pairs.values()].map(({ pair, runs, whole }) => [pair, whole ? grades[pair[0]]!.trace.inputs : runs + RUN - 1]),
  );
}

/** By what the course system calls them, else by the name they typed; whoever says nothing is nobody else. */
function sameLearner({ learner: a }: Grade, { learner: b }: Grade): boolean {
  if (a.id !== undefined && b.id !== undefined) return a.id === b.id;
  return a.name !== undefined && a.name.toLowerCase() === b.name?.toLowerCase();
}
