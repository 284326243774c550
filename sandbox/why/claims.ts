/** What a claim waits for: its class, a volume that fits, a Pod; and why each volume there is does not do. */

import type { KubeObject } from '../api/object.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../api/types.ts';
import type { WhySubject } from '../channel/why.ts';
import { claimsOfPod } from '../controllers/persistentvolume-binder/binder.ts';
import {
  ANNOTATION,
  annotationOf,
  capacityOf,
  classOf,
  hasNoClass,
  isBoundTo,
  modeOf,
  requestOf,
} from '../controllers/persistentvolume-binder/claims.ts';
import { type Misfit, misfitOf, whyUnsatisfied } from '../controllers/persistentvolume-binder/matching.ts';
import { absent, deletion } from './absent.ts';
import { type Finding, finding, NAMESPACE, objectSubject, type Scene } from './scene.ts';

/** A volume that failed at one thing only is told last: it is nearest. */
const NEAREST: readonly Misfit[] = [
  'class',
  'unavailable',
  'terminating',
  'node',
  'attributes',
  'mode',
  'selector',
  'taken',
  'released',
  'modes',
  'size',
];

export function claimFindings(scene: Scene, claim: PersistentVolumeClaim): Finding[] {
  const { name, namespace = '' } = claim.metadata;
  if (claim.metadata.deletionTimestamp) return terminating(scene, claim);
  const phase = claim.status?.phase;
  if (phase === 'Bound') return [];
  const subject = objectSubject('PersistentVolumeClaim', name, namespace);
  if (phase === 'Lost') {
    const volume = claim.spec?.volumeName ?? '';
    return [
      finding('claim.lost', { claim: name, volume }, objectSubject('PersistentVolume', volume), [
        deletion(scene, 'PersistentVolume', volume, () => true)?.write,
      ]),
    ];
  }
  const wanted = claim.spec?.volumeName;
  const why = wanted ? named(scene, claim, wanted) : unmatched(scene, claim);
  return [finding('claim.pending', { claim: name }, subject, [scene.lastWrite(claim)]), ...why];
}

function terminating(scene: Scene, claim: PersistentVolumeClaim): Finding[] {
  const { name, namespace = '' } = claim.metadata;
  const kind = 'PersistentVolumeClaim';
  const key = `${namespace}/${name}`;
  const pods = scene.list('pods', namespace).filter((pod) => claimsOfPod(pod).includes(key));
  return [
    finding('object.terminating', { kind, name }, objectSubject(kind, name, namespace)),
    ...pods.map((pod) =>
      finding(
        'claim.used',
        { claim: name, pod: pod.metadata.name },
        objectSubject('Pod', pod.metadata.name, namespace),
        [scene.lastWrite(pod)],
      ),
    ),
  ];
}

/** The claim names its volume. */
function named(scene: Scene, claim: PersistentVolumeClaim, wanted: string): Finding[] {
  const subject = objectSubject('PersistentVolume', wanted);
  const volume = scene.get('persistentvolumes', '', wanted);
  if (!volume)
    return [
      finding('claim.names-missing', { volume: wanted }, subject, [
        deletion(scene, 'PersistentVolume', wanted, () => true)?.write,
      ]),
    ];
  if (volume.spec?.claimRef && !isBoundTo(volume, claim)) {
    const hold = holdOf(volume);
    if (hold === 'failed' || hold === 'released') return [holdFinding(scene, volume, subject, claim)];
    return [finding(`claim.names-${hold}`, { volume: wanted }, subject, [scene.lastWrite(volume)])];
  }
  const problem = whyUnsatisfied(volume, claim);
  if (problem) return [finding('claim.names-unfit', { volume: wanted, problem }, subject, [scene.lastWrite(volume)])];
  return [finding('claim.resync', { volume: wanted }, subject)];
}

function unmatched(scene: Scene, claim: PersistentVolumeClaim): Finding[] {
  const volumes = scene.list('persistentvolumes');
  const judged = volumes.map((volume) => ({ volume, misfit: misfitOf(volume, claim) }));
  const name = classOf(claim);
  const storageClass = name ? scene.get('storageclasses', '', name) : undefined;
  const waits = storageClass?.volumeBindingMode === 'WaitForFirstConsumer';
  if (waits && annotationOf(claim, ANNOTATION.selectedNode) === undefined && !hasConsumer(scene, claim))
    return [finding('claim.consumer', { class: name }, objectSubject('StorageClass', name))];
  const fits = judged.find(({ misfit }) => misfit === undefined);
  if (fits) {
    const { name: volume } = fits.volume.metadata;
    return [finding('claim.resync', { volume }, objectSubject('PersistentVolume', volume))];
  }
  const told = judged
    .toSorted((a, b) => NEAREST.indexOf(a.misfit!) - NEAREST.indexOf(b.misfit!))
    .map(({ volume, misfit }) => misfitFinding(scene, volume, claim, misfit!));
  const others = told.filter(({ says }) => says.key !== 'volume.class');
  // As long as a volume of the class is there, what keeps it is the cause; else it is the class.
  if (others.some((one) => isOfClass(scene, one, claim))) return told;
  return [...told, lacking(claim, name, storageClass?.provisioner, volumes.length)];
}

function isOfClass(scene: Scene, { subject }: Finding, claim: PersistentVolumeClaim): boolean {
  if (subject?.type !== 'object') return false;
  const volume = scene.get('persistentvolumes', '', subject.name);
  return volume !== undefined && classOf(volume) === classOf(claim);
}

