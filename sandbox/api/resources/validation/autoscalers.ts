/** Validation of HorizontalPodAutoscalers (pkg/apis/autoscaling/validation/validation.go). */

import { compareQuantities } from '../../quantity.ts';
import type { HorizontalPodAutoscaler } from '../../types.ts';
import { resourceName } from './containers.ts';
import { type FieldErrors, forbidden, invalid, notSupported, Problems, required } from './errors.ts';
import { isDNS1123Label, isPathSegment } from './names.ts';

type Spec = NonNullable<HorizontalPodAutoscaler['spec']>;
type Metric = NonNullable<Spec['metrics']>[number];
type ScalingRules = NonNullable<NonNullable<Spec['behavior']>['scaleUp']>;

interface Target {
  readonly type?: string;
  readonly value?: string | number;
  readonly averageValue?: string | number;
  readonly averageUtilization?: number;
}

export function validateAutoscaler({ spec }: HorizontalPodAutoscaler): FieldErrors {
  const problems = new Problems();
  if (spec?.minReplicas !== undefined && spec.minReplicas < 1)
    problems.add(invalid('spec.minReplicas', spec.minReplicas, 'must be greater than or equal to 1'));
  const max = spec?.maxReplicas ?? 0;
  if (max < 1) problems.add(invalid('spec.maxReplicas', max, 'must be greater than 0'));
  if (spec?.minReplicas !== undefined && max < spec.minReplicas)
    problems.add(invalid('spec.maxReplicas', max, 'must be greater than or equal to `minReplicas`'));
  reference(problems, spec?.scaleTargetRef ?? {}, 'spec.scaleTargetRef');
  for (const [i, each] of (spec?.metrics ?? []).entries()) metric(problems, each, `spec.metrics[${i}]`);
  const { scaleUp, scaleDown } = spec?.behavior ?? {};
  if (scaleUp) scalingRules(problems, scaleUp, 'spec.behavior.scaleUp');
  if (scaleDown) scalingRules(problems, scaleDown, 'spec.behavior.scaleDown');
  return problems.list;
}

function reference(problems: Problems, given: { readonly kind?: string; readonly name?: string }, path: string): void {
  for (const field of ['kind', 'name'] as const) {
    const value = given[field];
    if (!value) problems.add(required(`${path}.${field}`));
    else for (const text of isPathSegment(value)) problems.add(invalid(`${path}.${field}`, value, text));
  }
}

const SOURCES = {
  Object: 'object',
  External: 'external',
  Pods: 'pods',
  Resource: 'resource',
  ContainerResource: 'containerResource',
} as const;
const TYPES = Object.keys(SOURCES).sort();

function metric(problems: Problems, given: Metric, path: string): void {
  const { type = '' } = given;
  const expected = (SOURCES as Readonly<Record<string, (typeof SOURCES)[keyof typeof SOURCES]>>)[type];
  if (!type) problems.add(required(`${path}.type`, 'must specify a metric source type'));
  if (!expected) problems.add(notSupported(`${path}.type`, type, TYPES));
  const present = Object.values(SOURCES).filter((source) => given[source]);
  // Only the first is looked into.
  const first = present[0];
  if (first) LOOK[first](problems, given, `${path}.${first}`);
  if (!expected) problems.add(notSupported(`${path}.type`, type, TYPES));
  else if (!given[expected])
    problems.add(required(`${path}.${expected}`, 'must populate information for the given metric source'));
  if (present.length === 1) return;
  for (const other of present.filter((source) => source !== expected))
    problems.add(forbidden(`${path}.${other}`, 'must populate the given metric source only'));
}

const LOOK: Readonly<
  Record<(typeof SOURCES)[keyof typeof SOURCES], (problems: Problems, given: Metric, path: string) => void>
