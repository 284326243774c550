/** The revisions of a workload: a Deployment's are its ReplicaSets, the others' are ControllerRevisions (kubectl pkg/polymorphichelpers/history.go). */

import type { KubeObject } from '../../../api/object.ts';
import { formatLabelSelector, type LabelSelectorObject, selectorOf } from '../../../api/selectors.ts';
import type { ControllerRevision, PodTemplateSpec, ReplicaSet } from '../../../api/types.ts';
import type { Task } from '../../../sim/task.ts';
import type { Mapping } from '../../client/mapper.ts';
import { podTemplate } from '../../describe/containers.ts';
import { Writer } from '../../describe/writer.ts';
import type { Info } from '../../resource/info.ts';
import type { Session } from '../../session.ts';

export interface Revision {
  readonly number: number;
  readonly changeCause: string;
  readonly template: PodTemplateSpec;
  readonly object: KubeObject;
}

export const CHANGE_CAUSE = 'kubernetes.io/change-cause';
export const REVISION = 'deployment.kubernetes.io/revision';

/** Kinds that have a history, by group and kind. */
const HISTORIES: Readonly<Record<string, (session: Session, info: Info) => Task<Revision[]>>> = {
  'apps/Deployment': replicaSetRevisions,
  'apps/StatefulSet': controllerRevisions,
  'apps/DaemonSet': controllerRevisions,
};

/** In ascending order; undefined for kinds that have none. */
export function revisionsOf(session: Session, info: Info): Task<Revision[]> | undefined {
  return HISTORIES[`${info.mapping.group}/${info.mapping.kind}`]?.(session, info);
}

/** schema.GroupKind.String(): `Pod`, `Job.batch`. */
export const groupKind = ({ group, kind }: Mapping): string => (group ? `${kind}.${group}` : kind);

/** A pod template as describe shows it, its tabs not aligned. */
export function printTemplate(template: PodTemplateSpec): string {
  const writer = Writer.plain();
  podTemplate(writer, template);
  return writer.toString();
}

function* replicaSetRevisions(session: Session, info: Info): Task<Revision[]> {
  const sets = yield* ownedBy<ReplicaSet>(session, info, 'replicasets');
  return sets
    .filter(({ metadata }) => metadata.annotations?.[REVISION] !== undefined)
    .map((object) => ({
      number: Number(object.metadata.annotations![REVISION]),
      changeCause: object.metadata.annotations?.[CHANGE_CAUSE] ?? '',
      template: object.spec!.template as PodTemplateSpec,
      object,
    }))
    .sort((a, b) => a.number - b.number);
}

function* controllerRevisions(session: Session, info: Info): Task<Revision[]> {
  const revisions = yield* ownedBy<ControllerRevision>(session, info, 'controllerrevisions');
  return revisions
    .map((object) => ({
      number: object.revision,
      changeCause: object.metadata.annotations?.[CHANGE_CAUSE] ?? '',
      template: templateOf(object),
      object,
    }))
    .sort((a, b) => a.number - b.number);
}

/** The data of a revision is a patch that replaces the template. */
function templateOf(revision: ControllerRevision): PodTemplateSpec {
  const { spec } = revision.data as unknown as { spec: { template: PodTemplateSpec & { $patch?: string } } };
  const { $patch: _, ...template } = spec.template;
  return template as PodTemplateSpec;
}

/** Those that the selector finds and the workload controls. */
function* ownedBy<T extends KubeObject>(session: Session, { object, namespace }: Info, resource: string): Task<T[]> {
  const { selector } = (object!.spec ?? {}) as { selector?: LabelSelectorObject };
  const client = yield* session.client();
  const path = `/apis/apps/v1/namespaces/${encodeURIComponent(namespace)}/${resource}`;
  const query = [['labelSelector', formatLabelSelector(selectorOf(selector ?? {}))]] as const;
  const { items, apiVersion, kind } = yield* client.json<{ items: T[]; apiVersion: string; kind: string }>(
    'GET',
    path,
    { query },
  );
  const uid = object!.metadata?.uid;
  return items
    .filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.controller && owner.uid === uid))
    .map((item) => ({ ...item, apiVersion, kind: kind.replace(/List$/, '') }));
}
