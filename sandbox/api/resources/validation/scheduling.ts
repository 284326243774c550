/** Where a pod may go: tolerations, affinity, spreading (ValidateTolerations, validateAffinity, validateTopologySpreadConstraints). */

import { validateLabels } from '../../registry/metadata.ts';
import type { Node, PodSpec } from '../../types.ts';
import { duplicate, forbidden, invalid, notSupported, type Problems, required } from './errors.ts';
import { isDNS1123Subdomain, isLabelValue } from './names.ts';
import { labelName, labelSelector, setOperator } from './selectors.ts';

type Toleration = NonNullable<PodSpec['tolerations']>[number];
type Affinity = NonNullable<PodSpec['affinity']>;
type NodeSelector = NonNullable<
  NonNullable<Affinity['nodeAffinity']>['requiredDuringSchedulingIgnoredDuringExecution']
>;
type NodeSelectorTerm = NodeSelector['nodeSelectorTerms'][number];
type NodeRequirement = NonNullable<NodeSelectorTerm['matchExpressions']>[number];
type PodTerm = NonNullable<
  NonNullable<Affinity['podAffinity']>['requiredDuringSchedulingIgnoredDuringExecution']
>[number];
type Spread = NonNullable<PodSpec['topologySpreadConstraints']>[number];
type Taint = NonNullable<NonNullable<Node['spec']>['taints']>[number];

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

const goodTolerations = new WeakSet<object>();

export function tolerations(problems: Problems, all: readonly Toleration[], path: string): void {
  if (goodTolerations.has(all)) return;
  const before = problems.count;
  for (const [i, one] of all.entries()) toleration(problems, one, `${path}[${i}]`);
  if (problems.count === before) goodTolerations.add(all);
}

function toleration(problems: Problems, one: Toleration, path: string): void {
  const { key, operator, value, effect, tolerationSeconds } = one;
  if (key) labelName(problems, key, `${path}.key`);
  if (!key && operator !== 'Exists')
    problems.add(
      invalid(
        `${path}.operator`,
        operator ?? '',
        'operator must be Exists when `key` is empty, which means "match all values and all keys"',
      ),
    );
  if (tolerationSeconds !== undefined && effect !== 'NoExecute')
    problems.add(invalid(`${path}.effect`, effect ?? '', "effect must be 'NoExecute' when `tolerationSeconds` is set"));
  switch (operator ?? '') {
    case 'Equal':
    case '': {
      const texts = isLabelValue(value ?? '');
      if (texts.length > 0) problems.add(invalid(`${path}.operator`, value, texts.join(';')));
      break;
    }
    case 'Exists':
      if (value) problems.add(invalid(`${path}.operator`, value, "value must be empty when `operator` is 'Exists'"));
      break;
    default:
      problems.add(notSupported(`${path}.operator`, operator, ['Equal', 'Exists']));
  }
  if (effect && !EFFECTS.includes(effect)) problems.add(notSupported(`${path}.effect`, effect, EFFECTS));
}

/** validateNodeTaints: a key and effect once. */
export function taints(problems: Problems, all: readonly Taint[], path: string): void {
  const seen = new Set<string>();
  for (const [i, { key, value, effect }] of all.entries()) {
    labelName(problems, key, `${path}[${i}].key`);
    const texts = isLabelValue(value ?? '');
    if (texts.length > 0) problems.add(invalid(`${path}[${i}].value`, value, texts.join(';')));
    if (!effect) problems.add(required(`${path}[${i}].effect`));
    else if (!EFFECTS.includes(effect)) problems.add(notSupported(`${path}[${i}].effect`, effect, EFFECTS));
    const pair = `${key}:${effect}`;
    if (seen.has(pair))
      problems.add({ ...duplicate(`${path}[${i}]`, { key, value, effect }), detail: DUPLICATE_TAINT });
    seen.add(pair);
  }
}

const DUPLICATE_TAINT = 'Duplicate value: taints must be unique by key and effect pair';

const goodAffinities = new WeakSet<object>();

export function affinity(problems: Problems, all: Affinity, path: string): void {
  if (goodAffinities.has(all)) return;
  const before = problems.count;
  const { nodeAffinity, podAffinity, podAntiAffinity } = all;
  if (nodeAffinity) {
    const must = nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution;
    if (must) nodeSelector(problems, must, `${path}.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution`);
    const wishes = nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    for (const [i, { weight: amount, preference }] of wishes.entries()) {
      const own = `${path}.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[${i}]`;
      weight(problems, amount, `${own}.weight`);
      nodeTerm(problems, preference, `${own}.preference`);
    }
  }
  if (podAffinity) podTerms(problems, podAffinity, `${path}.podAffinity`);
  if (podAntiAffinity) podTerms(problems, podAntiAffinity, `${path}.podAntiAffinity`);
  if (problems.count === before) goodAffinities.add(all);
}

function podTerms(problems: Problems, all: NonNullable<Affinity['podAffinity']>, path: string): void {
  const must = all.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  for (const [i, term] of must.entries())
    podTerm(problems, term, `${path}.requiredDuringSchedulingIgnoredDuringExecution[${i}]`);
  const wishes = all.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  for (const [i, { weight: amount, podAffinityTerm }] of wishes.entries()) {
    const own = `${path}.preferredDuringSchedulingIgnoredDuringExecution[${i}]`;
    weight(problems, amount, `${own}.weight`);
    podTerm(problems, podAffinityTerm, `${own}.podAffinityTerm`);
  }
}

