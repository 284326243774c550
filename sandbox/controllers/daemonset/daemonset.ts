/** The DaemonSet controller: one pod on every node that will have it (pkg/controller/daemon/daemon_controller.go). */

import type { Informer } from '../../api/client.ts';
import { StatusError } from '../../api/object.ts';
import type { ControllerRevision, DaemonSet, Node, Pod, PodSpec, PodTemplateSpec } from '../../api/types.ts';
import type { ControllerContext } from '../context.ts';
import { keyOf, splitKey } from '../context.ts';
import { scaled } from '../int-or-percent.ts';
import { matcher } from '../label-selector.ts';
import { CONTROLLER_INDEX, claim, controllerKeys, controllerOf, controllerReference } from '../ownership.ts';
import { createPod, deletePod, hasEnded, isAvailable, isReady, isTerminating, podFromTemplate } from '../pods.ts';
import { fitsNode } from '../scheduler/node-selector.ts';
import type { Toleration } from '../scheduler/taints.ts';
import { isTolerated } from '../scheduler/taints.ts';
import { REVISION_LABEL } from '../statefulset/ordinals.ts';
import { currentRevision, hashOf, truncate } from '../statefulset/revisions.ts';
import { WorkQueue } from '../work-queue.ts';

const DAEMON_SET = { apiVersion: 'apps/v1', kind: 'DaemonSet' } as const;
const GENERATION_LABEL = 'pod-template-generation';
const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';

/** AddOrUpdateDaemonPodTolerations. */
const TOLERATIONS: readonly Toleration[] = [
  ...['not-ready', 'unreachable'].map((key) => ({ key, effect: 'NoExecute' as const })),
  ...['disk-pressure', 'memory-pressure', 'pid-pressure', 'unschedulable'].map((key) => ({
    key,
    effect: 'NoSchedule' as const,
  })),
].map(({ key, effect }) => ({ key: `node.kubernetes.io/${key}`, operator: 'Exists', effect }));

export function startDaemonSetController(context: ControllerContext): void {
  new DaemonSetController(context).start();
}

class DaemonSetController {
  readonly #context: ControllerContext;
  readonly #sets: Informer<DaemonSet>;
  readonly #pods: Informer<Pod>;
  readonly #nodes: Informer<Node>;
  readonly #podsOf: (uid: string) => Iterable<Pod>;
  readonly #revisionsOf: (uid: string) => Iterable<ControllerRevision>;
  readonly #queue: WorkQueue;

  constructor(context: ControllerContext) {
    const { client, clock, random } = context;
    this.#context = context;
    this.#sets = client.informer('daemonsets');
    this.#pods = client.informer('pods');
    this.#nodes = client.informer('nodes');
    this.#podsOf = this.#pods.index(CONTROLLER_INDEX, controllerKeys);
    this.#revisionsOf = client.informer('controllerrevisions').index(CONTROLLER_INDEX, controllerKeys);
    this.#queue = new WorkQueue({ clock, random, reconcile: (key) => this.#sync(key), latency: [5, 20] });
  }

