/** PersistentVolume, PersistentVolumeClaim, StorageClass, VolumeAttributesClass, CSINode. */

import type {
  CSINode,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  StorageClass,
  VolumeAttributesClass,
} from '../../api/types.ts';
import type { Task } from '../../sim/task.ts';
import { byText } from '../text.ts';
import { claimLines } from './claim-lines.ts';
import { type Context, listOf, PODS } from './describer.ts';
import { describeEvents } from './events.ts';
import { annotations, labels, multiline } from './metadata.ts';
import { accessModes, bool, formatLabels, goList, quantity, rfc1123, since, storageClassOf } from './values.ts';
import { volumeSource } from './volumes.ts';
import type { Writer } from './writer.ts';

export function* persistentVolume(w: Writer, volume: PersistentVolume, { events, now }: Context): Task<void> {
  const { metadata, status } = volume;
  const spec = volume.spec!;
  w.line(0, `Name:\t${metadata.name}`);
  labels(w, 'Labels', metadata.labels);
  annotations(w, 'Annotations', metadata.annotations);
  w.line(0, `Finalizers:\t${goList(metadata.finalizers)}`);
  w.line(0, `StorageClass:\t${storageClassOf(volume)}`);
  if (metadata.deletionTimestamp) w.line(0, `Status:\tTerminating (lasts ${since(metadata.deletionTimestamp, now)})`);
  else w.line(0, `Status:\t${status?.phase ?? ''}`);
  w.line(0, `Claim:\t${spec.claimRef ? `${spec.claimRef.namespace ?? ''}/${spec.claimRef.name ?? ''}` : ''}`);
  w.line(0, `Reclaim Policy:\t${spec.persistentVolumeReclaimPolicy ?? ''}`);
  w.line(0, `Access Modes:\t${accessModes(spec.accessModes)}`);
  if (spec.volumeMode) w.line(0, `VolumeMode:\t${spec.volumeMode}`);
  w.line(0, `Capacity:\t${quantity(spec.capacity?.storage as string | undefined)}`);
  nodeAffinity(w, spec);
  w.line(0, `Message:\t${status?.message ?? ''}`);
  volumeSource(w, spec);
  describeEvents(w, events, now);
}

function nodeAffinity(w: Writer, spec: NonNullable<PersistentVolume['spec']>): void {
  const terms = spec.nodeAffinity?.required?.nodeSelectorTerms;
  if (!terms) {
    w.line(0, 'Node Affinity:\t<none>');
    return;
  }
  w.line(0, 'Node Affinity:\t');
  w.line(1, `Required Terms:\t${terms.length === 0 ? '<none>' : ''}`);
  terms.forEach((term, i) => {
    const expressions = (term.matchExpressions ?? []).map(
      ({ key, operator, values }) =>
        `${key} ${operator.toLowerCase()}${values && values.length > 0 ? ` [${values.join(', ')}]` : ''}`,
    );
    multiline(w.nested(2), `Term ${i}`, expressions);
  });
}

export function* persistentVolumeClaim(w: Writer, claim: PersistentVolumeClaim, context: Context): Task<void> {
  const { events, now } = context;
  claimLines(w, claim, now);
  multiline(w, 'Used By', yield* users(claim, context));
  const conditions = claim.status?.conditions ?? [];
  if (conditions.length > 0) {
    w.line(0, 'Conditions:');
    w.line(1, 'Type\tStatus\tLastProbeTime\tLastTransitionTime\tReason\tMessage');
    w.line(1, '----\t------\t-----------------\t------------------\t------\t-------');
    for (const c of conditions)
      w.line(
        1,
        `${c.type} \t${c.status} \t${rfc1123(c.lastProbeTime)} \t${rfc1123(c.lastTransitionTime)} \t${c.reason ?? ''} \t${c.message ?? ''}`,
      );
  }
  describeEvents(w, events, now);
}

/** Pods that name the claim, and pods that own it. */
function* users(claim: PersistentVolumeClaim, context: Context): Task<string[]> {
  const { name, namespace = '', ownerReferences = [] } = claim.metadata;
  const pods = yield* listOf<Pod>(context, PODS, namespace);
  return pods
    .filter(
      (pod) =>
        pod.spec?.volumes?.some((volume) => volume.persistentVolumeClaim?.claimName === name) ||
        ownerReferences.some((owner) => owner.kind === 'Pod' && owner.uid === pod.metadata.uid),
    )
    .map((pod) => pod.metadata.name)
    .sort(byText);
}

const DEFAULT_CLASS = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
];

export function* storageClass(w: Writer, object: StorageClass, { events, now }: Context): Task<void> {
  const { metadata, mountOptions = [], allowedTopologies } = object;
  w.line(0, `Name:\t${metadata.name}`);
  w.line(0, `IsDefaultClass:\t${DEFAULT_CLASS.some((key) => metadata.annotations?.[key] === 'true') ? 'Yes' : 'No'}`);
  w.line(0, `Annotations:\t${formatLabels(metadata.annotations)}`);
  w.line(0, `Provisioner:\t${object.provisioner}`);
  w.line(0, `Parameters:\t${formatLabels(object.parameters)}`);
  w.line(0, `AllowVolumeExpansion:\t${bool(object.allowVolumeExpansion)}`);
  w.line(0, `MountOptions:${mountOptions.length === 0 ? '\t<none>' : ''}`);
  for (const option of mountOptions) w.line(1, option);
  if (object.reclaimPolicy) w.line(0, `ReclaimPolicy:\t${object.reclaimPolicy}`);
  if (object.volumeBindingMode) w.line(0, `VolumeBindingMode:\t${object.volumeBindingMode}`);
  if (allowedTopologies) {
    w.line(0, `AllowedTopologies:\t${allowedTopologies.length === 0 ? '<none>' : ''}`);
    for (const [i, term] of allowedTopologies.entries()) {
      const requirements = (term.matchLabelExpressions ?? []).map(
        ({ key, values }) => `${key} in [${values.join(', ')}]`,
      );
      multiline(w.nested(1), `Term ${i}`, requirements);
    }
  }
  describeEvents(w, events, now);
}

export function* volumeAttributesClass(w: Writer, object: VolumeAttributesClass, { events, now }: Context): Task<void> {
  w.line(0, `Name:\t${object.metadata.name}`);
  w.line(0, `Annotations:\t${formatLabels(object.metadata.annotations)}`);
  w.line(0, `DriverName:\t${object.driverName}`);
  w.line(0, `Parameters:\t${formatLabels(object.parameters)}`);
  describeEvents(w, events, now);
}

export function* csiNode(w: Writer, { metadata, spec }: CSINode, { events, now }: Context): Task<void> {
  w.line(0, `Name:\t${metadata.name}`);
  labels(w, 'Labels', metadata.labels);
  annotations(w, 'Annotations', metadata.annotations);
  w.line(0, `CreationTimestamp:\t${rfc1123(metadata.creationTimestamp)}`);
  w.line(0, 'Spec:');
  if (spec?.drivers) w.line(1, 'Drivers:');
  for (const { name, nodeID, allocatable, topologyKeys } of spec?.drivers ?? []) {
    w.line(2, `${name}:`);
    w.line(3, `Node ID:\t${nodeID}`);
    if (allocatable?.count !== undefined) {
      w.line(3, 'Allocatables:');
      w.line(4, `Count:\t${allocatable.count}`);
    }
    if (topologyKeys) w.line(3, `Topology Keys:\t${goList(topologyKeys)}`);
  }
  describeEvents(w, events, now);
}