function podTerm(problems: Problems, term: PodTerm | undefined, path: string): void {
  if (term?.labelSelector) labelSelector(problems, term.labelSelector, `${path}.labelSelector`);
  if (!term?.topologyKey) problems.add(required(`${path}.topologyKey`, 'can not be empty'));
  else labelName(problems, term.topologyKey, `${path}.topologyKey`);
}

function weight(problems: Problems, given: number | undefined, path: string): void {
  const value = given ?? 0;
  if (value <= 0 || value > 100) problems.add(invalid(path, value, 'must be in the range 1-100'));
}

/** ValidateNodeSelector, of pods and of volumes. */
export function nodeSelector(problems: Problems, { nodeSelectorTerms = [] }: NodeSelector, path: string): void {
  if (nodeSelectorTerms.length === 0)
    problems.add(required(`${path}.nodeSelectorTerms`, 'must have at least one node selector term'));
  for (const [i, term] of nodeSelectorTerms.entries()) nodeTerm(problems, term, `${path}.nodeSelectorTerms[${i}]`);
}

function nodeTerm(problems: Problems, term: NodeSelectorTerm | undefined, path: string): void {
  for (const [i, one] of (term?.matchExpressions ?? []).entries())
    nodeRequirement(problems, one, `${path}.matchExpressions[${i}]`);
  for (const [i, one] of (term?.matchFields ?? []).entries())
    fieldRequirement(problems, one, `${path}.matchFields[${i}]`);
}

function nodeRequirement(problems: Problems, { key, operator, values = [] }: NodeRequirement, path: string): void {
  if (operator === 'Gt' || operator === 'Lt') {
    if (values.length !== 1)
      problems.add(required(`${path}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'"));
  } else if (!setOperator(problems, operator, values, path))
    problems.add(invalid(`${path}.operator`, operator, 'not a valid selector operator'));
  labelName(problems, key, `${path}.key`);
  for (const [i, value] of values.entries())
    for (const text of isLabelValue(value)) problems.add(invalid(`${path}.values[${i}]`, value, text));
}

function fieldRequirement(problems: Problems, { key, operator, values = [] }: NodeRequirement, path: string): void {
  if (operator !== 'In' && operator !== 'NotIn')
    problems.add(invalid(`${path}.operator`, operator, 'not a valid selector operator'));
  else if (values.length !== 1)
    problems.add(
      required(`${path}.values`, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"),
    );
  if (key !== 'metadata.name') problems.add(invalid(`${path}.key`, key, 'not a valid field selector key'));
  else
    for (const [i, value] of values.entries())
      for (const text of isDNS1123Subdomain(value)) problems.add(invalid(`${path}.values[${i}]`, value, text));
}

const UNSATISFIABLE = ['DoNotSchedule', 'ScheduleAnyway'];
const INCLUSION = ['Honor', 'Ignore'];
const NOT_POSITIVE = 'must be greater than zero';

export function topologySpread(problems: Problems, all: readonly Spread[], path: string): void {
  for (const [i, one] of all.entries()) {
    const own = `${path}[${i}]`;
    const { maxSkew, topologyKey, whenUnsatisfiable, minDomains } = one;
    if (maxSkew <= 0) problems.add(invalid(`${own}.maxSkew`, maxSkew, NOT_POSITIVE));
    if (!topologyKey) problems.add(required(`${own}.topologyKey`, 'can not be empty'));
    if (!UNSATISFIABLE.includes(whenUnsatisfiable))
      problems.add(notSupported(`${own}.whenUnsatisfiable`, whenUnsatisfiable, UNSATISFIABLE));
    // The first of two is the one that is told.
    const again = all
      .slice(i + 1)
      .some((other) => other.topologyKey === topologyKey && other.whenUnsatisfiable === whenUnsatisfiable);
    if (again)
      problems.add(duplicate(`${own}.{topologyKey, whenUnsatisfiable}`, `{${topologyKey}, ${whenUnsatisfiable}}`));
    if (minDomains !== undefined && minDomains <= 0)
      problems.add(invalid(`${own}.minDomains`, minDomains, NOT_POSITIVE));
    if (minDomains !== undefined && whenUnsatisfiable !== 'DoNotSchedule')
      problems.add(
        invalid(
          `${own}.minDomains`,
          minDomains,
          `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`,
        ),
      );
    for (const field of ['nodeAffinityPolicy', 'nodeTaintsPolicy'] as const) {
      const policy = one[field];
      if (policy !== undefined && !INCLUSION.includes(policy))
        problems.add(notSupported(`${own}.${field}`, policy, INCLUSION));
    }
    if (one.matchLabelKeys?.length) spreadKeys(problems, one, one.matchLabelKeys, `${own}.matchLabelKeys`);
    if (one.labelSelector) labelSelector(problems, one.labelSelector, `${own}.labelSelector`);
  }
}

/** validateMatchLabelKeysInTopologySpread. */
function spreadKeys(
  problems: Problems,
  { labelSelector: selector }: Spread,
  keys: readonly string[],
  path: string,
): void {
  if (!selector) problems.add(forbidden(path, 'must not be specified when labelSelector is not set'));
  const selected = new Set([
    ...Object.keys(selector?.matchLabels ?? {}),
    ...(selector?.matchExpressions ?? []).map(({ key }) => key),
  ]);
  for (const [i, key] of keys.entries()) {
    labelName(problems, key, `${path}[${i}]`);
    if (selected.has(key))
      problems.add(invalid(`${path}[${i}]`, key, 'exists in both matchLabelKeys and labelSelector'));
  }
}

export function nodeLabels(problems: Problems, labels: PodSpec['nodeSelector'], path: string): void {
  if (labels) problems.addAll(validateLabels(labels, path));
}
