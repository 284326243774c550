/** The `Warning` headers of writes that are allowed but unwise: volumes, and whatever has a template (pkg/api/persistentvolume/util.go, the strategies' WarningsOnCreate and WarningsOnUpdate). */

import type { KubeObject, ObjectMeta } from '../object.ts';
import type { PersistentVolume, PodTemplateSpec } from '../types.ts';
import { betaClass } from './claim-warnings.ts';
import { termWarnings } from './node-labels.ts';
import { podWarnings } from './pod-warnings.ts';
import { isDNS1123Label } from './validation/names.ts';

/** By the field of a volume; some are spelt otherwise in the warning. */
const DEPRECATED_SOURCES = [
  ['cephfs', 'cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['photonPersistentDisk', 'photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['scaleIO', 'scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['storageos', 'storageOS', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['rbd', 'rbd', 'deprecated in v1.28, non-functional in v1.31+'],
] as const;

export function volumeWarnings({ metadata, spec = {} }: PersistentVolume): readonly string[] {
  const out: string[] = [];
  betaClass(out, metadata);
  if (spec.persistentVolumeReclaimPolicy === 'Recycle')
    out.push(
      'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.',
    );
  for (const [i, term] of (spec.nodeAffinity?.required?.nodeSelectorTerms ?? []).entries())
    termWarnings(out, term, `spec.nodeAffinity.required.nodeSelectorTerms[${i}]`);
  for (const [source, name, text] of DEPRECATED_SOURCES) if (spec[source]) out.push(`spec.${name}: ${text}`);
  return out;
}

/** Names are hostnames too: of a pod itself, and of those a controller makes. */
export function hostnameWarnings({ metadata }: KubeObject, whose: string): readonly string[] {
  const texts = isDNS1123Label(metadata.name);
  if (texts.length === 0) return [];
  return [
    `metadata.name: this is used in ${whose}, which can result in surprising behavior; a DNS label is recommended: [${texts.join(' ')}]`,
  ];
}

export const POD_NAMES = 'Pod names and hostnames';

interface Workload extends KubeObject {
  readonly spec?: { readonly template?: PodTemplateSpec };
}

/** Of a template that is new: an update that leaves the spec alone raises no generation and no warning. */
export function templateWarnings({ metadata, spec }: Workload, before: Workload | undefined): readonly string[] {
  if (before && metadata.generation === before.metadata.generation) return [];
  return ofTemplate(spec?.template, 'spec.template');
}

export const ofTemplate = (template: PodTemplateSpec | undefined, path: string): readonly string[] =>
  template?.spec ? podWarnings({ spec: template.spec, metadata: template.metadata as Partial<ObjectMeta> }, path) : [];

/** The same, of kinds whose names become pods' and need not be labels. */
export const workloadWarnings = (workload: Workload, before: Workload | undefined): readonly string[] => [
  ...(before ? [] : hostnameWarnings(workload, POD_NAMES)),
  ...templateWarnings(workload, before),
];