> = {
  object: (problems, { object }, path) => {
    reference(problems, object?.describedObject ?? {}, `${path}.describedObject`);
    identifier(problems, object?.metric, `${path}.metric`);
    const target = targetOf(problems, object?.target, `${path}.target`);
    if (target.value === undefined && target.averageValue === undefined)
      problems.add(required(`${path}.target.averageValue`, 'must set either a target value or averageValue'));
  },
  external: (problems, { external }, path) => {
    identifier(problems, external?.metric, `${path}.metric`);
    const target = targetOf(problems, external?.target, `${path}.target`);
    if (target.value === undefined && target.averageValue === undefined)
      problems.add(
        required(`${path}.target.averageValue`, 'must set either a target value for metric or a per-pod target'),
      );
    if (target.value !== undefined && target.averageValue !== undefined)
      problems.add(
        forbidden(`${path}.target.value`, 'may not set both a target value for metric and a per-pod target'),
      );
  },
  pods: (problems, { pods }, path) => {
    identifier(problems, pods?.metric, `${path}.metric`);
    const target = targetOf(problems, pods?.target, `${path}.target`);
    if (target.averageValue === undefined)
      problems.add(required(`${path}.target.averageValue`, 'must specify a positive target averageValue'));
  },
  resource: (problems, { resource }, path) => {
    if (!resource?.name) problems.add(required(`${path}.name`, 'must specify a resource name'));
    utilization(problems, resource?.target, `${path}.target`);
  },
  containerResource: (problems, { containerResource: given }, path) => {
    if (!given?.name) problems.add(required(`${path}.name`, 'must specify a resource name'));
    else resourceName(problems, given.name, `${path}.name`);
    if (!given?.container) problems.add(required(`${path}.container`, 'must specify a container'));
    else
      for (const text of isDNS1123Label(given.container))
        problems.add(invalid(`${path}.container`, given.container, text));
    utilization(problems, given?.target, `${path}.target`);
  },
};

/** Of CPU and memory: a share of what was asked for, or an amount. */
function utilization(problems: Problems, given: Target | undefined, path: string): void {
  const target = targetOf(problems, given, path);
  const [share, amount] = [target.averageUtilization !== undefined, target.averageValue !== undefined];
  if (!share && !amount)
    problems.add(required(`${path}.averageUtilization`, 'must set either a target raw value or a target utilization'));
  if (share && amount)
    problems.add(forbidden(`${path}.averageValue`, 'may not set both a target raw value and a target utilization'));
}

const TARGETS = ['Utilization', 'Value', 'AverageValue'];

/** validateMetricTarget; answers the target. */
function targetOf(problems: Problems, target: Target = {}, path: string): Target {
  const { type = '', averageUtilization } = target;
  if (!type) problems.add(required(`${path}.type`, 'must specify a metric target type'));
  if (!TARGETS.includes(type))
    problems.add(invalid(`${path}.type`, type, 'must be either Utilization, Value, or AverageValue'));
  for (const field of ['value', 'averageValue'] as const) {
    const amount = target[field];
    if (amount !== undefined && compareQuantities(amount, 0) <= 0)
      problems.add(invalid(`${path}.${field}`, String(amount), 'must be positive'));
  }
  if (averageUtilization !== undefined && averageUtilization < 1)
    problems.add(invalid(`${path}.averageUtilization`, averageUtilization, 'must be greater than 0'));
  return target;
}

function identifier(problems: Problems, given: { readonly name?: string } | undefined, path: string): void {
  if (!given?.name) problems.add(required(`${path}.name`, 'must specify a metric name'));
  else for (const text of isPathSegment(given.name)) problems.add(invalid(`${path}.name`, given.name, text));
}

const MAX_WINDOW = 3600;
const MAX_PERIOD = 1800;
const SELECT = ['Disabled', 'Max', 'Min'];
const POLICIES = ['Percent', 'Pods'];

function scalingRules(problems: Problems, rules: ScalingRules, path: string): void {
  const { stabilizationWindowSeconds: window, selectPolicy, policies = [], tolerance } = rules;
  const complain = (text: string) => problems.add(invalid(`${path}.stabilizationWindowSeconds`, window, text));
  if (window !== undefined && window < 0) complain('must be greater than or equal to zero');
  if (window !== undefined && window > MAX_WINDOW) complain(`must be less than or equal to ${MAX_WINDOW}`);
  if (selectPolicy !== undefined && !SELECT.includes(selectPolicy))
    problems.add(notSupported(`${path}.selectPolicy`, selectPolicy, SELECT));
  if (policies.length === 0) problems.add(required(`${path}.policies`, 'must specify at least one Policy'));
  for (const [i, { type, value, periodSeconds }] of policies.entries()) {
    const own = `${path}.policies[${i}]`;
    if (!POLICIES.includes(type)) problems.add(notSupported(`${own}.type`, type, POLICIES));
    if (value <= 0) problems.add(invalid(`${own}.value`, value, 'must be greater than zero'));
    if (periodSeconds <= 0) problems.add(invalid(`${own}.periodSeconds`, periodSeconds, 'must be greater than zero'));
    if (periodSeconds > MAX_PERIOD)
      problems.add(invalid(`${own}.periodSeconds`, periodSeconds, `must be less than or equal to ${MAX_PERIOD}`));
  }
  if (tolerance !== undefined && compareQuantities(tolerance, 0) < 0)
    problems.add(invalid(`${path}.tolerance`, String(tolerance), 'must be greater than or equal to 0'));
}
