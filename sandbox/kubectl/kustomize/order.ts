/** The order in which a kustomization's resources are printed: what others need comes first (kustomize legacy order). */

import { byText } from '../text.ts';
import { groupOf, nameOf, type Resource, versionOf } from './resource.ts';

const FIRST = [
  ...['Namespace', 'ResourceQuota', 'StorageClass', 'CustomResourceDefinition', 'ServiceAccount', 'PodSecurityPolicy'],
  ...['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding', 'ConfigMap', 'Secret', 'Endpoints', 'Service'],
  ...['LimitRange', 'PriorityClass', 'PersistentVolume', 'PersistentVolumeClaim', 'Deployment', 'StatefulSet'],
  ...['CronJob', 'PodDisruptionBudget'],
];
const LAST = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];

function rank(kind: string): number {
  const first = FIRST.indexOf(kind);
  if (first >= 0) return first - FIRST.length;
  return LAST.indexOf(kind) + 1;
}

const idOf = ({ object }: Resource): string =>
  `${groupOf(object)}_${versionOf(object)}_${object.kind}|${object.metadata?.namespace ?? ''}|${nameOf(object)}`;

export const legacyOrder = (resources: readonly Resource[]): Resource[] =>
  [...resources].sort((a, b) => rank(a.object.kind ?? '') - rank(b.object.kind ?? '') || byText(idOf(a), idOf(b)));
