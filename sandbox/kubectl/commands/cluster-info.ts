/** `kubectl cluster-info` (kubectl pkg/cmd/clusterinfo). */

import type { Command } from '../cli/command.ts';
import { itemsOf } from '../resource/builder.ts';
import type { KObject } from '../resource/info.ts';
import { dump } from './cluster-info-dump.ts';

const GREEN = '\x1b[32m';
const YELLOW = '\x1b[33m';
const PLAIN = '\x1b[0m';

export const clusterInfo: Command = {
  name: 'cluster-info',
  commands: [dump],
  *run(session) {
    const client = yield* session.client();
    const { connection } = yield* session.target();
    yield* session.mapper();
    const services = yield* client.json<KObject>('GET', '/api/v1/namespaces/kube-system/services', {
      query: [['labelSelector', 'kubernetes.io/cluster-service=true']],
    });
    const color = session.environment.stdout.isTerminal;
    const line = (name: string, link: string) =>
      color ? `${GREEN}${name}${PLAIN} is running at ${YELLOW}${link}${PLAIN}\n` : `${name} is running at ${link}\n`;
    yield* session.out(line('Kubernetes control plane', connection.server));
    for (const service of itemsOf(services)) {
      const { name = '', namespace = '', labels } = service.metadata ?? {};
      const { ports = [] } = (service.spec ?? {}) as { ports?: { name?: string; port: number }[] };
      const port = ports[0]?.name ? `:${ports[0].name}` : '';
      const link = `${connection.server}/api/v1/namespaces/${namespace}/services/${name}${port}/proxy`;
      yield* session.out(line(labels?.['kubernetes.io/name'] ?? name, link));
    }
    yield* session.out("\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n");
  },
};
