/** Names, ordinals and claims of a StatefulSet's pods (pkg/controller/statefulset/stateful_set_utils.go). Pure. */

import type { Draft } from '../../api/client.ts';
import type { PersistentVolumeClaim, Pod, PodTemplateSpec, StatefulSet, Volume } from '../../api/types.ts';
import { controllerReference } from '../ownership.ts';
import { podFromTemplate } from '../pods.ts';

export const STATEFUL_SET = { apiVersion: 'apps/v1', kind: 'StatefulSet' } as const;

export const REVISION_LABEL = 'controller-revision-hash';
const POD_NAME_LABEL = 'statefulset.kubernetes.io/pod-name';
const POD_INDEX_LABEL = 'apps.kubernetes.io/pod-index';

const DIGITS = /^[0-9]+$/;

/** The ordinal of a pod of this set; -1 if its name is no such name. */
export function ordinalOf(set: StatefulSet, pod: { readonly metadata: { readonly name: string } }): number {
  const { name } = pod.metadata;
  const parent = set.metadata.name;
  if (!name.startsWith(parent) || name[parent.length] !== '-') return -1;
  const ordinal = name.slice(parent.length + 1);
  return DIGITS.test(ordinal) ? Number(ordinal) : -1;
}

export const firstOrdinal = (set: StatefulSet): number => set.spec?.ordinals?.start ?? 0;
export const replicasOf = (set: StatefulSet): number => set.spec?.replicas ?? 1;
export const isParallel = (set: StatefulSet): boolean => set.spec?.podManagementPolicy === 'Parallel';

export const podName = (set: StatefulSet, ordinal: number): string => `${set.metadata.name}-${ordinal}`;

export const claimName = (template: string, set: StatefulSet, ordinal: number): string =>
  `${template}-${set.metadata.name}-${ordinal}`;

type ClaimTemplate = NonNullable<NonNullable<StatefulSet['spec']>['volumeClaimTemplates']>[number];

const templatesOf = (set: StatefulSet): readonly ClaimTemplate[] => set.spec?.volumeClaimTemplates ?? [];

/** newStatefulSetPod with its revision. */
export function newPod(set: StatefulSet, template: PodTemplateSpec, revision: string, ordinal: number): Draft<Pod> {
  const draft = podFromTemplate(template, controllerReference(set, STATEFUL_SET), `${set.metadata.name}-`);
  const name = podName(set, ordinal);
  const labels = {
    ...draft.metadata.labels,
    [POD_NAME_LABEL]: name,
    [POD_INDEX_LABEL]: String(ordinal),
    [REVISION_LABEL]: revision,
  };
  return {
    ...draft,
    metadata: { ...draft.metadata, name, labels },
    spec: {
      ...draft.spec!,
      hostname: name,
      ...(set.spec?.serviceName && { subdomain: set.spec.serviceName }),
      volumes: withClaims(draft.spec!.volumes ?? [], set, ordinal),
    },
  };
}

/** updateStorage: a claim template's volume replaces one of the same name. */
function withClaims(volumes: readonly Volume[], set: StatefulSet, ordinal: number): readonly Volume[] {
  const templates = templatesOf(set);
  const names = new Set(templates.map(({ metadata }) => metadata?.name));
  const claims = templates.map(({ metadata }) => {
    const name = metadata!.name!;
    return { name, persistentVolumeClaim: { claimName: claimName(name, set, ordinal) } };
  });
  return [...claims, ...volumes.filter(({ name }) => !names.has(name))];
}

/** getPersistentVolumeClaims: labelled as the set selects. */
export function newClaims(set: StatefulSet, ordinal: number): Draft<PersistentVolumeClaim>[] {
  return templatesOf(set).map(({ metadata, spec }) => ({
    metadata: {
      ...(metadata?.annotations && { annotations: metadata.annotations }),
      name: claimName(metadata!.name!, set, ordinal),
      labels: { ...metadata?.labels, ...set.spec!.selector.matchLabels },
    },
    spec: spec!,
  }));
}

/** identityMatches: a pod adopted under the right name may lack its labels. */
export const hasIdentity = (set: StatefulSet, pod: Pod): boolean =>
  ordinalOf(set, pod) >= 0 && pod.metadata.labels?.[POD_NAME_LABEL] === pod.metadata.name;

export const withIdentity = (pod: Pod, ordinal: number): Pod => ({
  ...pod,
  metadata: {
    ...pod.metadata,
    labels: {
      ...pod.metadata.labels,
      [POD_NAME_LABEL]: pod.metadata.name,
      [POD_INDEX_LABEL]: String(ordinal),
    },
  },
});
