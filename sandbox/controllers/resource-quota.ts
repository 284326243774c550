/** The resource quota controller: what a namespace uses of what it may (pkg/controller/resourcequota, pkg/quota/v1/evaluator/core). */

import { isInScope } from '../api/admission/quota-scopes.ts';
import { add, isMeasured, usageOf } from '../api/admission/usage.ts';
import type { Client } from '../api/client.ts';
import { equal } from '../api/equality.ts';
import type { KubeObject } from '../api/object.ts';
import { formatQuantity } from '../api/quantity.ts';
import type { ResourceName, ResourceQuota } from '../api/types.ts';
import type { ControllerContext } from './context.ts';
import { keyOf, splitKey } from './context.ts';
import { WorkQueue } from './work-queue.ts';

/** How often discovery is asked. */
const SYNC_PERIOD = 30_000;

export function startResourceQuotaController({ client, clock, random }: ControllerContext): void {
  const quotas = client.informer('resourcequotas');
  const reconcile = (key: string) => {
    const quota = quotas.get(...splitKey(key));
    if (!quota) return;
    const hard = quota.spec?.hard ?? {};
    watch(Object.keys(hard));
    const used = usage(client, quota, Object.keys(hard));
    if (equal(quota.status?.hard, hard) && equal(quota.status?.used, used)) return;
    client.updateStatus('resourcequotas', { ...quota, status: { hard, used } });
  };
  const queue = new WorkQueue({ clock, random, reconcile, latency: [5, 30] });
  quotas.handle({ added: (quota) => queue.add(keyOf(quota)), updated: (_, quota) => queue.add(keyOf(quota)) });
  // QuotaMonitor's sync: what was not served when it was limited may be now.
  clock.every(SYNC_PERIOD, () => {
    for (const quota of quotas.list()) queue.add(keyOf(quota));
  });
  const wake = ({ metadata }: KubeObject) => {
    for (const quota of quotas.list(metadata.namespace ?? '')) queue.add(keyOf(quota));
  };
  /** Changes of what is limited, as soon as somebody limits it and it is served. */
  const watched = new Set<ResourceName>();
  const watch = (hard: readonly string[]) => {
    for (const resource of client.served()) {
      if (watched.has(resource.collection) || !resource.namespaced || !isMeasured(resource, hard)) continue;
      watched.add(resource.collection);
      client.informer(resource.collection).handle({ added: wake, updated: (_, it) => wake(it), deleted: wake });
    }
  };
}

/** What a namespace uses of what is limited, by the rules of admission. */
function usage(client: Client, quota: ResourceQuota, hard: readonly string[]): Record<string, string> {
  const { namespace = '' } = quota.metadata;
  const used = client
    .served()
    .filter((resource) => resource.namespaced && isMeasured(resource, hard))
    .flatMap((resource) =>
      (client.list(resource.collection, namespace) as readonly KubeObject[])
        .filter((object) => isInScope(quota, resource, object))
        .map((object) => usageOf(resource, object)),
    )
    .reduce(add, {});
  return Object.fromEntries(hard.map((name) => [name, used[name] ? formatQuantity(used[name]) : '0']));
}
