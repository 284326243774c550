/** POST pods/NAME/binding: the scheduler's decision (pkg/registry/core/pod/storage/storage.go). */

import { component } from '../authenticator/user.ts';
import { badRequest, conflict, invalid, notFound } from '../errors.ts';
import type { ApiRequest, ApiResponse } from '../http.ts';
import type { KubeObject } from '../object.ts';
import type { Endpoint, Registry, WriteOptions } from '../registry/registry.ts';
import { readObject } from '../server/body.ts';
import type { ResourcePath } from '../server/request.ts';
import { fieldManager, isDryRun } from '../server/request.ts';
import { json } from '../server/response.ts';
import type { WriteContext } from '../server/write.ts';
import type { Pod } from '../types.ts';

export interface Binding {
  readonly metadata?: {
    readonly name?: string;
    readonly uid?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly target: { readonly kind?: string; readonly name?: string };
}

const BINDING = { kind: 'Binding', apiVersion: 'v1', schema: 'io.k8s.api.core.v1.Binding' };

export function postBinding(
  context: WriteContext,
  request: ApiRequest,
  endpoint: Endpoint,
  path: ResourcePath,
): ApiResponse {
  const binding = readObject(context, request, endpoint, BINDING) as unknown as Binding;
  const options = {
    manager: fieldManager(request),
    user: context.user,
    dryRun: isDryRun(request),
    warn: context.warn,
  };
  bind(context.registry, path.namespace, path.name, binding, options);
  return json(201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 });
}

/** The scheduler's way, without HTTP. */
export function bindToNode(
  registry: Registry,
  namespace: string,
  pod: string,
  node: string,
  writer: WriteOptions,
): void {
  bind(registry, namespace, pod, { target: { kind: 'Node', name: node } }, writer);
}

export function bind(
  registry: Registry,
  namespace: string,
  name: string,
  binding: Binding,
  options: WriteOptions,
): Pod {
  const { collection, resource, apiVersion } = registry.get('pods');
  if (binding.metadata?.name && binding.metadata.name !== name) {
    throw badRequest('name in URL does not match name in Binding object');
  }
  registry.admission.review({
    operation: 'CREATE',
    resource,
    subresource: 'binding',
    namespace,
    name,
    object: { ...BINDING, metadata: {}, ...binding } as unknown as KubeObject,
    oldObject: undefined,
    dryRun: options.dryRun ?? false,
    user: options.user ?? component(options.manager),
    warn: options.warn,
  });
  checkTarget(name, binding);
  const before = collection.get(namespace, name) as Pod | undefined;
  const named = { group: '', name: 'pods/binding' };
  if (!before) throw notFound(resource, name);
  if (binding.metadata?.uid && binding.metadata.uid !== before.metadata.uid) {
    throw conflict(
      resource,
      name,
      `StorageError: invalid object, Code: 4, Key: /registry/pods/${namespace}/${name}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${binding.metadata.uid}, UID in object meta: ${before.metadata.uid}`,
    );
  }
  if (before.metadata.deletionTimestamp)
    throw conflict(named, name, `pod ${name} is being deleted, cannot be assigned to a host`);
  if (before.spec?.nodeName)
    throw conflict(named, name, `pod ${name} is already assigned to node "${before.spec.nodeName}"`);
  if (before.spec?.schedulingGates?.length) {
    throw conflict(named, name, `pod ${name} has non-empty .spec.schedulingGates`);
  }

  const { nominatedNodeName: _, ...status } = before.status ?? {};
  const after: Pod = {
    ...before,
    metadata: binding.metadata?.annotations
      ? { ...before.metadata, annotations: { ...before.metadata.annotations, ...binding.metadata.annotations } }
      : before.metadata,
    spec: { ...before.spec!, nodeName: binding.target.name! },
    status: { ...status, conditions: scheduled(before, registry.context.timestamp) },
  };
  if (options.dryRun) return after;
  return registry.store.put(collection, after, options.by ?? options.manager, (stored) =>
    registry.fields.note(stored, before, {
      manager: options.manager,
      operation: 'Update',
      apiVersion,
      subresource: 'binding',
      time: registry.context.timestamp,
      before,
      after: before,
    }),
  ) as Pod;
}

function checkTarget(name: string, { target }: Binding): void {
  const kind = { group: '', name: 'Binding' };
  if (target.kind && target.kind !== 'Node') {
    const detail = `Unsupported value: "${target.kind}": supported values: "Node", "<empty>"`;
    throw invalid(kind, name, [{ type: 'FieldValueNotSupported', field: 'target.kind', detail }]);
  }
  if (!target.name) {
    throw invalid(kind, name, [{ type: 'FieldValueRequired', field: 'target.name', detail: 'Required value' }]);
  }
}

type Conditions = NonNullable<NonNullable<Pod['status']>['conditions']>;

/** podutil.UpdatePodCondition with PodScheduled true. */
function scheduled(pod: Pod, now: string): Conditions {
  const conditions = pod.status?.conditions ?? [];
  const old = conditions.find(({ type }) => type === 'PodScheduled');
  const condition = {
    type: 'PodScheduled' as const,
    status: 'True' as const,
    lastProbeTime: null,
    lastTransitionTime: old?.status === 'True' ? old.lastTransitionTime : now,
  } as unknown as Conditions[number];
  return old ? conditions.map((each) => (each === old ? condition : each)) : [...conditions, condition];
}
