/** PodSecurity: what a namespace's labels allow its pods (pod-security-admission/admission/admission.go). */

import { invalid } from '../errors.ts';
import type { StrategyContext } from '../resource.ts';
import type { Container, CronJob, Deployment, Namespace, Pod, PodSpec } from '../types.ts';
import type { Attributes, Plugin } from './plugin.ts';
import { refused } from './plugin.ts';
import type { LevelVersion, Policy } from './pod-security/policy.ts';
import { detailsOf, isStricter, policyOf, policyText, violations } from './pod-security/policy.ts';

type PodLike = Pick<Pod, 'metadata' | 'spec'>;

/** Where each kind that makes pods says what they are (admission.DefaultPodSpecExtractor). */
const templateOf = (object: unknown): PodLike => (object as Deployment).spec?.template as unknown as PodLike;
const CONTROLLERS: Readonly<Record<string, (object: unknown) => PodLike | undefined>> = {
  podtemplates: (object) => (object as { template?: PodLike }).template,
  replicationcontrollers: templateOf,
  'replicasets.apps': templateOf,
  'deployments.apps': templateOf,
  'statefulsets.apps': templateOf,
  'daemonsets.apps': templateOf,
  'jobs.batch': templateOf,
  'cronjobs.batch': (object) => (object as CronJob).spec?.jobTemplate?.spec?.template as unknown as PodLike,
};

export const podSecurity: Plugin = {
  name: 'PodSecurity',
  operations: ['CREATE', 'UPDATE'],
  resources: ['namespaces', 'pods', 'pods/ephemeralcontainers', 'pods/resize', ...Object.keys(CONTROLLERS)],
  validate: (attributes, context) => {
    const { resource } = attributes;
    if (resource.name === 'namespaces') return validateNamespace(attributes, context);
    const namespace = context.lookup('namespaces', '', attributes.namespace) as Namespace | undefined;
    const policy = policyOf(namespace?.metadata.labels);
    if (policy.enforce.level === 'privileged' && policy.warn.level === 'privileged') return;
    if (resource.name === 'pods') return validatePod(policy, attributes);
    const extract = CONTROLLERS[resource.group ? `${resource.name}.${resource.group}` : resource.name];
    warnOf(policy, extract?.(attributes.object), attributes);
  },
};

function validatePod(policy: Policy, attributes: Attributes): void {
  const pod = attributes.object as Pod;
  if (attributes.oldObject && !isSignificant(pod.spec, (attributes.oldObject as Pod).spec)) return;
  const found = violations(policy.enforce, pod);
  if (found.length > 0)
    throw refused(attributes, `violates PodSecurity ${policyText(policy.enforce)}: ${detailsOf(found)}`);
  warnOf(policy, pod, attributes);
}

function warnOf({ warn: level }: Policy, pod: PodLike | undefined, { warn }: Attributes): void {
  if (!warn || !pod) return;
  const found = violations(level, pod);
  if (found.length > 0) warn(`would violate PodSecurity ${policyText(level)}: ${detailsOf(found)}`);
}

/** Of what may change in a pod, its images, and containers that are added (isSignificantPodUpdate). */
function isSignificant(spec: PodSpec | undefined, before: PodSpec | undefined): boolean {
  const images = (of: PodSpec | undefined, list: 'containers' | 'initContainers' | 'ephemeralContainers') =>
    ((of?.[list] ?? []) as readonly Container[]).map(({ name, image }) => `${name} ${image}`).join('\n');
  return (['containers', 'initContainers', 'ephemeralContainers'] as const).some(
    (list) => images(spec, list) !== images(before, list),
  );
}

/** Labels must be readable, and whoever tightens them is told which pods would not be let in (ValidateNamespace). */
function validateNamespace({ object, oldObject, subresource, warn }: Attributes, context: StrategyContext): void {
  if (subresource) return;
  const { metadata } = object as Namespace;
  const now = policyOf(metadata.labels);
  const before = policyOf(oldObject?.metadata.labels);
  const told = (policy: Policy) => policy.errors.map(({ field, detail }) => `${field}: ${detail}`).join();
  if (now.errors.length > 0 && (!oldObject || told(now) !== told(before)))
    throw invalid({ group: '', name: 'Namespace' }, metadata.name, now.errors);
  if (!oldObject || !warn) return;
  const { level, version } = now.enforce;
  const tightened = version !== before.enforce.version || isStricter(level, before.enforce.level);
  if (level === 'privileged' || !tightened) return;
  for (const text of podsAgainst(now.enforce, metadata.name, context)) warn(text);
}

/** EvaluatePodsInNamespace: alike ones together, by the first of their names. */
function podsAgainst(enforce: LevelVersion, namespace: string, { list }: StrategyContext): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const pod of list('pods', namespace) as readonly Pod[]) {
    const reasons = violations(enforce, pod).map(({ reason }) => reason);
    if (reasons.length === 0) continue;
    const key = reasons.join(', ');
    groups.set(key, [...(groups.get(key) ?? []), pod.metadata.name]);
  }
  if (groups.size === 0) return [];
  const lines = [...groups].map(([reasons, names]) => {
    const others = names.length - 1;
    const more = others === 0 ? '' : ` (and ${others} other ${others === 1 ? 'pod' : 'pods'})`;
    return `${[...names].sort()[0]}${more}: ${reasons}`;
  });
  return [
    `existing pods in namespace ${JSON.stringify(namespace)} violate the new PodSecurity enforce level ${policyText(enforce)}`,
    ...lines.sort(),
  ];
}
