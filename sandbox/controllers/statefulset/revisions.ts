/** The history of a StatefulSet or DaemonSet: one ControllerRevision per template it ever had (pkg/controller/history, stateful_set_control.go getStatefulSetRevisions). */

import type { Client } from '../../api/client.ts';
import { equal } from '../../api/equality.ts';
import { parseTime } from '../../api/time.ts';
import type { ControllerRevision, DaemonSet, PodTemplateSpec, StatefulSet } from '../../api/types.ts';
import { shortHash } from '../hash.ts';
import type { OwnerKind } from '../ownership.ts';
import { controllerReference } from '../ownership.ts';

type Owner = StatefulSet | DaemonSet;

/** Where a revision carries its hash, by its owner's kind (ControllerRevisionHashLabel, DefaultDaemonSetUniqueLabelKey). */
const HASH_LABELS: Readonly<Record<string, string>> = {
  StatefulSet: 'controller.kubernetes.io/hash',
  DaemonSet: 'controller-revision-hash',
};

export const hashOf = ({ metadata }: ControllerRevision, { kind }: OwnerKind): string =>
  metadata.labels?.[HASH_LABELS[kind]!] ?? '';

const byRevision = (a: ControllerRevision, b: ControllerRevision): number =>
  a.revision - b.revision ||
  parseTime(a.metadata.creationTimestamp) - parseTime(b.metadata.creationTimestamp) ||
  (a.metadata.name < b.metadata.name ? -1 : 1);

/** What a revision keeps: enough to patch the template back. */
const dataOf = (template: PodTemplateSpec) => ({ spec: { template: { ...template, $patch: 'replace' } } });

/** ApplyRevision: the template a revision keeps. */
export function templateOf({ data }: ControllerRevision): PodTemplateSpec {
  const { spec } = data as unknown as { spec: { template: PodTemplateSpec & { $patch?: string } } };
  const { $patch: _, ...template } = spec.template;
  return template;
}

/**
 * The revision of the template as it is now: the latest if it is unchanged, an older one made the latest if the template
 * went back to it, or a new one.
 */
export function currentRevision(
  client: Client,
  owner: Owner,
  ownerKind: OwnerKind,
  history: readonly ControllerRevision[],
  collisionCount: number,
): ControllerRevision {
  const template = owner.spec!.template as PodTemplateSpec;
  const sorted = [...history].sort(byRevision);
  const same = sorted.findLast((revision) => equal(templateOf(revision), template));
  const next = (sorted.at(-1)?.revision ?? 0) + 1;
  if (same && same === sorted.at(-1)) return same;
  if (same) return client.update('controllerrevisions', { ...same, revision: next });
  return create(client, owner, ownerKind, next, collisionCount);
}

/** CreateControllerRevision: one of that name with the same template will do; one with another takes the name, and the next hash is tried. */
function create(
  client: Client,
  owner: Owner,
  ownerKind: OwnerKind,
  revision: number,
  collisionCount: number,
): ControllerRevision {
  const template = owner.spec!.template as PodTemplateSpec;
  const { namespace = '', annotations } = owner.metadata;
  const hash = shortHash(template, collisionCount);
  const name = `${owner.metadata.name}-${hash}`;
  const existing = client.get('controllerrevisions', namespace, name);
  if (existing && equal(templateOf(existing), template)) return existing;
  if (existing) return create(client, owner, ownerKind, revision, collisionCount + 1);
  return client.create('controllerrevisions', namespace, {
    metadata: {
      name,
      labels: { ...template.metadata?.labels, [HASH_LABELS[ownerKind.kind]!]: hash },
      ...(annotations && { annotations }),
      ownerReferences: [controllerReference(owner, ownerKind)],
    },
    data: dataOf(template) as unknown as NonNullable<ControllerRevision['data']>,
    revision,
  });
}

/** truncateHistory: of the revisions no pod and no status needs, the oldest beyond the limit go. */
export function truncate(
  client: Client,
  history: readonly ControllerRevision[],
  live: ReadonlySet<string>,
  limit: number,
): void {
  const unused = history.filter(({ metadata }) => !live.has(metadata.name)).sort(byRevision);
  for (const { metadata } of unused.slice(0, Math.max(0, unused.length - limit))) {
    client.delete('controllerrevisions', metadata.namespace ?? '', metadata.name);
  }
}
