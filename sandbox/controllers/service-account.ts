/** Every namespace has a default service account and the cluster's root certificate (pkg/controller/serviceaccount, rootcacertpublisher). */

import type { ControllerContext } from './context.ts';
import { WorkQueue } from './work-queue.ts';

const ROOT_CA = 'kube-root-ca.crt';
const ABOUT = 'kubernetes.io/description';
const DESCRIPTION =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

export function startServiceAccountController({ client, clock, random }: ControllerContext): void {
  const namespaces = client.informer('namespaces');
  const reconcile = (name: string) => {
    const namespace = namespaces.get('', name);
    if (!namespace || namespace.metadata.deletionTimestamp) return;
    if (client.get('serviceaccounts', name, 'default')) return;
    client.create('serviceaccounts', name, { metadata: { name: 'default' } });
  };
  const queue = new WorkQueue({ clock, random, reconcile });
  namespaces.handle({
    added: ({ metadata }) => queue.add(metadata.name),
    updated: (_, { metadata }) => queue.add(metadata.name),
  });
  client.informer('serviceaccounts').handle({ deleted: ({ metadata }) => queue.add(metadata.namespace ?? '') });
}

export function startRootCaPublisher({ client, clock, random }: ControllerContext): void {
  const namespaces = client.informer('namespaces');
  /** The certificate the cluster began with. */
  const certificate = client.list('configmaps', '').find(({ metadata }) => metadata.name === ROOT_CA)?.data?.['ca.crt'];
  if (certificate === undefined) return;
  const data = { 'ca.crt': certificate };

  const reconcile = (name: string) => {
    const namespace = namespaces.get('', name);
    if (!namespace || namespace.metadata.deletionTimestamp) return;
    const current = client.get('configmaps', name, ROOT_CA);
    const annotations = { [ABOUT]: DESCRIPTION };
    if (!current) client.create('configmaps', name, { metadata: { name: ROOT_CA, annotations }, data });
    else if (current.data?.['ca.crt'] !== certificate) client.update('configmaps', { ...current, data });
  };
  const queue = new WorkQueue({ clock, random, reconcile });
  namespaces.handle({ added: ({ metadata }) => queue.add(metadata.name) });
  const wake = ({ metadata }: { metadata: { name: string; namespace?: string } }) => {
    if (metadata.name === ROOT_CA) queue.add(metadata.namespace ?? '');
  };
  client.informer('configmaps').handle({ updated: (_, after) => wake(after), deleted: wake });
}
