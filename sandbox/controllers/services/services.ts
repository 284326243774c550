/** What the Endpoints and EndpointSlice controllers share: a queue of services, woken by the services and by the pods they select. */

import { equal } from '../../api/equality.ts';
import type { Pod, Service } from '../../api/types.ts';
import type { ControllerContext } from '../context.ts';
import { keyOf, splitKey } from '../context.ts';
import { matcher } from '../label-selector.ts';
import { WorkQueue } from '../work-queue.ts';
import { selectorOf } from './endpoint.ts';
import { TriggerTimes } from './trigger-times.ts';

/** Virtual milliseconds of a sync per pod, so that the changes of a large set coalesce. */
const SYNC_PER_POD = 0.1;

export interface ServiceSync {
  /** The pods the service selects are as given; `trigger` is when what changed them happened, if that is known. */
  sync(service: Service, pods: readonly Pod[], trigger: string | undefined): void;
  gone(namespace: string, name: string): void;
}

const selectors = new WeakMap<object, { matchLabels: Readonly<Record<string, string>> }>();

function selects(service: Service, { metadata }: Pick<Pod, 'metadata'>): boolean {
  const labels = selectorOf(service);
  if (!labels) return false;
  const selector = selectors.get(labels) ?? { matchLabels: labels };
  selectors.set(labels, selector);
  return matcher(selector)(metadata.labels);
}

export function followServices({ client, clock, random }: ControllerContext, { sync, gone }: ServiceSync): void {
  const services = client.informer('services');
  const pods = client.informer('pods');
  const sizes = new Map<string, number>();
  const triggers = new TriggerTimes();

  const reconcile = (key: string) => {
    const [namespace, name] = splitKey(key);
    const service = services.get(namespace, name);
    if (!service) {
      sizes.delete(key);
      triggers.forget(key);
      gone(namespace, name);
      return;
    }
    if (!selectorOf(service)) return;
    const selected = [...pods.list(namespace)].filter((pod) => selects(service, pod));
    sizes.set(key, selected.length);
    sync(service, selected, triggers.next(key, service, selected));
  };
  const weigh = (key: string) => Math.floor((sizes.get(key) ?? 0) * SYNC_PER_POD);
  const queue = new WorkQueue({ clock, random, reconcile, weigh, latency: [2, 10] });

  const wake = (pod: Pod) => {
    for (const service of services.list(pod.metadata.namespace ?? '')) {
      if (selects(service, pod)) queue.add(keyOf(service));
    }
  };
  services.handle({
    added: (service) => queue.add(keyOf(service)),
    updated: (_, service) => queue.add(keyOf(service)),
    deleted: (service) => queue.add(keyOf(service)),
  });
  pods.handle({
    added: wake,
    updated: (before, pod) => {
      if (!concernsEndpoints(before, pod)) return;
      wake(pod);
      if (before.metadata.labels !== pod.metadata.labels) wake(before);
    },
    deleted: wake,
  });
}

const concernsEndpoints = (before: Pod, pod: Pod): boolean =>
  before.status?.podIP !== pod.status?.podIP ||
  before.status?.phase !== pod.status?.phase ||
  before.metadata.deletionTimestamp !== pod.metadata.deletionTimestamp ||
  before.metadata.labels !== pod.metadata.labels ||
  !equal(readinessOf(before), readinessOf(pod));

const readinessOf = ({ status }: Pod): unknown => status?.conditions?.find(({ type }) => type === 'Ready')?.status;
