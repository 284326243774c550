/** The recorded watch streams: every scenario, typed again, goes through the same states and tells the same events, object by object. */

import { afterAll, expect, test } from 'vitest';
import { exceptions } from './exceptions.ts';
import { recordings } from './recording.ts';
import { type Difference, differencesOf } from './scenario.ts';

const outcomes: string[] = [];

for (const recording of recordings()) {
  const { scenario } = recording;
  test(scenario, async () => {
    const excused = exceptions.filter((each) => each.scenario === scenario);
    const is = (difference: Difference) => (exception: Omit<Difference, 'text'>) =>
      exception.role === difference.role && exception.aspect === difference.aspect;
    const found = await differencesOf(recording, excused);
    const unexcused = found.filter((difference) => !excused.some(is(difference)));
    const idle = excused.filter((exception) => !found.some((difference) => is(difference)(exception)));
    outcomes.push(`${scenario}: ${outcomeOf(unexcused.length, new Set(excused.map(({ why }) => why)))}`);
    expect(unexcused.map(({ role, aspect, text }) => `${role} ${aspect} ${text}`).join('\n')).toBe('');
    expect(idle, 'exceptions that are no longer needed').toEqual([]);
  });
}

const outcomeOf = (differences: number, reasons: ReadonlySet<string>): string => {
  if (differences > 0) return `${differences} DIFFERENCES`;
  return reasons.size > 0 ? `agrees but for this: ${[...reasons].join('; ')}` : 'agrees';
};

afterAll(() => {
  const clean = outcomes.filter((outcome) => outcome.endsWith(': agrees')).length;
  console.info(`${outcomes.join('\n')}\n${clean}/${outcomes.length} agree without exception`);
});
