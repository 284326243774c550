/** The `Warning` headers of writes that are allowed but unwise (pkg/api/persistentvolume/util.go, pkg/api/pod/warnings.go). */

import type { KubeObject } from '../object.ts';
import type { Container, PersistentVolume, PersistentVolumeClaim, PodSpec, PodTemplateSpec } from '../types.ts';

const DEPRECATED_SOURCES = {
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
} as const;

const BETA_CLASS = 'volume.beta.kubernetes.io/storage-class';

export function volumeWarnings({ metadata, spec = {} }: PersistentVolume): readonly string[] {
  const out: string[] = [];
  if (metadata.annotations?.[BETA_CLASS] !== undefined)
    out.push(`metadata.annotations[${BETA_CLASS}]: deprecated since v1.8; use "storageClassName" attribute instead`);
  if (spec.persistentVolumeReclaimPolicy === 'Recycle')
    out.push(
      'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.',
    );
  for (const [source, text] of Object.entries(DEPRECATED_SOURCES))
    if (spec[source as keyof typeof DEPRECATED_SOURCES]) out.push(`spec.${source}: ${text}`);
  return out;
}

export function claimWarnings({ metadata, spec = {} }: PersistentVolumeClaim): readonly string[] {
  const out: string[] = [];
  if (metadata.annotations?.[BETA_CLASS] !== undefined)
    out.push(`metadata.annotations[${BETA_CLASS}]: deprecated since v1.8; use "storageClassName" attribute instead`);
  const size = String(spec.resources?.requests?.storage ?? '');
  if (/m$/.test(size))
    out.push(`spec.resources.requests[storage]: fractional byte value "${size}" is invalid, must be an integer`);
  return out;
}

interface Workload extends KubeObject {
  readonly spec?: { readonly template?: PodTemplateSpec };
}

/** Of a template that is new: an update that leaves the spec alone raises no generation and no warning. */
export function workloadWarnings({ metadata, spec }: Workload, before: Workload | undefined): readonly string[] {
  if (before && metadata.generation === before.metadata.generation) return [];
  return spec?.template?.spec ? podWarnings(spec.template.spec, 'spec.template.spec') : [];
}

/** warningsForPodSpecAndMeta, as far as the fields here go. */
export function podWarnings(spec: PodSpec, path = 'spec'): readonly string[] {
  const out: string[] = [];
  for (const key of Object.keys(spec.nodeSelector ?? {})) {
    const instead = DEPRECATED_NODE_LABELS[key];
    if (instead) out.push(`${path}.nodeSelector[${key}]: ${instead}`);
  }
  for (const [i, { ip }] of (spec.hostAliases ?? []).entries())
    if (!ip) out.push(`${path}.hostAliases[${i}].ip: empty IP`);
  for (const [i, volume] of (spec.volumes ?? []).entries()) {
    for (const [source, text] of Object.entries(DEPRECATED_SOURCES))
      if (volume[source as keyof typeof volume]) out.push(`${path}.volumes[${i}].${source}: ${text}`);
    if (volume.gitRepo)
      out.push(`${path}.volumes[${i}].gitRepo: deprecated in v1.11, and disabled by default in v1.33+`);
  }
  for (const field of ['initContainers', 'containers'] as const)
    for (const [i, container] of (spec[field] ?? []).entries())
      containerWarnings(out, container, `${path}.${field}[${i}]`);
  if (spec.terminationGracePeriodSeconds !== undefined && spec.terminationGracePeriodSeconds < 0)
    out.push(
      `${path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`,
    );
  duplicatePorts(out, spec.containers ?? [], path);
  return out;
}

const DEPRECATED_NODE_LABELS: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
};

function containerWarnings(out: string[], { env = [], resources }: Container, path: string): void {
  for (const kind of ['limits', 'requests'] as const) {
    const amount = String(resources?.[kind]?.memory ?? '');
    if (/m$/.test(amount))
      out.push(
        `${path}.resources.${kind}[memory]: fractional byte value ${JSON.stringify(amount)} is invalid, must be an integer`,
      );
  }
  const seen = new Set<string>();
  for (const [i, { name, value = '', valueFrom }] of env.entries()) {
    // A repeat that adds to the earlier value is how one appends.
    const appends = !valueFrom && value.includes(`$(${name})`) && value !== `$(${name})`;
    if (seen.has(name) && !appends)
      out.push(
        `${path}.env[${i}]: hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`,
      );
    seen.add(name);
  }
}

function duplicatePorts(out: string[], containers: readonly Container[], path: string): void {
  const seen = new Map<string, string>();
  for (const [i, { ports = [] }] of containers.entries()) {
    for (const [j, { containerPort, protocol, hostPort = 0, hostIP = '' }] of ports.entries()) {
      const key = `${containerPort}/${protocol}/${hostPort}/${hostIP}`;
      const own = `${path}.containers[${i}].ports[${j}]`;
      const first = seen.get(key);
      if (first) out.push(`${own}: duplicate port definition with ${first}`);
      else seen.set(key, own);
    }
  }
}
