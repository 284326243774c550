/** Which pods of a node a drain removes, and what it says of the others (kubectl pkg/drain/filters.go). */

import type { Pod } from '../../../api/types.ts';
import type { Task } from '../../../sim/task.ts';
import { CommandError, isNotFound } from '../../cli/errors.ts';
import type { Session } from '../../session.ts';

/** `message` is a warning if the pod goes or may stay, a reason to stop if `fatal`. */
interface Verdict {
  readonly remove: boolean;
  readonly message?: string;
  readonly fatal?: boolean;
}

export interface PodsOfNode {
  readonly removed: readonly Pod[];
  readonly warnings: string;
  readonly errors: readonly Error[];
}

const GOES: Verdict = { remove: true };
const STAYS: Verdict = { remove: false };
const fatal = (message: string): Verdict => ({ remove: false, message, fatal: true });

type Filter = (session: Session, pod: Pod) => Task<Verdict>;

/** In this order; the first that lets a pod stay decides, else the last one's warning counts. */
const FILTERS: readonly Filter[] = [longDeleted, ofDaemonSet, mirror, withLocalStorage, unmanaged];

export function* podsForDeletion(session: Session, node: string): Task<PodsOfNode> {
  const { flags } = session;
  const client = yield* session.client();
  const query: [string, string][] = [['fieldSelector', `spec.nodeName=${node}`]];
  if (flags.string('pod-selector')) query.push(['labelSelector', flags.string('pod-selector')]);
  if (flags.int('chunk-size') > 0) query.push(['limit', flags.string('chunk-size')]);
  const removed: Pod[] = [];
  const warnings = new Map<string, string[]>();
  const errors = new Map<string, string[]>();
  const { items } = yield* client.json<{ items: Pod[] }>('GET', '/api/v1/pods', { query });
  for (const pod of items) {
    const { remove, message, fatal: stops } = yield* judge(session, pod);
    if (remove) removed.push(pod);
    if (message === undefined) continue;
    const list = stops ? errors : warnings;
    list.set(message, [...(list.get(message) ?? []), `${pod.metadata.namespace}/${pod.metadata.name}`]);
  }
  return {
    removed,
    warnings: [...warnings].map(([message, pods]) => `${message}: ${pods.join(', ')}`).join('; '),
    errors: [...errors].map(([message, pods]) => new CommandError(`cannot delete ${message}: ${pods.join(', ')}`)),
  };
}

function* judge(session: Session, pod: Pod): Task<Verdict> {
  let verdict = GOES;
  for (const filter of FILTERS) {
    verdict = yield* filter(session, pod);
    if (!verdict.remove) return verdict;
  }
  return verdict;
}

const finished = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';
const controllerOf = ({ metadata }: Pod) => metadata.ownerReferences?.find(({ controller }) => controller);

/** --skip-wait-for-delete-timeout. */
export function isLongDeleted({ flags, environment }: Session, { metadata }: Pod): boolean {
  const seconds = flags.int('skip-wait-for-delete-timeout');
  const { deletionTimestamp } = metadata;
  return (
    seconds > 0 &&
    deletionTimestamp !== undefined &&
    (environment.now() - Date.parse(deletionTimestamp)) / 1000 > seconds
  );
}

function* longDeleted(session: Session, pod: Pod): Task<Verdict> {
  return isLongDeleted(session, pod) ? STAYS : GOES;
}

function* ofDaemonSet(session: Session, pod: Pod): Task<Verdict> {
  const owner = controllerOf(pod);
  if (owner?.kind !== 'DaemonSet' || owner.apiVersion !== 'apps/v1' || finished(pod)) return GOES;
  const client = yield* session.client();
  try {
    yield* client.text('GET', `/apis/apps/v1/namespaces/${pod.metadata.namespace}/daemonsets/${owner.name}`);
  } catch (error) {
    if (isNotFound(error) && session.flags.bool('force')) return { remove: true, message: (error as Error).message };
    return fatal((error as Error).message);
  }
  if (!session.flags.bool('ignore-daemonsets'))
    return fatal('DaemonSet-managed Pods (use --ignore-daemonsets to ignore)');
  return { remove: false, message: 'ignoring DaemonSet-managed Pods' };
}

function* mirror(_: Session, { metadata }: Pod): Task<Verdict> {
  return metadata.annotations?.['kubernetes.io/config.mirror'] === undefined ? GOES : STAYS;
}

function* withLocalStorage({ flags }: Session, pod: Pod): Task<Verdict> {
  const local = pod.spec?.volumes?.some(({ emptyDir }) => emptyDir !== undefined);
  if (!local || finished(pod)) return GOES;
  if (!flags.bool('delete-emptydir-data'))
    return fatal('Pods with local storage (use --delete-emptydir-data to override)');
  return { remove: true, message: 'deleting Pods with local storage' };
}

function* unmanaged({ flags }: Session, pod: Pod): Task<Verdict> {
  if (finished(pod) || controllerOf(pod)) return GOES;
  if (!flags.bool('force')) return fatal('cannot delete Pods that declare no controller (use --force to override)');
  return { remove: true, message: 'deleting Pods that declare no controller' };
}
