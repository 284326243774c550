/** `apply --prune`: deletes what was applied before and is no longer in the files (kubectl pkg/cmd/apply/prune.go). */

import { matchesLabels, parseLabelSelector } from '../../api/selectors.ts';
import type { Task } from '../../sim/task.ts';
import { originalConfiguration } from '../apply/last-applied.ts';
import { CommandError } from '../cli/errors.ts';
import { deleteObject } from '../client/helper.ts';
import type { Mapping } from '../client/mapper.ts';
import { resourcePath } from '../client/mapper.ts';
import { type DryRun, resultPrinter } from '../printers/output.ts';
import { itemsOf } from '../resource/builder.ts';
import type { Info, KObject } from '../resource/info.ts';
import type { Session } from '../session.ts';

/** The kinds pruned unless --prune-allowlist names others. */
const DEFAULT_KINDS = [
  '/ConfigMap',
  '/Endpoints',
  '/Namespace',
  '/PersistentVolumeClaim',
  '/PersistentVolume',
  '/Pod',
  '/ReplicationController',
  '/Secret',
  '/Service',
  'batch/Job',
  'batch/CronJob',
  'networking.k8s.io/Ingress',
  'apps/DaemonSet',
  'apps/Deployment',
  'apps/ReplicaSet',
  'apps/StatefulSet',
];

/** Before anything is applied. */
export function checkAllowlist({ flags }: Session): void {
  for (const entry of [...flags.list('prune-allowlist'), ...flags.list('prune-whitelist')]) {
    if (entry.split('/').length !== 3)
      throw new CommandError(`invalid GroupVersionKind format: ${entry}, please follow <group/version/kind>`);
  }
}

export function* prune(session: Session, applied: readonly Info[], dryRun: DryRun): Task<void> {
  const mapper = yield* session.mapper();
  const kept = new Set(applied.map((info) => info.object?.metadata?.uid));
  const namespaces = new Set(applied.filter((info) => info.mapping.namespaced).map((info) => info.namespace));
  const allowed = [...session.flags.list('prune-allowlist'), ...session.flags.list('prune-whitelist')];
  const kinds = new Set(
    allowed.length > 0
      ? allowed.map((entry) => entry.replace(/^core\//, '/').replace(/\/[^/]+\//, '/'))
      : DEFAULT_KINDS,
  );
  const mappings = [...kinds].flatMap((kind) => mapper.resources.find((m) => `${m.group}/${m.kind}` === kind) ?? []);
  if (allowed.length === 0) {
    yield* session.err(
      `${session.klog('W', 'prune.go:71')} Deprecated: kubectl apply will no longer prune non-namespaced resources by default when used with the --namespace flag in a future release. To preserve the current behaviour, list the resources you want to target explicitly in the --prune-allowlist flag.\n`,
    );
  }
  for (const namespace of namespaces)
    for (const mapping of mappings.filter(({ namespaced }) => namespaced))
      yield* pruneKind(session, mapping, namespace, kept, dryRun);
  for (const mapping of mappings.filter(({ namespaced }) => !namespaced))
    yield* pruneKind(session, mapping, '', kept, dryRun);
}

function* pruneKind(
  session: Session,
  mapping: Mapping,
  namespace: string,
  kept: ReadonlySet<string | undefined>,
  dryRun: DryRun,
): Task<void> {
  const client = yield* session.client();
  const selector = parseLabelSelector(session.flags.string('selector'));
  const page = yield* client.json<KObject>('GET', resourcePath(mapping, namespace));
  const print = yield* resultPrinter(session, 'pruned', dryRun);
  for (const object of itemsOf(page)) {
    if (originalConfiguration(object) === undefined || kept.has(object.metadata?.uid)) continue;
    if (!matchesLabels(selector, object.metadata?.labels ?? {})) continue;
    const info: Info = { mapping, namespace, name: object.metadata?.name ?? '', source: '', object, subresource: '' };
    if (dryRun !== 'client') yield* deleteObject(session, info, { propagationPolicy: 'Background', dryRun });
    yield* session.out(print(object, mapping));
  }
}
