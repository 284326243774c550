/** What a describer is: it reads what else it needs, then writes. */

import type { KubeObject } from '../../api/object.ts';
import type { Event, Pod } from '../../api/types.ts';
import type { Task } from '../../sim/task.ts';
import { type Mapping, resourcePath } from '../client/mapper.ts';
import type { Session } from '../session.ts';
import type { Writer } from './writer.ts';

export interface Context {
  readonly session: Session;
  readonly mapping: Mapping;
  /** undefined: not asked for (several objects, `--show-events=false`). */
  readonly events: readonly Event[] | undefined;
  readonly now: number;
}

// The object is of the describer's own kind: the table is keyed by it.
export type Describer = (w: Writer, object: never, context: Context) => Task<void>;

/** Another list of the same server, by resource; empty where that fails, as upstream ignores it. */
export function* listOf<T extends KubeObject>(
  { session }: Context,
  resource: { readonly group: string; readonly version: string; readonly resource: string },
  namespace: string,
  query: readonly (readonly [string, string])[] = [],
): Task<T[]> {
  const client = yield* session.client();
  const path = resourcePath({ ...resource, kind: '', namespaced: namespace !== '' } as unknown as Mapping, namespace);
  const text = yield* client.text('GET', path, { query: [...query, ['limit', '500']] });
  return (JSON.parse(text) as { items: T[] }).items;
}

export const PODS = { group: '', version: 'v1', resource: 'pods' } as const;

/** Pods that a controller owns, by phase: `1 Running / 0 Waiting / 0 Succeeded / 0 Failed`. */
export function* podsByPhase(context: Context, namespace: string, uid: string, selector: string): Task<string> {
  const pods = (yield* listOf<Pod>(context, PODS, namespace, [['labelSelector', selector]])).filter((pod) =>
    pod.metadata.ownerReferences?.some((owner) => owner.controller && owner.uid === uid),
  );
  const count = (phase: string) => pods.filter((pod) => pod.status?.phase === phase).length;
  return `${count('Running')} Running / ${count('Pending')} Waiting / ${count('Succeeded')} Succeeded / ${count('Failed')} Failed`;
}

export function controlledBy(w: Writer, { metadata }: KubeObject): void {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller);
  if (owner) w.line(0, `Controlled By:\t${owner.kind}/${owner.name}`);
}

export function conditionTable(
  w: Writer,
  conditions: readonly { type: string; status: string; reason?: string }[] | undefined,
): void {
  if (!conditions || conditions.length === 0) return;
  w.line(0, 'Conditions:');
  w.line(0, '  Type\tStatus\tReason');
  w.line(1, '----\t------\t------');
  for (const { type, status, reason = '' } of conditions) w.line(1, `${type} \t${status}\t${reason}`);
}
