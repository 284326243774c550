/** Indexed Jobs, and when a Job fails or succeeds by rules of its own (pkg/apis/batch/validation/validation.go). */

import type { Job } from '../../types.ts';
import { duplicate, invalid, notSupported, type Problems, required, tooMany, unsaid } from './errors.ts';
import { isQualifiedName } from './names.ts';
import { nonNegative } from './numbers.ts';

type Spec = NonNullable<Job['spec']>;
type FailureRule = NonNullable<Spec['podFailurePolicy']>['rules'][number];
type SuccessRule = NonNullable<Spec['successPolicy']>['rules'][number];

const MAX_PARALLELISM = 100_000;
const MAX_FAILED = 100_000;
/** Above so many, indexes that fail must be few enough to be told. */
const MANY = 100_000;
const LIMIT_OF_MANY = 10_000;

export function indexed(problems: Problems, spec: Spec, path: string): void {
  const { completions, parallelism, maxFailedIndexes: failed, backoffLimitPerIndex } = spec;
  if (completions === undefined) problems.add(required(`${path}.completions`, 'when completion mode is Indexed'));
  const complain = (field: 'parallelism' | 'maxFailedIndexes', text: string) =>
    problems.add(invalid(`${path}.${field}`, spec[field], text));
  if ((parallelism ?? 0) > MAX_PARALLELISM)
    complain('parallelism', `must be less than or equal to ${MAX_PARALLELISM} when completion mode is Indexed`);
  if (completions !== undefined && failed !== undefined && failed > completions)
    complain('maxFailedIndexes', 'must be less than or equal to completions');
  if ((failed ?? 0) > MAX_FAILED) complain('maxFailedIndexes', `must be less than or equal to ${MAX_FAILED}`);
  if ((completions ?? 0) <= MANY || backoffLimitPerIndex === undefined) return;
  if (failed === undefined)
    problems.add(required(`${path}.maxFailedIndexes`, `must be specified when completions is above ${MANY}`));
  const text = `must be less than or equal to ${LIMIT_OF_MANY} when completions are above ${MANY} and used with backoff limit per index`;
  if ((parallelism ?? 0) > LIMIT_OF_MANY) complain('parallelism', text);
  if ((failed ?? 0) > LIMIT_OF_MANY) complain('maxFailedIndexes', text);
}

const ACTIONS = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const OPERATORS = ['In', 'NotIn'];
const STATUSES = ['False', 'True', 'Unknown'];
const MAX_RULES = 20;
const MAX_PATTERNS = 20;
const MAX_VALUES = 255;

/** As Go prints a list of strings with %q. */
const valid = (values: readonly string[]): string =>
  `valid values: [${values.map((each) => JSON.stringify(each)).join(' ')}]`;

export function failurePolicy(problems: Problems, spec: Spec, path: string): void {
  const rules = spec.podFailurePolicy?.rules ?? [];
  if (rules.length > MAX_RULES) problems.add(tooMany(path, rules.length, MAX_RULES));
  const { containers = [], initContainers = [] } = spec.template?.spec ?? {};
  const names = new Set([...containers, ...initContainers].map(({ name }) => name));
  for (const [i, rule] of rules.entries()) failureRule(problems, spec, rule, names, `${path}[${i}]`);
}

function failureRule(
  problems: Problems,
  spec: Spec,
  { action, onExitCodes, onPodConditions = [] }: FailureRule,
  names: ReadonlySet<string>,
  path: string,
): void {
  if (!action) problems.add(required(`${path}.action`, valid(ACTIONS)));
  else if (action === 'FailIndex') {
    if (spec.backoffLimitPerIndex === undefined)
      problems.add(invalid(`${path}.action`, action, 'requires the backoffLimitPerIndex to be set'));
  } else if (!ACTIONS.includes(action)) problems.add(notSupported(`${path}.action`, action, ACTIONS));
  if (onExitCodes) exitCodes(problems, onExitCodes, names, `${path}.onExitCodes`);
  if (onPodConditions.length > MAX_PATTERNS)
    problems.add(tooMany(`${path}.onPodConditions`, onPodConditions.length, MAX_PATTERNS));
  for (const [i, { type = '', status }] of onPodConditions.entries()) {
    const own = `${path}.onPodConditions[${i}]`;
    for (const text of isQualifiedName(type)) problems.add(invalid(`${own}.type`, type, text));
    if (!status) problems.add(required(`${own}.status`, valid(STATUSES)));
    else if (!STATUSES.includes(status)) problems.add(notSupported(`${own}.status`, status, STATUSES));
  }
  if (onExitCodes && onPodConditions.length > 0)
    problems.add(unsaid(path, 'specifying both OnExitCodes and OnPodConditions is not supported'));
  if (!onExitCodes && onPodConditions.length === 0)
    problems.add(unsaid(path, 'specifying one of OnExitCodes and OnPodConditions is required'));
}

