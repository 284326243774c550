/** A write in words: what it did to its object, read from the change itself. */

import { equal } from '../api/equality.ts';
import type { KubeObject } from '../api/object.ts';
import type { StoreEvent } from '../api/store.ts';
import type { Event, Node, PersistentVolume, PersistentVolumeClaim, Pod } from '../api/types.ts';
import type { Says, WhySubject } from '../channel/why.ts';
import { findCondition } from '../controllers/conditions.ts';
import type { Deed } from '../sim/cause.ts';
import { kindOf, objectSubject, says } from './scene.ts';

type Write = Deed & { type: 'write' };

/** `event` is the change, where the store still has it. */
export function describeWrite(write: Write, event: StoreEvent | undefined): { says: Says; subject: WhySubject } {
  const kind = kindOf(write.resource);
  const { name, namespace } = write;
  if (write.resource === 'events' && event) {
    const { reason = '', message = '', involvedObject: about } = event.object as Event;
    const subject = objectSubject(about.kind ?? '', about.name ?? '', about.namespace);
    return { says: says('write.event', { reason, message }), subject };
  }
  const subject = objectSubject(kind, name, namespace);
  if (write.verb === 'ADDED') return { says: says('write.created', { kind, name }), subject };
  if (write.verb === 'DELETED') return { says: says('write.deleted', { kind, name }), subject };
  const described = event?.before && change(event.before, event.object);
  return { says: described ?? says('write.written', { kind, name }), subject };
}

function change(before: KubeObject, after: KubeObject): Says {
  const { kind } = after;
  const { name } = after.metadata;
  if (after.metadata.deletionTimestamp && !before.metadata.deletionTimestamp)
    return says('write.deleting', { kind, name });
  return ofKind(before, after) ?? replicas(before, after) ?? phase(before, after) ?? fields(before, after);
}

function ofKind(before: KubeObject, after: KubeObject): Says | undefined {
  const { name } = after.metadata;
  if (after.kind === 'Pod') {
    const [was, pod] = [before as Pod, after as Pod];
    const node = pod.spec?.nodeName;
    if (node && !was.spec?.nodeName) return says('write.assigned', { name, node });
    const scheduled = findCondition(pod.status?.conditions, 'PodScheduled');
    if (scheduled?.status === 'False' && !equal(scheduled, findCondition(was.status?.conditions, 'PodScheduled')))
      return says('write.unschedulable', { name, message: scheduled.message ?? '' });
  }
  if (after.kind === 'PersistentVolume') {
    const [was, is] = [(before as PersistentVolume).spec?.claimRef, (after as PersistentVolume).spec?.claimRef];
    if (is && !was) return says('write.promised', { name, claim: is.name ?? '' });
    if (was && !is) return says('write.freed', { name });
  }
  if (after.kind === 'PersistentVolumeClaim') {
    const volume = (after as PersistentVolumeClaim).spec?.volumeName;
    if (volume && !(before as PersistentVolumeClaim).spec?.volumeName) return says('write.points', { name, volume });
  }
  if (after.kind === 'Node') {
    const [was, is] = [Boolean((before as Node).spec?.unschedulable), Boolean((after as Node).spec?.unschedulable)];
    if (was !== is) return says(is ? 'write.cordoned' : 'write.uncordoned', { name });
  }
  return undefined;
}

type Parts = KubeObject & {
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
};

function replicas(before: Parts, after: Parts): Says | undefined {
  const [from, to] = [before.spec?.replicas, after.spec?.replicas];
  if (typeof from !== 'number' || typeof to !== 'number' || from === to) return undefined;
  return says('write.scaled', { kind: after.kind, name: after.metadata.name, from: String(from), to: String(to) });
}

function phase(before: Parts, after: Parts): Says | undefined {
  const [from, to] = [before.status?.phase, after.status?.phase];
  if (typeof to !== 'string' || from === to || typeof from !== 'string') return undefined;
  return says('write.phase', { kind: after.kind, name: after.metadata.name, from, to });
}

/** Which parts of it are others now: `spec.template`, `metadata.labels`. */
function fields(before: Parts, after: Parts): Says {
  const { kind } = after;
  const { name } = after.metadata;
  const changed: string[] = [];
  for (const part of ['metadata', 'spec', 'data'] as const) {
    const [was, is] = [before, after].map((one) => ((one as unknown as Record<string, object>)[part] ?? {}) as object);
    for (const key of new Set([...Object.keys(was!), ...Object.keys(is!)]))
      if (!['resourceVersion', 'generation', 'managedFields'].includes(key) && differ(was!, is!, key))
        changed.push(`${part}.${key}`);
  }
  if (changed.length > 0) return says('write.changed', { kind, name, fields: changed.join(', ') });
  return says('write.status', { kind, name });
}

const differ = (was: object, is: object, key: string): boolean =>
  !equal((was as Record<string, unknown>)[key], (is as Record<string, unknown>)[key]);
