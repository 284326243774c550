/** Label selectors (apimachinery pkg/apis/meta/v1/validation) and whether they select what they must. */

import { validateLabels } from '../../registry/metadata.ts';
import { forbidden, invalid, type Problems, required } from './errors.ts';
import { isLabelValue, isQualifiedName } from './names.ts';

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly Requirement[];
}

interface Requirement {
  readonly key?: string;
  readonly operator?: string;
  readonly values?: readonly string[];
}

type Labels = Readonly<Record<string, string>> | undefined;

const good = new WeakSet<object>();

export function labelSelector(problems: Problems, selector: LabelSelector, path: string): void {
  if (good.has(selector)) return;
  const labels = validateLabels(selector.matchLabels, `${path}.matchLabels`);
  problems.addAll(labels);
  for (const [i, requirement] of (selector.matchExpressions ?? []).entries())
    expression(problems, requirement, `${path}.matchExpressions[${i}]`);
  if (labels.length === 0 && !selector.matchExpressions) good.add(selector);
}

/** The operators that label and node selectors share; false if it is none of them. */
export function setOperator(problems: Problems, operator: string, values: readonly string[], path: string): boolean {
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values.length === 0)
        problems.add(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
      return true;
    case 'Exists':
    case 'DoesNotExist':
      if (values.length > 0)
        problems.add(forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
      return true;
    default:
      return false;
  }
}

function expression(problems: Problems, { key = '', operator = '', values = [] }: Requirement, path: string): void {
  if (!setOperator(problems, operator, values, path))
    problems.add(invalid(`${path}.operator`, operator, 'not a valid selector operator'));
  labelName(problems, key, `${path}.key`);
  for (const [i, value] of values.entries())
    for (const text of isLabelValue(value)) problems.add(invalid(`${path}.values[${i}]`, value, text));
}

export function labelName(problems: Problems, key: string, path: string): void {
  for (const text of isQualifiedName(key)) problems.add(invalid(path, key, text));
}

export const isEmptySelector = ({ matchLabels, matchExpressions }: LabelSelector): boolean =>
  Object.keys(matchLabels ?? {}).length + (matchExpressions ?? []).length === 0;

/** LabelSelectorAsSelector(selector).Matches(labels); no selector selects nothing. */
export function selects(selector: LabelSelector | undefined, labels: Labels): boolean {
  if (!selector) return false;
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) if (labels?.[key] !== value) return false;
  return (selector.matchExpressions ?? []).every(({ key = '', operator, values = [] }) => {
    const value = labels?.[key];
    if (operator === 'In') return value !== undefined && values.includes(value);
    if (operator === 'NotIn') return value === undefined || !values.includes(value);
    return operator === 'Exists' ? value !== undefined : value === undefined;
  });
}

/** The selector of a controller: there, well formed, and not of everything. */
export function controllerSelector(
  problems: Problems,
  selector: LabelSelector | undefined,
  kind: string,
  path = 'spec.selector',
): void {
  if (!selector) {
    problems.add(required(path));
    return;
  }
  labelSelector(problems, selector, path);
  if (isEmptySelector(selector)) problems.add(invalid(path, selector, `empty selector is invalid for ${kind}`));
}
