/** `kubectl cluster-info dump` (kubectl pkg/cmd/clusterinfo/clusterinfo_dump.go). */

import type { Pod } from '../../api/types.ts';
import type { Task } from '../../sim/task.ts';
import type { Command } from '../cli/command.ts';
import { PRINT_FLAGS } from '../cli/flags.ts';
import { typedPrinter } from '../printers/output.ts';
import { itemsOf } from '../resource/builder.ts';
import type { KObject } from '../resource/info.ts';
import type { Session } from '../session.ts';

const LISTS: readonly (readonly [file: string, root: string, resource: string])[] = [
  ['events', '/api/v1', 'events'],
  ['replication-controllers', '/api/v1', 'replicationcontrollers'],
  ['services', '/api/v1', 'services'],
  ['daemonsets', '/apis/apps/v1', 'daemonsets'],
  ['deployments', '/apis/apps/v1', 'deployments'],
  ['replicasets', '/apis/apps/v1', 'replicasets'],
  ['pods', '/api/v1', 'pods'],
];

export const dump: Command = {
  name: 'dump',
  flags: `-A,all-namespaces=false namespaces=[] output-directory='' pod-running-timeout=20s ${PRINT_FLAGS.replace("-o,output=''", "-o,output='json'")}`,
  *run(session) {
    const client = yield* session.client();
    const print = yield* typedPrinter(session, session.flags.string('output'));
    const extension = { json: '.json', yaml: '.yaml' }[session.flags.string('output')] ?? '.txt';
    const write = (file: string, text: string) => put(session, file, text);
    yield* write(`nodes${extension}`, print(yield* client.json<KObject>('GET', '/api/v1/nodes')));
    for (const namespace of yield* namespacesOf(session)) {
      let pods: readonly KObject[] = [];
      for (const [file, root, resource] of LISTS) {
        const list = yield* client.json<KObject>('GET', `${root}/namespaces/${namespace}/${resource}`);
        if (resource === 'pods') pods = itemsOf(list);
        yield* write(`${namespace}/${file}${extension}`, print(list));
      }
      for (const pod of pods as unknown as readonly Pod[])
        yield* write(`${namespace}/${pod.metadata.name}/logs.txt`, yield* logsOf(session, pod));
    }
    const folder = session.flags.string('output-directory');
    if (folder && folder !== '-') yield* session.out(`Cluster info dumped to ${folder}\n`);
  },
};

function* put(session: Session, file: string, text: string): Task<void> {
  const folder = session.flags.string('output-directory');
  if (folder === '' || folder === '-') yield* session.out(text);
  else yield* session.environment.files.write(`${folder}/${file}`, text, 0o600);
}

function* namespacesOf(session: Session): Task<readonly string[]> {
  const { flags } = session;
  if (flags.bool('all-namespaces')) {
    const list = yield* (yield* session.client()).json<KObject>('GET', '/api/v1/namespaces');
    return itemsOf(list).map(({ metadata }) => metadata!.name!);
  }
  const given = flags.list('namespaces');
  return given.length > 0 ? given : ['kube-system', yield* session.namespace()];
}

function* logsOf(session: Session, { metadata: { name, namespace }, spec }: Pod): Task<string> {
  const client = yield* session.client();
  let text = '';
  for (const container of [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])]) {
    const frame = (word: string) =>
      `==== ${word} logs for container ${container.name} of pod ${namespace}/${name} ====\n`;
    let log: string;
    try {
      log = yield* client.text('GET', `/api/v1/namespaces/${namespace}/pods/${name}/log`, {
        query: [['container', container.name]],
      });
    } catch (error) {
      log = `Request log error: ${(error as Error).message}\n`;
    }
    text += frame('START') + log + frame('END');
  }
  return text;
}
