/** The resource quota controller: what a namespace uses of what it may (pkg/controller/resourcequota, pkg/quota/v1/evaluator/core). */

import type { Client } from '../api/client.ts';
import { equal } from '../api/equality.ts';
import type { KubeObject } from '../api/object.ts';
import type { Quantity } from '../api/quantity.ts';
import { addQuantities, formatQuantity, parseQuantity } from '../api/quantity.ts';
import type { Container, PersistentVolumeClaim, Pod, ResourceName } from '../api/types.ts';
import { own } from '../sim/own.ts';
import type { ControllerContext } from './context.ts';
import { keyOf, splitKey } from './context.ts';
import { classOf, requestOf } from './persistentvolume-binder/claims.ts';
import { hasEnded } from './pods.ts';
import { WorkQueue } from './work-queue.ts';

/** Plain names that count objects; `count/NAME[.GROUP]` counts any. */
const COUNTED: Readonly<Record<string, ResourceName>> = {
  configmaps: 'configmaps',
  persistentvolumeclaims: 'persistentvolumeclaims',
  replicationcontrollers: 'replicationcontrollers',
  resourcequotas: 'resourcequotas',
  secrets: 'secrets',
  services: 'services',
};

/** What a change of which resource may alter. */
const WATCHED: readonly ResourceName[] = [
  'configmaps',
  'deployments',
  'jobs',
  'persistentvolumeclaims',
  'pods',
  'replicasets',
  'replicationcontrollers',
  'secrets',
  'services',
  'statefulsets',
];

const CLASS_SUFFIX = '.storageclass.storage.k8s.io/';

export function startResourceQuotaController({ client, clock, random }: ControllerContext): void {
  const quotas = client.informer('resourcequotas');
  const reconcile = (key: string) => {
    const quota = quotas.get(...splitKey(key));
    if (!quota) return;
    const hard = quota.spec?.hard ?? {};
    const used = Object.fromEntries(
      Object.keys(hard).map((name) => [name, usage(client, quota.metadata.namespace ?? '', name)]),
    );
    if (equal(quota.status?.hard, hard) && equal(quota.status?.used, used)) return;
    client.updateStatus('resourcequotas', { ...quota, status: { hard, used } });
  };
  const queue = new WorkQueue({ clock, random, reconcile, latency: [5, 30] });
  quotas.handle({ added: (quota) => queue.add(keyOf(quota)), updated: (_, quota) => queue.add(keyOf(quota)) });
  const wake = ({ metadata }: KubeObject) => {
    for (const quota of quotas.list(metadata.namespace ?? '')) queue.add(keyOf(quota));
  };
  for (const resource of WATCHED)
    client.informer(resource).handle({ added: wake, updated: (_, it) => wake(it), deleted: wake });
}

/** The resource that `count/NAME[.GROUP]` counts, if there is one. */
function counting(client: Client, name: string): ResourceName | undefined {
  const wanted = name.slice('count/'.length);
  return client.namespaced().find(([resource, group]) => wanted === resource || wanted === `${resource}.${group}`)?.[0];
}

/** How much of one resource a namespace uses, as a quantity. */
function usage(client: Client, namespace: string, name: string): string {
  const counted = own(COUNTED, name) ?? (name.startsWith('count/') ? counting(client, name) : undefined);
  if (name.startsWith('count/') && !counted) return '0';
  if (counted) return String(client.list(counted as ResourceName, namespace).length);
  if (name === 'requests.storage' || name.includes(CLASS_SUFFIX)) return storage(client, namespace, name);
  if (name.startsWith('services.')) return String(servicesOf(client, namespace, name.slice('services.'.length)));
  const pods = client.list('pods', namespace).filter((pod) => !hasEnded(pod));
  return name === 'pods' ? String(pods.length) : total(pods.map((pod) => compute(pod, name)));
}

function storage(client: Client, namespace: string, name: string): string {
  const [storageClass, what] = name.includes(CLASS_SUFFIX) ? name.split(CLASS_SUFFIX) : [undefined, name];
  const claims = client
    .list('persistentvolumeclaims', namespace)
    .filter((claim: PersistentVolumeClaim) => storageClass === undefined || classOf(claim) === storageClass);
  return what === 'persistentvolumeclaims' ? String(claims.length) : total(claims.map(requestOf));
}

const servicesOf = (client: Client, namespace: string, type: string): number =>
  client.list('services', namespace).filter(({ spec }) => `${spec?.type?.toLowerCase()}s` === type).length;

/** `cpu` is `requests.cpu`; init containers count where they ask for more than the others together. */
function compute({ spec }: Pod, name: string): Quantity {
  const [kind, resource] = name.startsWith('limits.')
    ? (['limits', name.slice('limits.'.length)] as const)
    : (['requests', name.replace(/^requests\./, '')] as const);
  const of = ({ resources }: Container) =>
    parseQuantity((resources?.[kind] as Readonly<Record<string, string | number>> | undefined)?.[resource] ?? 0);
  const together = (spec?.containers ?? []).map(of).reduce(addQuantities, ZERO);
  const largest = (spec?.initContainers ?? []).map(of).reduce((a, b) => (b.nanos > a.nanos ? b : a), ZERO);
  return largest.nanos > together.nanos ? largest : together;
}

const ZERO = parseQuantity(0);

const total = (amounts: readonly (string | number | Quantity)[]): string =>
  formatQuantity(amounts.reduce<Quantity>(addQuantities, ZERO));
