/** Replays a recorded scenario on a test cluster, and tells what happened in the words of the recording. */

import { parseAllDocuments } from 'yaml';
import type { Draft } from '../../api/client.ts';
import type { KubeObject } from '../../api/object.ts';
import { StatusError } from '../../api/object.ts';
import type { ResourceName, Resources } from '../../api/types.ts';
import { templateOf } from '../statefulset/revisions.ts';
import type { Cluster } from './cluster.ts';

export interface Recording {
  readonly steps: readonly Step[];
  readonly end: number;
  /** Of each object, what a watch told of it. */
  readonly histories: Readonly<Record<string, readonly string[]>>;
  /** What controllers and scheduler recorded, once per event object. */
  readonly events: readonly string[];
}

/** A kubectl command, by what it does; `at` counts from the scenario's first command. */
interface Step {
  readonly at: number;
  readonly apply?: string;
  readonly delete?: readonly [kind: string, name: string];
  readonly deleteAll?: string;
  readonly cascade?: string;
  readonly scale?: readonly [kind: string, name: string];
  readonly replicas?: number;
  readonly image?: readonly [kind: string, name: string];
  readonly container?: string;
  readonly to?: string;
  readonly patch?: readonly [kind: string, name: string];
  readonly body?: unknown;
  readonly status?: boolean;
  readonly undo?: readonly [kind: string, name: string];
}

const RESOURCES: Readonly<Record<string, ResourceName>> = {
  pv: 'persistentvolumes',
  pvc: 'persistentvolumeclaims',
  pod: 'pods',
  deploy: 'deployments',
  sts: 'statefulsets',
  cronjob: 'cronjobs',
  ds: 'daemonsets',
  job: 'jobs',
  pdb: 'poddisruptionbudgets',
  volumeattachment: 'volumeattachments',
};

const resourceOf = (kind: string): ResourceName => RESOURCES[kind] ?? (`${kind.toLowerCase()}s` as ResourceName);

export function replay(cluster: Cluster, recording: Recording): void {
  const begin = cluster.clock.now;
  cluster.lines.length = 0;
  for (const step of recording.steps) {
    cluster.clock.advanceTo(begin + step.at);
    try {
      perform(cluster, step);
    } catch (error) {
      // A command may be refused, and says so.
      if (!(error instanceof StatusError)) throw error;
    }
  }
  cluster.clock.advanceTo(begin + recording.end);
}

type Loose = Record<string, unknown> & { metadata: { name: string; namespace?: string } };

/** kubectl sends one object after another. */
const REQUEST = 18;

function perform({ client, advance }: Cluster, step: Step): void {
  const change = ([kind, name]: readonly [string, string], fn: (object: Loose) => Loose, status?: 'status') => {
    const resource = resourceOf(kind);
    const namespace = client.get(resource, '', name) ? '' : 'default';
    client.mutate(resource, namespace, name, (object) => fn(object as unknown as Loose) as never, status);
  };
  for (const document of step.apply ? parseAllDocuments(step.apply) : []) {
    apply(client, document.toJSON() as Loose);
    advance(REQUEST);
  }
  if (step.delete) {
    const [kind, name] = step.delete;
    const resource = resourceOf(kind);
    const policy = { foreground: 'Foreground', orphan: 'Orphan' }[step.cascade ?? ''] ?? 'Background';
    const namespace = client.get(resource, '', name) ? '' : 'default';
    client.delete(resource, namespace, name, { propagationPolicy: policy as 'Background' });
  }
  for (const kind of step.deleteAll?.split(',') ?? []) {
    for (const { metadata } of client.list(resourceOf(kind), 'default')) {
      client.delete(resourceOf(kind), 'default', metadata.name, { propagationPolicy: 'Background' });
    }
  }
  if (step.scale)
    change(step.scale, (object) => ({ ...object, spec: { ...(object.spec as object), replicas: step.replicas } }));
  if (step.image) change(step.image, (object) => withImage(object, step.container!, step.to!));
  if (step.patch)
    change(step.patch, (object) => patched(object, step.body) as Loose, step.status ? 'status' : undefined);
  if (step.undo) {
    const [, name] = step.undo;
    const [previous] = client.list('controllerrevisions', 'default').toSorted((a, b) => a.revision - b.revision);
    change(['sts', name], (object) => ({
      ...object,
      spec: { ...(object.spec as object), template: templateOf(previous!) },
    }));
  }
}

function apply(client: Cluster['client'], manifest: Loose | null): void {
  if (!manifest) return;
  const { kind, metadata } = manifest as unknown as KubeObject;
  const resource = kind.endsWith('Class') ? (`${kind.toLowerCase()}es` as ResourceName) : resourceOf(kind);
  const clusterScoped = /^(PersistentVolume|StorageClass|Node|Namespace|CSIDriver|CSINode)$/.test(kind);
  const namespace = clusterScoped ? '' : 'default';
  if (client.get(resource, namespace, metadata.name)) {
    client.mutate(resource, namespace, metadata.name, (object) => patched(object, manifest) as never);
  } else client.create(resource, namespace, rebound(client, manifest) as unknown as Draft<Resources[ResourceName]>);
}

/** A provisioner's volume names its claim by uid: the claim's here, not the recorded one's. */
function rebound(client: Cluster['client'], manifest: Loose): Loose {
  const spec = manifest.spec as { claimRef?: { namespace?: string; name: string; uid?: string } } | undefined;
  const { claimRef } = spec ?? {};
  if (!claimRef?.uid) return manifest;
  const claim = client.get('persistentvolumeclaims', claimRef.namespace ?? '', claimRef.name);
  return { ...manifest, spec: { ...spec, claimRef: { ...claimRef, uid: claim?.metadata.uid } } };
}

function withImage(object: Loose, container: string, image: string): Loose {
  const spec = object.spec as { template: { spec: { containers: { name: string }[] } } };
  const containers = spec.template.spec.containers.map((each) => (each.name === container ? { ...each, image } : each));
  return { ...object, spec: { ...spec, template: { ...spec.template, spec: { ...spec.template.spec, containers } } } };
}

/** A merge patch, or the removals of a JSON patch. */
function patched(value: unknown, patch: unknown): unknown {
  if (Array.isArray(patch) && patch.every((each) => (each as { op?: string }).op === 'remove')) {
    return patch.reduce((object, { path }: { path: string }) => without(object, path.split('/').slice(1)), value);
  }
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const out: Record<string, unknown> = { ...(value as object) };
  for (const [key, field] of Object.entries(patch)) {
    if (field === null) delete out[key];
    else out[key] = patched(out[key], field);
  }
  return out;
}

function without(value: unknown, [head, ...rest]: string[]): unknown {
  const { [head!]: field, ...others } = value as Record<string, unknown>;
  return rest.length === 0 ? others : { ...others, [head!]: without(field, rest) };
}

/** Generated parts of names, and which of two equal nodes it was, are nobody's promise. */
export const normalized = (text: string): string =>
  text
    .replace(/pvc-[0-9a-f-]{36}/g, 'pvc-UID')
    .replace(/\b([a-z]+)-[bcdfghjklmnpqrstvwxz2456789]{6,10}(-[bcdfghjklmnpqrstvwxz2456789]{5})?\b/g, '$1-HASH')
    .replace(/\b([a-z]+)-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '$1-HASH')
    .replace(/node0[12]/g, 'NODE')
    .replace(/in \d+ms \(\d+ms including waiting\)/, 'in MS')
    .replace(/Image size: \d+/, 'Image size: N');