  start(): void {
    const queue = this.#queue;
    const wakeAll = () => {
      for (const set of this.#sets.list()) queue.add(keyOf(set));
    };
    this.#sets.handle({ added: (set) => queue.add(keyOf(set)), updated: (_, set) => queue.add(keyOf(set)) });
    this.#nodes.handle({
      added: wakeAll,
      updated: (before, node) => {
        if (before.spec !== node.spec || before.metadata.labels !== node.metadata.labels) wakeAll();
      },
      deleted: wakeAll,
    });
    const wake = (pod: Pod) => {
      const owner = controllerOf(pod);
      if (owner?.kind === DAEMON_SET.kind) queue.add(`${pod.metadata.namespace ?? ''}/${owner.name}`);
    };
    this.#pods.handle({ added: wake, updated: (_, pod) => wake(pod), deleted: wake });
  }

  #sync(key: string): void {
    const { client } = this.#context;
    const set = this.#sets.get(...splitKey(key));
    if (!set) return;
    const matches = matcher(set.spec!.selector);
    const owned = { client, owner: set, ownerKind: DAEMON_SET } as const;
    const history = claim({
      ...owned,
      resource: 'controllerrevisions',
      matches: (revision) => matches(revision.metadata.labels),
      byController: this.#revisionsOf,
    });
    const pods = claim({
      ...owned,
      resource: 'pods',
      matches: (pod) => matches(pod.metadata.labels),
      byController: this.#podsOf,
    });
    const revision = currentRevision(client, set, DAEMON_SET, history, set.status?.collisionCount ?? 0);
    const hash = hashOf(revision, DAEMON_SET);
    const byNode = groupByNode(pods);
    const failure = isTerminating(set) ? undefined : this.#manage(set, byNode, hash);
    if (!failure && !isTerminating(set)) this.#update(set, byNode, hash);
    // Told also when a pod could not be made (syncDaemonSet).
    this.#report(set, byNode, hash);
    if (failure) throw failure;
    const live = new Set([revision.metadata.name]);
    for (const pod of pods) live.add(`${set.metadata.name}-${pod.metadata.labels?.[REVISION_LABEL]}`);
    truncate(client, history, live, set.spec?.revisionHistoryLimit ?? 10);
  }

  /** Pods where one should run and does not; none where none should. Answers why one could not be made. */
  #manage(set: DaemonSet, byNode: ReadonlyMap<string, Pod[]>, hash: string): StatusError | undefined {
    const owner = controllerReference(set, DAEMON_SET);
    for (const node of this.#nodes.list()) {
      const { name } = node.metadata;
      const pods = byNode.get(name) ?? [];
      const { shouldRun, mayStay } = placement(set, node);
      const ended = pods.filter((pod) => hasEnded(pod) && !isTerminating(pod));
      const running = pods.filter((pod) => !hasEnded(pod));
      for (const pod of ended) this.#replaceEnded(set, pod);
      if (shouldRun && pods.length === 0) {
        const pod = createPod(this.#context, set, set.metadata.namespace ?? '', draftOf(set, owner, name, hash));
        if (pod instanceof StatusError) return pod;
      } else if (!mayStay) {
        for (const pod of running) if (!isTerminating(pod)) deletePod(this.#context, set, pod);
      }
    }
    return undefined;
  }

  #replaceEnded(set: DaemonSet, pod: Pod): void {
    const { name } = pod.metadata;
    const failed = pod.status?.phase === 'Failed';
    const message = `Found ${failed ? 'failed' : 'succeeded'} daemon pod ${pod.metadata.namespace}/${name} on node ${pod.spec?.nodeName}, will try to ${failed ? 'kill' : 'delete'} it`;
    const { recorder } = this.#context;
    recorder.event(set, failed ? 'Warning' : 'Normal', failed ? 'FailedDaemonPod' : 'SucceededDaemonPod', message);
    deletePod(this.#context, set, pod);
  }

  /** rollingUpdate: old pods go as fast as maxUnavailable allows. */
  #update(set: DaemonSet, byNode: ReadonlyMap<string, Pod[]>, hash: string): void {
    const { updateStrategy } = set.spec!;
    if (updateStrategy?.type === 'OnDelete') return;
    const wanted = [...this.#nodes.list()].filter((node) => placement(set, node).shouldRun).length;
    const allowed = Math.max(1, scaled(updateStrategy?.rollingUpdate?.maxUnavailable ?? 1, wanted, 'up'));
    const pods = [...byNode.values()].flat();
    const isWell = (pod: Pod) => isAvailable(pod, set.spec?.minReadySeconds ?? 0, this.#context.clock.now);
    const old = pods.filter((pod) => pod.metadata.labels?.[REVISION_LABEL] !== hash && !isTerminating(pod));
    let unavailable = Math.max(0, wanted - pods.filter((pod) => isWell(pod) && !isTerminating(pod)).length);
    for (const pod of old.sort((a, b) => Number(isWell(a)) - Number(isWell(b)))) {
      if (isWell(pod) && unavailable >= allowed) return;
      if (isWell(pod)) unavailable++;
      deletePod(this.#context, set, pod);
    }
  }

  #report(set: DaemonSet, byNode: ReadonlyMap<string, Pod[]>, hash: string): void {
    const { client, clock } = this.#context;
    const counts = { desired: 0, current: 0, misscheduled: 0, ready: 0, updated: 0, available: 0 };
    for (const node of this.#nodes.list()) {
      const [pod] = byNode.get(node.metadata.name) ?? [];
      if (!placement(set, node).shouldRun) {
        if (pod) counts.misscheduled++;
        continue;
      }
      counts.desired++;
      if (!pod) continue;
      counts.current++;
      if (isReady(pod)) counts.ready++;
      if (isAvailable(pod, set.spec?.minReadySeconds ?? 0, clock.now)) counts.available++;
      if (pod.metadata.labels?.[REVISION_LABEL] === hash) counts.updated++;
    }
    const unavailable = counts.desired - counts.available;
    client.updateStatus('daemonsets', {
      ...set,
      status: {
        currentNumberScheduled: counts.current,
        numberMisscheduled: counts.misscheduled,
        desiredNumberScheduled: counts.desired,
        numberReady: counts.ready,
        ...(set.metadata.generation !== undefined && { observedGeneration: set.metadata.generation }),
        ...(counts.updated > 0 && { updatedNumberScheduled: counts.updated }),
        ...(counts.available > 0 && { numberAvailable: counts.available }),
        ...(unavailable > 0 && { numberUnavailable: unavailable }),
        ...(set.status?.collisionCount && { collisionCount: set.status.collisionCount }),
      },
    });
  }
}

function groupByNode(pods: readonly Pod[]): Map<string, Pod[]> {
  const byNode = new Map<string, Pod[]>();
  for (const pod of pods) {
    const node = targetNode(pod);
    if (node) byNode.set(node, [...(byNode.get(node) ?? []), pod]);
  }
  return byNode;
}

/** GetTargetNodeName: where it runs, or where its affinity pins it. */
function targetNode({ spec }: Pod): string | undefined {
  if (spec?.nodeName) return spec.nodeName;
  const terms = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  return terms.flatMap(({ matchFields = [] }) => matchFields).find(({ key }) => key === 'metadata.name')?.values?.[0];
}

/** NodeShouldRunDaemonPod: a NoSchedule taint keeps new pods away, a NoExecute one drives running pods off. */
function placement(set: DaemonSet, node: Node): { readonly shouldRun: boolean; readonly mayStay: boolean } {
  const spec = set.spec!.template.spec as PodSpec;
  if ((spec.nodeName && spec.nodeName !== node.metadata.name) || !fitsNode(spec, node)) {
    return { shouldRun: false, mayStay: false };
  }
  const tolerations = [...(spec.tolerations ?? []), ...TOLERATIONS];
  const untolerated = (effects: readonly string[]) =>
    node.spec?.taints?.some((taint) => effects.includes(taint.effect) && !isTolerated(taint, tolerations)) ?? false;
  return { shouldRun: !untolerated(['NoSchedule', 'NoExecute']), mayStay: !untolerated(['NoExecute']) };
}

function draftOf(set: DaemonSet, owner: ReturnType<typeof controllerReference>, node: string, hash: string) {
  const draft = podFromTemplate(set.spec!.template as PodTemplateSpec, owner, `${set.metadata.name}-`);
  const generation = set.metadata.annotations?.[TEMPLATE_GENERATION];
  const labels = {
    ...draft.metadata.labels,
    [REVISION_LABEL]: hash,
    ...(generation && { [GENERATION_LABEL]: generation }),
  };
  const { affinity } = draft.spec!;
  const pinned = {
    nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In' as const, values: [node] }] }],
  };
  return {
    ...draft,
    metadata: { ...draft.metadata, labels },
    spec: {
      ...draft.spec!,
      affinity: {
        ...affinity,
        nodeAffinity: { ...affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: pinned },
      },
      tolerations: [...(draft.spec!.tolerations ?? []), ...TOLERATIONS],
    },
  };
}
