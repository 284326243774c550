/** `kubectl create service clusterip|externalname|loadbalancer|nodeport`. */

import type { Command } from '../../cli/command.ts';
import { CommandError } from '../../cli/errors.ts';
import type { KObject } from '../../resource/info.ts';
import { generator } from './generator.ts';

interface Port {
  readonly name: string;
  readonly port: number;
  readonly targetPort: number | string;
  readonly protocol: string;
}

/** `80`, `80:8080`, `80:http`. */
function parsePort(text: string): Port {
  const [port = '', target] = text.split(':');
  const number = Number(port);
  const problem = /^\d+$/.test(port) ? (number > 65_535 ? 'value out of range' : '') : 'invalid syntax';
  if (problem) throw new CommandError(`strconv.ParseUint: parsing ${JSON.stringify(port)}: ${problem}`);
  const name = `${text.replace(':', '-')}`;
  return {
    name,
    port: number,
    protocol: 'TCP',
    targetPort: target === undefined ? number : /^\d+$/.test(target) ? Number(target) : target,
  };
}

const serviceOf = (name: string, type: string, ports: readonly string[], more: Record<string, unknown>): KObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, labels: { app: name } },
  spec: { ...more, ...(ports.length > 0 ? { ports: ports.map(parsePort) } : {}), selector: { app: name }, type },
  status: { loadBalancer: {} },
});

const needPorts = (ports: readonly string[], what = 'at least one tcp port specifier must be provided'): void => {
  if (ports.length === 0) throw new CommandError(what);
};

const clusterIp = generator({
  name: 'clusterip',
  flags: "clusterip='' tcp=[]",
  namespaced: true,
  failure: 'failed to create ClusterIP service: ',
  *build({ flags }, name) {
    const [ip, ports] = [flags.string('clusterip'), flags.list('tcp')];
    if (ip !== 'None') needPorts(ports);
    return serviceOf(name, 'ClusterIP', ports, ip ? { clusterIP: ip } : {});
  },
});

const nodePort = generator({
  name: 'nodeport',
  flags: 'node-port=0 tcp=[]',
  namespaced: true,
  failure: 'failed to create NodePort service: ',
  *build({ flags }, name) {
    needPorts(flags.list('tcp'));
    const object = serviceOf(name, 'NodePort', flags.list('tcp'), {});
    const node = flags.int('node-port');
    const spec = object.spec as { ports: (Port & { nodePort?: number })[] };
    if (node) spec.ports = spec.ports.map((port) => ({ ...port, nodePort: node }));
    return object;
  },
});

const loadBalancer = generator({
  name: 'loadbalancer',
  flags: 'tcp=[]',
  namespaced: true,
  failure: 'failed to create LoadBalancer service: ',
  *build({ flags }, name) {
    needPorts(flags.list('tcp'));
    return serviceOf(name, 'LoadBalancer', flags.list('tcp'), {});
  },
});

const externalName = generator({
  name: 'externalname',
  flags: "external-name='' tcp=[]",
  required: ['external-name'],
  namespaced: true,
  failure: 'failed to create ExternalName service: ',
  *build({ flags }, name) {
    return serviceOf(name, 'ExternalName', flags.list('tcp'), { externalName: flags.string('external-name') });
  },
});

export const service: Command = {
  name: 'service',
  aliases: ['svc'],
  commands: [clusterIp, externalName, loadBalancer, nodePort],
  helpTo: 'stderr',
};
