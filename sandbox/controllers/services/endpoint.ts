/** Which pods stand behind a service, and on which ports (pkg/controller/endpoint, staging/src/k8s.io/endpointslice). Pure. */

import type { Pod, Service } from '../../api/types.ts';
import { hasEnded } from '../pods.ts';

export const HEADLESS = 'service.kubernetes.io/headless';
export const TRIGGER_TIME = 'endpoints.kubernetes.io/last-change-trigger-time';

export const isHeadless = ({ spec }: Service): boolean => spec?.clusterIP === 'None';

/** A selector the controllers follow; without one the endpoints are the user's own. */
export function selectorOf({ spec }: Service): Readonly<Record<string, string>> | undefined {
  const selector = spec?.selector as Readonly<Record<string, string>> | undefined;
  return selector && spec?.type !== 'ExternalName' ? selector : undefined;
}

export const hasAddress = (pod: Pod): boolean => Boolean(pod.status?.podIP) && !hasEnded(pod);

export interface EndpointPort {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly appProtocol?: string;
}

/** The service's ports as this pod has them: a named target is looked up in its containers (FindPort). */
export function portsOf({ spec }: Service, pod: Pod): readonly EndpointPort[] {
  const ports: EndpointPort[] = [];
  for (const { name = '', port, protocol = 'TCP', targetPort = port, appProtocol } of spec?.ports ?? []) {
    const number = typeof targetPort === 'number' ? targetPort : namedPort(pod, targetPort, protocol);
    if (number !== undefined) ports.push({ name, port: number, protocol, ...(appProtocol && { appProtocol }) });
  }
  return ports;
}

function namedPort({ spec }: Pod, name: string, protocol: string): number | undefined {
  for (const { ports = [] } of spec?.containers ?? []) {
    for (const port of ports) {
      if (port.name === name && (port.protocol ?? 'TCP') === protocol) return port.containerPort;
    }
  }
  return undefined;
}

export const targetOf = ({ metadata }: Pod) => ({
  kind: 'Pod',
  namespace: metadata.namespace!,
  name: metadata.name,
  uid: metadata.uid,
});

/** By address, number by number. */
export function byAddress(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let i = 0; i < 4; i++) if (left[i] !== right[i]) return (left[i] ?? 0) - (right[i] ?? 0);
  return 0;
}
