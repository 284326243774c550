/** The namespace controller: empties a namespace that is being deleted, then lets it go (pkg/controller/namespace/deletion). */

import { timestamp } from '../api/time.ts';
import type { Namespace } from '../api/types.ts';
import { setCondition } from './conditions.ts';
import type { ControllerContext } from './context.ts';
import { WorkQueue } from './work-queue.ts';

/** namespaceDeletionGracePeriod: what was being made as the deletion came may still arrive. */
const GRACE = 5_000;
/** How soon what remains is looked at again. */
const RETRY = 1000;

export function startNamespaceController({ client, clock, random }: ControllerContext): void {
  const namespaces = client.informer('namespaces');

  const reconcile = (name: string) => {
    const namespace = namespaces.get('', name);
    if (!namespace?.metadata.deletionTimestamp) return;
    const remaining = empty(name);
    const current = client.updateStatus('namespaces', withConditions(namespace, remaining, clock.now));
    if (remaining.length > 0) queue.addAfter(name, RETRY);
    else client.update('namespaces', { ...current, spec: { ...current.spec, finalizers: [] } }, 'finalize');
  };

  const empty = (name: string): Remaining[] => {
    const remaining: Remaining[] = [];
    for (const { collection: resource, group, namespaced } of client.served()) {
      if (!namespaced) continue;
      const objects = client.list(resource, name);
      for (const { metadata } of objects) client.delete(resource, name, metadata.name);
      const left = objects.length > 0 ? client.list(resource, name) : objects;
      if (left.length === 0) continue;
      const finalizers = left.flatMap(({ metadata }) => metadata.finalizers ?? []);
      remaining.push({
        resource: group && !resource.endsWith(`.${group}`) ? `${resource}.${group}` : group ? resource : `${resource}.`,
        count: left.length,
        finalizers,
      });
    }
    return remaining;
  };

  const queue = new WorkQueue({ clock, random, reconcile, latency: [5, 20] });
  const enqueue = ({ metadata }: Namespace) => {
    if (metadata.deletionTimestamp) queue.addAfter(metadata.name, GRACE);
  };
  namespaces.handle({ added: enqueue, updated: (_, namespace) => enqueue(namespace) });
}

interface Remaining {
  readonly resource: string;
  readonly count: number;
  readonly finalizers: readonly string[];
}

type Conditions = NonNullable<NonNullable<Namespace['status']>['conditions']>;

/** NamespaceConditionUpdater. */
function withConditions(namespace: Namespace, remaining: readonly Remaining[], now: number): Namespace {
  const content = remaining.map(({ resource, count }) => `${resource} has ${count} resource instances`).join(', ');
  const finalizers = histogram(remaining.flatMap((each) => each.finalizers));
  const facts: readonly (readonly [type: string, holds: boolean, reason: string, message: string])[] = [
    ['NamespaceDeletionDiscoveryFailure', false, 'ResourcesDiscovered', 'All resources successfully discovered'],
    [
      'NamespaceDeletionGroupVersionParsingFailure',
      false,
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ],
    [
      'NamespaceDeletionContentFailure',
      false,
      'ContentDeleted',
      'All content successfully deleted, may be waiting on finalization',
    ],
    content
      ? ['NamespaceContentRemaining', true, 'SomeResourcesRemain', `Some resources are remaining: ${content}`]
      : ['NamespaceContentRemaining', false, 'ContentRemoved', 'All content successfully removed'],
    finalizers
      ? [
          'NamespaceFinalizersRemaining',
          true,
          'SomeFinalizersRemain',
          `Some content in the namespace has finalizers remaining: ${finalizers}`,
        ]
      : ['NamespaceFinalizersRemaining', false, 'ContentHasNoFinalizers', 'All content-preserving finalizers finished'],
  ];
  let conditions: Conditions = namespace.status?.conditions ?? [];
  for (const [type, holds, reason, message] of facts) {
    const status = holds ? 'True' : 'False';
    const condition = { type, status, lastTransitionTime: timestamp(now), reason, message } as Conditions[number];
    conditions = setCondition(conditions, condition);
  }
  return { ...namespace, status: { ...namespace.status, conditions } };
}

function histogram(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => `${name} in ${count} resource instances`).join(', ');
}