function exitCodes(
  problems: Problems,
  { operator, containerName, values = [] }: NonNullable<FailureRule['onExitCodes']>,
  names: ReadonlySet<string>,
  path: string,
): void {
  if (!operator) problems.add(required(`${path}.operator`, valid(OPERATORS)));
  else if (!OPERATORS.includes(operator)) problems.add(notSupported(`${path}.operator`, operator, OPERATORS));
  if (containerName !== undefined && !names.has(containerName))
    problems.add(
      invalid(
        `${path}.containerName`,
        containerName,
        'must be one of the container or initContainer names in the pod template',
      ),
    );
  if (values.length === 0) problems.add(invalid(`${path}.values`, null, 'at least one value is required'));
  else if (values.length > MAX_VALUES) problems.add(tooMany(`${path}.values`, values.length, MAX_VALUES));
  for (const [i, value] of values.entries()) {
    if (operator === 'In' && value === 0)
      problems.add(invalid(`${path}.values[${i}]`, value, 'must not be 0 for the In operator'));
    if (values.indexOf(value) < i) problems.add(duplicate(`${path}.values[${i}]`, value));
  }
  if (values.some((value, i) => i > 0 && values[i - 1]! > value))
    problems.add(invalid(`${path}.values`, values, 'must be ordered'));
}

export const goSuccessRule = ({ succeededIndexes = null, succeededCount = null }: SuccessRuleLike): object => ({
  SucceededIndexes: succeededIndexes,
  SucceededCount: succeededCount,
});

interface SuccessRuleLike {
  readonly succeededIndexes?: string | null;
  readonly succeededCount?: number | null;
}

export function successPolicy(problems: Problems, spec: Spec, path: string): void {
  const rules = spec.successPolicy?.rules ?? [];
  if (rules.length === 0)
    problems.add(required(path, 'at least one rules must be specified when the successPolicy is specified'));
  if (rules.length > MAX_RULES) problems.add(tooMany(path, rules.length, MAX_RULES));
  for (const [i, rule] of rules.entries()) successRule(problems, rule, spec.completions ?? 0, `${path}[${i}]`);
}

function successRule(
  problems: Problems,
  { succeededIndexes, succeededCount: count }: SuccessRule,
  completions: number,
  path: string,
): void {
  if (count === undefined && succeededIndexes === undefined)
    problems.add(required(path, 'at least one of succeededCount or succeededIndexes must be specified'));
  let total = 0;
  if (succeededIndexes !== undefined) {
    const counted = countIndexes(succeededIndexes, completions);
    if (typeof counted === 'number') total = counted;
    else
      problems.add(invalid(`${path}.succeededIndexes`, succeededIndexes, `error parsing succeededIndexes: ${counted}`));
  }
  if (count === undefined) return;
  const at = `${path}.succeededCount`;
  nonNegative(problems, count, at);
  if (count > completions)
    problems.add(
      invalid(at, count, `must be less than or equal to ${completions} (the number of specified completions)`),
    );
  if (succeededIndexes !== undefined && count > total)
    problems.add(
      invalid(
        at,
        count,
        `must be less than or equal to ${total} (the number of indexes in the specified succeededIndexes field)`,
      ),
    );
}

/** How many indexes `0,2-4` names, or what is wrong with it (validateIndexesFormat). */
function countIndexes(text: string, completions: number): number | string {
  if (text === '') return 0;
  let [total, last] = [0, -1];
  for (const interval of text.split(',')) {
    const ends = interval.split('-');
    if (ends.length > 2)
      return `the fragment ${JSON.stringify(interval)} violates the requirement that an index interval can have at most two parts separated by '-'`;
    for (const end of ends) {
      if (!/^[+]?[0-9]+$/.test(end)) return `cannot convert string to integer for index: ${JSON.stringify(end)}`;
      if (Number(end) >= completions) return `too large index: ${JSON.stringify(end)}`;
    }
    const [from, to] = [Number(ends[0]), Number(ends.at(-1))];
    if (from > to || (ends.length === 2 && from === to))
      return `non-increasing order, previous: ${from}, current: ${to}`;
    if (last >= from) return `non-increasing order, previous: ${last}, current: ${from}`;
    total += to - from + 1;
    last = to;
  }
  return total;
}
