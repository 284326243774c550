/** What a kustomization changes in all its resources: namespace, names, labels, annotations, images, replicas (kustomize api/internal/builtins). */

import { own } from '../../sim/own.ts';
import { isNamespaced, type Map_, nameOf, POD_SPECS, type Resource, visitPath } from './resource.ts';

export function setNamespace(resources: readonly Resource[], namespace: string): void {
  for (const { object } of resources) {
    if (object.kind === 'Namespace') object.metadata!.name = namespace;
    else if (isNamespaced(object)) object.metadata = { ...object.metadata, namespace };
    if (object.kind !== 'RoleBinding' && object.kind !== 'ClusterRoleBinding') continue;
    for (const subject of (object.subjects as Map_[] | undefined) ?? []) {
      const known = resources.some((r) => r.object.kind === 'ServiceAccount' && r.names.has(String(subject.name)));
      if (subject.kind === 'ServiceAccount' && (known || subject.name === 'default')) subject.namespace = namespace;
    }
  }
}

const UNNAMED = new Set(['Namespace', 'CustomResourceDefinition', 'APIService']);

export function rename(resources: readonly Resource[], prefix: string, suffix: string): void {
  for (const { object, names } of resources) {
    if (UNNAMED.has(object.kind ?? '')) continue;
    names.add(nameOf(object));
    object.metadata = { ...object.metadata, name: `${prefix}${nameOf(object)}${suffix}` };
  }
}

type Labels = Readonly<Record<string, string>>;

/** Label places of a kind besides its own metadata; those with `+` are made where there are none. */
const SELECTORS: Readonly<Record<string, readonly string[]>> = {
  Service: ['+spec/selector'],
  ReplicationController: ['+spec/selector'],
  Deployment: ['+spec/selector/matchLabels'],
  ReplicaSet: ['+spec/selector/matchLabels'],
  DaemonSet: ['+spec/selector/matchLabels'],
  StatefulSet: ['+spec/selector/matchLabels', '+spec/volumeClaimTemplates[]/metadata/labels'],
  Job: ['spec/selector/matchLabels'],
  CronJob: ['spec/jobTemplate/spec/selector/matchLabels', '+spec/jobTemplate/metadata/labels'],
  PodDisruptionBudget: ['spec/selector/matchLabels'],
  NetworkPolicy: [
    'spec/podSelector/matchLabels',
    'spec/ingress[]/from[]/podSelector/matchLabels',
    'spec/egress[]/to[]/podSelector/matchLabels',
  ],
};

const templateMetadata = (kind: string): string | undefined =>
  kind === 'Pod' ? undefined : own(POD_SPECS, kind)?.replace(/spec$/, 'metadata');

export function addLabels(
  resources: readonly Resource[],
  labels: Labels,
  selectors: boolean,
  templates: boolean,
): void {
  for (const { object } of resources) {
    const kind = object.kind ?? '';
    const template = templateMetadata(kind);
    put(object, '+metadata/labels', labels);
    if ((selectors || templates) && template) put(object, `+${template}/labels`, labels);
    if (selectors) for (const path of own(SELECTORS, kind) ?? []) put(object, path, labels);
  }
}

export function addAnnotations(resources: readonly Resource[], annotations: Labels): void {
  for (const { object } of resources) {
    const template = templateMetadata(object.kind ?? '');
    put(object, '+metadata/annotations', annotations);
    if (template) put(object, `+${template}/annotations`, annotations);
    if (object.kind === 'CronJob') put(object, '+spec/jobTemplate/metadata/annotations', annotations);
  }
}

function put(object: unknown, path: string, values: Labels): void {
  const create = path.startsWith('+');
  visitPath(
    object,
    create ? path.slice(1) : path,
    (parent, key) => {
      parent[key] = { ...(parent[key] as Labels | undefined), ...values };
    },
    create,
  );
}

export interface ImageChange {
  readonly name: string;
  readonly newName?: string;
  readonly newTag?: string | number;
  readonly digest?: string;
}

export function setImages(resources: readonly Resource[], changes: readonly ImageChange[]): void {
  for (const { object } of resources) {
    const pods = POD_SPECS[object.kind ?? ''];
    if (!pods) continue;
    for (const list of ['containers', 'initContainers'])
      visitPath(object, `${pods}/${list}[]/image`, (parent, key) => {
        for (const change of changes) parent[key] = changedImage(String(parent[key]), change);
      });
  }
}

function changedImage(image: string, { name, newName, newTag, digest }: ImageChange): string {
  const [, repository = image, rest = ''] = /^(.*?)((?::[^:/@]+)?(?:@.*)?)$/.exec(image) ?? [];
  if (repository !== name) return image;
  const end = digest ? `@${digest}` : newTag !== undefined ? `:${newTag}` : rest;
  return `${newName ?? repository}${end}`;
}

export function setReplicas(resources: readonly Resource[], name: string, count: number): boolean {
  const scaled = resources.filter(
    ({ object, names }) =>
      ['Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet'].includes(object.kind ?? '') &&
      (nameOf(object) === name || names.has(name)),
  );
  for (const { object } of scaled) object.spec = { ...(object.spec as Map_), replicas: count };
  return scaled.length > 0;
}
