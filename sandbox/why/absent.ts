/** What is not there: who took it away, where else it is, what of it was refused, or that nobody ever made it. */

import type { KubeObject } from '../api/object.ts';
import { type Finding, finding, objectSubject, type Scene, subjectOf } from './scene.ts';

export function absent(scene: Scene, kind: string, name: string, namespace: string): Finding[] {
  const none = gone(scene, kind, name, namespace);
  const other = elsewhere(scene, kind, name, namespace);
  if (other) {
    const params = { kind, name, namespace: other.metadata.namespace ?? '' };
    return [none, finding('object.elsewhere', params, subjectOf(other), [scene.lastWrite(other)])];
  }
  const others = another(scene, kind, name, namespace);
  const isKnown = others.length > 0 || none.evidence?.some(Boolean);
  // Of what happened long ago nothing is remembered.
  if (isKnown || scene.api.store.since(0) === undefined) return [...others, none];
  return formerly(scene, kind, name, namespace) ?? [finding('object.never', { kind, name }, none.subject)];
}

/** It is not there: since its deletion, or since it was refused. */
export function gone(scene: Scene, kind: string, name: string, namespace: string): Finding {
  const refused = scene.api.refusals
    .filter((one) => one.kind === kind && (one.name === name || one.name === ''))
    .map(({ at, because, request, message }) => ({
      at,
      component: 'kube-apiserver',
      says: { key: 'act.refused', params: { request, message } } as const,
      because,
    }));
  const evidence = [deletion(scene, kind, name, (its = namespace) => its === namespace)?.write, refused.at(-1)];
  return finding('object.missing', { kind, name }, objectSubject(kind, name, namespace), evidence);
}

/** When an object of that name was deleted last, in one of the namespaces that are meant. */
export function deletion(
  scene: Scene,
  kind: string,
  name: string,
  isMeant: (namespace: string | undefined) => boolean,
) {
  return scene.api.store.history.findLast(
    ({ type, object: { kind: its, metadata } }) =>
      type === 'DELETED' && its === kind && metadata.name === name && isMeant(metadata.namespace),
  );
}

/** It never was in this namespace, but in another one until it was deleted there. */
function formerly(scene: Scene, kind: string, name: string, here: string): Finding[] | undefined {
  const last = deletion(scene, kind, name, (its = here) => its !== here);
  if (!last) return undefined;
  const params = { kind, name, namespace: last.object.metadata.namespace ?? '', here };
  return [
    finding('object.missing', { kind, name }, objectSubject(kind, name, here)),
    finding('object.formerly', params, subjectOf(last.object), [last.write]),
  ];
}

/** What was made last was one of the kind, under another name. */
function another(scene: Scene, kind: string, name: string, namespace: string): Finding[] {
  const made = scene.api.store.history.findLast(
    ({ type, write, collection }) =>
      type === 'ADDED' && collection.name !== 'events' && write.because?.deed.type === 'command',
  );
  if (made?.object.kind !== kind || !scene.object(kind, namespace, made.object.metadata.name)) return [];
  const params = { kind, name, other: made.object.metadata.name };
  return [finding('object.other', params, subjectOf(made.object), [made.write])];
}

function elsewhere(scene: Scene, kind: string, name: string, namespace: string): KubeObject | undefined {
  for (const { metadata } of scene.list('namespaces')) {
    if (metadata.name === namespace) continue;
    const object = scene.object(kind, metadata.name, name);
    if (object?.metadata.namespace) return object;
  }
  return undefined;
}
