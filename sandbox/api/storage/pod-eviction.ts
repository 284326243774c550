/** POST pods/NAME/eviction: a deletion that asks the disruption budgets first (pkg/registry/core/pod/storage/eviction.go). */

import type { DeleteOptions } from '../client.ts';
import { badRequest, failure, internal, notFound, tooManyRequests } from '../errors.ts';
import type { ApiRequest, ApiResponse } from '../http.ts';
import type { KubeObject } from '../object.ts';
import { remove } from '../registry/delete.ts';
import type { Endpoint } from '../registry/registry.ts';
import { mutate } from '../registry/update.ts';
import { matchesLabels, selectorOf } from '../selectors.ts';
import { type Expected, readObject } from '../server/body.ts';
import { checkOptions } from '../server/options.ts';
import type { ResourcePath } from '../server/request.ts';
import { fieldManager, isDryRun } from '../server/request.ts';
import { json } from '../server/response.ts';
import type { WriteContext } from '../server/write.ts';
import type { Pod, PodDisruptionBudget } from '../types.ts';

const EVICTION = { kind: 'Eviction', apiVersion: 'policy/v1', schema: 'io.k8s.api.policy.v1.Eviction' };

/** Older clients still send policy/v1beta1, which is the same. */
function expected({ body = '' }: ApiRequest): Expected {
  try {
    const { apiVersion } = JSON.parse(body) as Partial<KubeObject>;
    return apiVersion === 'policy/v1beta1' ? { ...EVICTION, apiVersion } : EVICTION;
  } catch {
    // Whoever reads it says what is wrong.
    return EVICTION;
  }
}

export function evict(context: WriteContext, request: ApiRequest, endpoint: Endpoint, path: ResourcePath): ApiResponse {
  checkOptions(request, 'CreateOptions');
  const eviction = readObject(context, request, endpoint, expected(request)) as KubeObject & {
    readonly deleteOptions?: DeleteOptions & { readonly dryRun?: readonly string[] };
  };
  if (eviction.metadata.name !== path.name) throw badRequest('name in URL does not match name in Eviction object');
  const pod = endpoint.collection.get(path.namespace, path.name) as Pod | undefined;
  if (!pod) throw notFound(endpoint.resource, path.name);
  const dryRun = isDryRun(request) || (eviction.deleteOptions?.dryRun?.includes('All') ?? false);
  context.registry.admission.review({
    operation: 'CREATE',
    resource: endpoint.resource,
    subresource: path.subresource,
    namespace: path.namespace,
    name: path.name,
    object: eviction,
    oldObject: undefined,
    dryRun,
    user: context.user,
    warn: context.warn,
  });
  if (needsBudget(pod)) {
    spend(context, request, budgetOf(context, pod), pod, dryRun);
    if (!dryRun) markDisrupted(context, request, endpoint, path);
  }
  remove(context.registry, endpoint, path.namespace, path.name, {
    ...eviction.deleteOptions,
    dryRun,
    user: context.user,
  });
  return json(201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 });
}

const DISRUPTION_TARGET = {
  type: 'DisruptionTarget',
  status: 'True',
  reason: 'EvictionByEvictionAPI',
  message: 'Eviction API: evicting',
} as const;

/** addConditionAndDeletePod: what is to come is told of the pod first. */
function markDisrupted({ registry }: WriteContext, request: ApiRequest, endpoint: Endpoint, path: ResourcePath): void {
  const condition = { ...DISRUPTION_TARGET, lastProbeTime: null, lastTransitionTime: registry.context.timestamp };
  const mark = (object: KubeObject) => {
    const pod = object as Pod;
    const others = pod.status?.conditions?.filter(({ type }) => type !== condition.type) ?? [];
    return { ...pod, status: { ...pod.status, conditions: [...others, condition] } } as Pod;
  };
  const options = { manager: fieldManager(request), subresource: 'status' as const };
  mutate(registry, endpoint, path.namespace, path.name, mark, options);
}

/** A pod that has ended, has not begun or is going already disturbs nobody. */
const needsBudget = ({ metadata, status }: Pod): boolean =>
  !metadata.deletionTimestamp && !['Succeeded', 'Failed', 'Pending'].includes(status?.phase ?? '');

function budgetOf({ registry }: WriteContext, pod: Pod): PodDisruptionBudget | undefined {
  const budgets = registry.context.list('poddisruptionbudgets', pod.metadata.namespace ?? '') as PodDisruptionBudget[];
  const matching = budgets.filter(
    ({ spec }) => spec?.selector && matchesLabels(selectorOf(spec.selector as object), pod.metadata.labels),
  );
  if (matching.length > 1) {
    throw internal('This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.');
  }
  return matching[0];
}

const WOULD_VIOLATE = "Cannot evict pod as it would violate the pod's disruption budget.";
/** Pods evicted but not yet seen gone, at most (MaxDisruptedPodSize). */
const MAX_DISRUPTED = 2000;

function spend(
  context: WriteContext,
  request: ApiRequest,
  budget: PodDisruptionBudget | undefined,
  pod: Pod,
  dryRun: boolean,
): void {
  if (!budget) return;
  const { name } = budget.metadata;
  const cause = (message: string) => ({ causes: [{ reason: 'DisruptionBudget', message }] });
  const { status } = budget;
  if ((status?.observedGeneration ?? 0) < (budget.metadata.generation ?? 0)) {
    throw tooManyRequests(
      WOULD_VIOLATE,
      10,
      cause(`The disruption budget ${name} is still being processed by the server.`),
    );
  }
  const allowed = status?.disruptionsAllowed ?? 0;
  if (allowed < 0) throw failure(403, 'Forbidden', 'pdb disruptions allowed is negative');
  if (Object.keys(status?.disruptedPods ?? {}).length > MAX_DISRUPTED) {
    throw failure(403, 'Forbidden', 'DisruptedPods map too big - too many evictions not confirmed by PDB controller');
  }
  if (allowed === 0) {
    const needs = `The disruption budget ${name} needs ${status?.desiredHealthy ?? 0} healthy pods and has ${status?.currentHealthy ?? 0} currently`;
    throw tooManyRequests(WOULD_VIOLATE, 0, cause(needs));
  }
  if (dryRun) return;
  const { registry } = context;
  mutate(
    registry,
    registry.get('poddisruptionbudgets'),
    budget.metadata.namespace ?? '',
    name,
    (object) => {
      const current = object as PodDisruptionBudget;
      const disruptedPods = { ...current.status?.disruptedPods, [pod.metadata.name]: registry.context.timestamp };
      return {
        ...current,
        status: { ...current.status!, disruptionsAllowed: allowed - 1, disruptedPods },
      } as PodDisruptionBudget;
    },
    { manager: fieldManager(request), subresource: 'status' },
  );
}
