/** A resource on its way through a kustomization: its object, and the names it had before (kustomize api/resource). */

import { POD_SPEC_PATHS } from '../commands/pod-template.ts';
import type { KObject } from '../resource/info.ts';

export interface Resource {
  object: KObject;
  /** Every name it has borne: others refer to it by these. */
  readonly names: Set<string>;
  needsHash: boolean;
}

export type Map_ = Record<string, unknown>;

/** Walks to every value at a path such as `spec/template/spec/containers[]/image`; `create` makes maps on the way. */
export function visitPath(
  root: unknown,
  path: string,
  visit: (parent: Map_, key: string) => void,
  create = false,
): void {
  const [head = '', ...rest] = path.split('/');
  const list = head.endsWith('[]');
  const key = list ? head.slice(0, -2) : head;
  if (typeof root !== 'object' || root === null) return;
  const parent = root as Map_;
  if (rest.length === 0) {
    if (list) for (const item of (parent[key] as Map_[] | undefined) ?? []) visit(item, '');
    else if (create || parent[key] !== undefined) visit(parent, key);
    return;
  }
  if (list) {
    for (const item of (parent[key] as unknown[] | undefined) ?? []) visitPath(item, rest.join('/'), visit, create);
    return;
  }
  if (parent[key] === undefined && create) parent[key] = {};
  visitPath(parent[key], rest.join('/'), visit, create);
}

export const copyOf = (object: KObject): KObject => structuredClone(object) as KObject;

export const groupOf = (object: KObject): string =>
  object.apiVersion?.includes('/') ? object.apiVersion.split('/')[0]! : '';
export const versionOf = (object: KObject): string => object.apiVersion?.split('/').pop() ?? '';
export const nameOf = (object: KObject): string => object.metadata?.name ?? '';

const CLUSTER_SCOPED = new Set([
  ...['APIService', 'CSIDriver', 'CSINode', 'CertificateSigningRequest', 'ClusterRole', 'ClusterRoleBinding'],
  ...['CustomResourceDefinition', 'FlowSchema', 'IngressClass', 'MutatingWebhookConfiguration', 'Namespace', 'Node'],
  ...['PersistentVolume', 'PriorityClass', 'PriorityLevelConfiguration', 'RuntimeClass', 'StorageClass'],
  ...['ValidatingAdmissionPolicy', 'ValidatingWebhookConfiguration', 'VolumeAttachment', 'VolumeAttributesClass'],
]);

export const isNamespaced = (object: KObject): boolean => !CLUSTER_SCOPED.has(object.kind ?? '');

/** Where a kind keeps its pods' spec. */
export const POD_SPECS: Readonly<Record<string, string>> = {
  PodTemplate: 'template/spec',
  ...Object.fromEntries(Object.entries(POD_SPEC_PATHS).map(([kind, path]) => [kind, path.join('/')])),
};