/** No volume is of its class, and none will come. */
function lacking(
  claim: PersistentVolumeClaim,
  name: string,
  provisioner: string | undefined,
  volumes: number,
): Finding {
  if (!name) {
    const key = volumes === 0 ? 'claim.no-volume' : 'claim.class-none';
    return finding(hasNoClass(claim) || volumes > 0 ? key : 'claim.class-none');
  }
  const subject = objectSubject('StorageClass', name);
  if (provisioner === undefined) return finding('claim.class-unknown', { class: name }, subject);
  const key = provisioner === 'kubernetes.io/no-provisioner' ? 'claim.class-empty' : 'claim.provisioner';
  return finding(key, { class: name, provisioner }, subject);
}

const hasConsumer = (scene: Scene, { metadata: { namespace = '', name } }: PersistentVolumeClaim): boolean =>
  scene.list('pods', namespace).some((pod) => claimsOfPod(pod).includes(`${namespace}/${name}`));

function misfitFinding(scene: Scene, volume: PersistentVolume, claim: PersistentVolumeClaim, misfit: Misfit): Finding {
  const { name } = volume.metadata;
  const { accessModes } = volume.spec ?? {};
  const evidence = [scene.lastWrite(volume)];
  const subject = objectSubject('PersistentVolume', name);
  const say = (has: string, wants: string) =>
    finding(`volume.${misfit}` as Finding['says']['key'], { volume: name, has, wants }, subject);
  switch (misfit) {
    case 'taken':
    case 'released':
      return holdFinding(scene, volume, subject, claim);
    case 'unavailable':
      return finding(
        'volume.unavailable',
        { volume: name, phase: volume.status?.phase ?? 'Pending' },
        subject,
        evidence,
      );
    case 'terminating':
    case 'selector':
    case 'attributes':
    case 'node':
      return finding(`volume.${misfit}`, { volume: name }, subject, misfit === 'terminating' ? evidence : []);
    case 'class':
      return say(classOf(volume) || '""', classOf(claim) || '""');
    case 'mode':
      return say(modeOf(volume), modeOf(claim));
    case 'modes':
      return say((accessModes ?? []).join(', '), (claim.spec?.accessModes ?? []).join(', '));
    case 'size':
      return say(String(capacityOf(volume)), String(requestOf(claim)));
  }
}

/**
 * What a volume is to the claim that it names. Reserved: it waits for it, because its maker wrote that or the binder is about to bind
 * it. Released or failed: that claim is gone, and the volume with its data was left or could not be deleted.
 */
function holdOf({ status }: PersistentVolume): 'reserved' | 'taken' | 'released' | 'failed' {
  switch (status?.phase) {
    case 'Bound':
      return 'taken';
    case 'Released':
      return 'released';
    case 'Failed':
      return 'failed';
    default:
      return 'reserved';
  }
}

/** … as a sentence, for one who looks from the claim's namespace. */
function holdFinding(
  scene: Scene,
  volume: PersistentVolume,
  subject: WhySubject,
  { metadata }: Pick<KubeObject, 'metadata'> = volume,
): Finding {
  const { name } = volume.metadata;
  const hold = holdOf(volume);
  const evidence = [scene.lastWrite(volume)];
  if (hold === 'failed')
    return finding(
      'volume.failed',
      { volume: name, message: volume.status?.message ?? '' },
      objectSubject('PersistentVolume', name),
      evidence,
    );
  return finding(`volume.${hold}`, { volume: name, claim: claimOf(volume, metadata.namespace) }, subject, evidence);
}

/** The claim that a volume names, as one says it in a namespace. */
function claimOf({ spec }: PersistentVolume, namespace = NAMESPACE): string {
  const { name = '', namespace: its = namespace } = spec?.claimRef ?? {};
  return its === namespace ? name : `${its}/${name}`;
}

/** What is to be said of a volume that is not simply free or bound. */
export function volumeFindings(scene: Scene, volume: PersistentVolume): Finding[] {
  const { name, deletionTimestamp, finalizers } = volume.metadata;
  const subject = objectSubject('PersistentVolume', name);
  const { claimRef } = volume.spec ?? {};
  const held = claimRef && [
    holdFinding(scene, volume, objectSubject('PersistentVolumeClaim', claimRef.name ?? '', claimRef.namespace)),
  ];
  if (deletionTimestamp) {
    const kind = 'PersistentVolume';
    const by = (finalizers ?? []).map((finalizer) => finding('object.held', { kind, name, finalizer }, subject));
    return [finding('object.terminating', { kind, name }, subject, [scene.lastWrite(volume)]), ...by, ...(held ?? [])];
  }
  if (!held) return [];
  switch (holdOf(volume)) {
    case 'taken':
      return [];
    case 'reserved':
      return [...held, ...ofReserved(scene, volume)];
    default:
      return held;
  }
}

/** What the claim that a volume is reserved for waits for. */
function ofReserved(scene: Scene, { spec }: PersistentVolume): Finding[] {
  const { name = '', namespace = NAMESPACE } = spec?.claimRef ?? {};
  const claim = scene.get('persistentvolumeclaims', namespace, name);
  return claim ? claimFindings(scene, claim) : absent(scene, 'PersistentVolumeClaim', name, namespace);
}
