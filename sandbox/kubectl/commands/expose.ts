/** `kubectl expose` (kubectl pkg/cmd/expose/expose.go). */

import type { JsonObject } from '../../api/object.ts';
import { mergePatch } from '../../api/patch/merge.ts';
import type { Task } from '../../sim/task.ts';
import { withLastApplied } from '../apply/last-applied.ts';
import type { Command } from '../cli/command.ts';
import { aggregate, CommandError } from '../cli/errors.ts';
import { DRY_RUN_FLAG, FILE_FLAGS, PRINT_FLAGS, RECORD_FLAG } from '../cli/flags.ts';
import { createObject } from '../client/helper.ts';
import { groupResource } from '../client/mapper.ts';
import { dryRunOf, resultPrinter } from '../printers/output.ts';
import { find, selectionOf } from '../resource/builder.ts';
import type { Info, KObject } from '../resource/info.ts';
import type { Session } from '../session.ts';
import { type ContainerSpec, podSpecOf } from './pod-template.ts';

const EXPOSABLE = ['pods', 'services', 'replicationcontrollers', 'deployments.apps', 'replicasets.apps'];

export const expose: Command = {
  name: 'expose',
  flags: `cluster-ip='' ${DRY_RUN_FLAG} external-ip='' field-manager='kubectl-expose' -l,labels='' load-balancer-ip='' name='' override-type='merge' overrides='' port='' protocol='' save-config=false selector='' session-affinity='' target-port='' type='' ${RECORD_FLAG} ${FILE_FLAGS} ${PRINT_FLAGS}`,
  complete: 'names',
  *run(session) {
    const { flags } = session;
    const dryRun = yield* dryRunOf(session);
    const { infos, errors } = yield* find(session, {
      ...selectionOf(session),
      selector: '',
      latest: true,
      continueOnError: true,
      builtIn: true,
    });
    const failure = aggregate(errors);
    if (failure) throw failure;
    const failures: unknown[] = [];
    for (const info of infos) {
      if (!EXPOSABLE.includes(groupResource(info.mapping))) {
        failures.push(
          new CommandError(
            `cannot expose a ${info.mapping.group ? `${info.mapping.kind}.${info.mapping.group}` : info.mapping.kind}`,
          ),
        );
        continue;
      }
      let service = serviceFor(session, info);
      if (flags.string('overrides'))
        service = mergePatch(service as JsonObject, JSON.parse(flags.string('overrides')) as JsonObject) as KObject;
      if (flags.bool('save-config')) service = withLastApplied(service);
      const { namespaceExplicit } = yield* session.target();
      if (namespaceExplicit) service = { ...service, metadata: { ...service.metadata, namespace: info.namespace } };
      yield* create(session, service, info.namespace, dryRun);
    }
    const refused = aggregate(failures);
    if (refused) throw refused;
  },
};

function* create(
  session: Session,
  service: KObject,
  namespace: string,
  dryRun: 'none' | 'client' | 'server',
): Task<void> {
  const mapping = (yield* session.mapper()).forKind('v1', 'Service');
  const object = service;
  const info: Info = {
    mapping,
    namespace,
    name: object.metadata?.name ?? '',
    source: '',
    object,
    subresource: '',
  };
  if (dryRun !== 'client')
    info.object = yield* createObject(session, info, object, {
      dryRun,
      fieldManager: session.flags.string('field-manager'),
    });
  yield* session.out((yield* resultPrinter(session, 'exposed', dryRun, dryRun === 'client'))(info.object!, mapping));
}

interface ServicePort {
  name?: string;
  port: number;
  protocol: string;
  targetPort: number | string;
}

function serviceFor(session: Session, info: Info): KObject {
  const { flags } = session;
  const object = info.object!;
  const text = (name: string) => flags.string(name);
  const [headless, type] = [text('cluster-ip') === 'None', text('type')];
  const ports = portsFor(session, object);
  if (ports.length === 0 && !headless)
    throw new CommandError(
      `couldn't find port via --port flag or introspection\nSee 'kubectl expose -h' for help and examples`,
    );
  const name = text('name') || (info.name.length > 63 ? info.name.slice(0, 63) : info.name);
  const labels = text('labels') ? pairs(text('labels')) : object.metadata?.labels;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, ...(labels && Object.keys(labels).length > 0 ? { labels } : {}) },
    spec: {
      ...(text('cluster-ip') ? { clusterIP: text('cluster-ip') } : {}),
      ...(text('external-ip') ? { externalIPs: [text('external-ip')] } : {}),
      ...(text('load-balancer-ip') ? { loadBalancerIP: text('load-balancer-ip') } : {}),
      ports,
      selector: selectorFor(session, object),
      ...(text('session-affinity') ? { sessionAffinity: text('session-affinity') } : {}),
      ...(type ? { type } : {}),
    },
    status: { loadBalancer: {} },
  };
}

const pairs = (text: string): Record<string, string> =>
  Object.fromEntries(text.split(',').map((pair) => pair.split('=')));

function selectorFor(session: Session, object: KObject): Record<string, string> {
  if (session.flags.string('selector')) return pairs(session.flags.string('selector'));
  const spec = (object.spec ?? {}) as {
    selector?: { matchLabels?: Record<string, string>; matchExpressions?: unknown[] } & Record<string, unknown>;
  };
  const usage = (message: string) =>
    new CommandError(`couldn't retrieve selectors via --selector flag or introspection: ${message}`);
  if (object.kind === 'Pod') {
    const labels = object.metadata?.labels ?? {};
    if (Object.keys(labels).length === 0) throw usage('the pod has no labels and cannot be exposed');
    return labels;
  }
  if (object.kind === 'Service' || object.kind === 'ReplicationController') {
    if (!spec.selector) throw usage('the service has no pod selector set');
    return spec.selector as unknown as Record<string, string>;
  }
  if ((spec.selector?.matchExpressions ?? []).length > 0)
    throw usage('couldn\'t convert expressions - "[]" to map-based selector format');
  return spec.selector?.matchLabels ?? {};
}

function portsFor(session: Session, object: KObject): ServicePort[] {
  const { flags } = session;
  const containers: ContainerSpec[] = podSpecOf(object)?.containers ?? [];
  const known =
    object.kind === 'Service'
      ? servicePorts(object)
      : containers.flatMap((c) =>
          (c.ports ?? []).map((p) => ({ port: p.containerPort, protocol: p.protocol ?? 'TCP' })),
        );
  const given = flags.string('port');
  for (const part of given.split(','))
    if (part && !/^[-+]?\d+$/.test(part))
      throw new CommandError(`strconv.Atoi: parsing ${JSON.stringify(part)}: invalid syntax`);
  const numbers = given ? given.split(',').map(Number) : known.map((p) => p.port);
  const target = flags.string('target-port');
  return numbers.map((port, i) => ({
    ...(numbers.length > 1 ? { name: `port-${i + 1}` } : {}),
    port,
    protocol: flags.string('protocol') || known.find((p) => p.port === port)?.protocol || 'TCP',
    targetPort: target ? (/^\d+$/.test(target) ? Number(target) : target) : port,
  }));
}

const servicePorts = (object: KObject): { port: number; protocol: string }[] =>
  (object.spec as { ports?: { port: number; protocol: string }[] }).ports ?? [];
