/** Namespace (pkg/registry/core/namespace, pkg/apis/core/v1/defaults.go). */

import { conflict } from '../errors.ts';
import type { Resource, StrategyContext } from '../resource.ts';
import type { Namespace } from '../types.ts';
import { aged, named, printed, text } from './columns.ts';
import { put } from './shared.ts';
import { status } from './subresources.ts';
import { type FieldErrors, invalid } from './validation/errors.ts';

const NAME_LABEL = 'kubernetes.io/metadata.name';
const FINALIZER = 'kubernetes';

export const namespaces: Resource<Namespace> = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  name: 'namespaces',
  singular: 'namespace',
  shortNames: ['ns'],
  namespaced: false,
  verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  schema: 'io.k8s.api.core.v1.Namespace',
  subresources: {
    finalize: {
      kind: 'Namespace',
      verbs: ['update'],
      resetFields: ({ metadata, spec }, before) => ({ ...before, metadata, spec }) as Namespace,
      defaults: nameLabel,
      validateUpdate: validateFinalizers,
    },
    status: status('Namespace'),
  },
  nameRule: 'label',

  defaults: nameLabel,
  prepareForCreate: (namespace) => {
    const finalizers = namespace.spec?.finalizers ?? [];
    const next = finalizers.includes(FINALIZER) ? finalizers : [...finalizers, FINALIZER];
    return { ...nameLabel(namespace), spec: { ...namespace.spec, finalizers: next }, status: { phase: 'Active' } };
  },
  prepareForUpdate: (namespace, before) =>
    put(put(namespace, 'spec', { ...namespace.spec, finalizers: before.spec?.finalizers }), 'status', before.status),
  /** DELETE only marks it: the namespace controller empties it and takes the `kubernetes` finalizer off (storage/storage.go). */
  remove: terminate,
  isComplete: ({ spec }) => !spec?.finalizers?.length,

  ...printed<Namespace>([
    named,
    text('Status', 'The status of the namespace', ({ status }) => status?.phase ?? ''),
    aged,
  ]),
  selectableFields: {
    name: (namespace) => namespace.metadata.name,
    'status.phase': (namespace) => namespace.status?.phase ?? '',
  },
};

function terminate(namespace: Namespace, { timestamp }: StrategyContext): Namespace | 'gone' {
  const { metadata, spec, status: was } = namespace;
  if (!metadata.deletionTimestamp)
    return {
      ...namespace,
      metadata: { ...metadata, deletionTimestamp: timestamp },
      status: { ...was, phase: 'Terminating' },
    };
  if (!spec?.finalizers?.length) return 'gone';
  throw conflict(
    { group: '', name: 'namespaces' },
    metadata.name,
    'The system is ensuring all content is removed from this namespace.  Upon completion, this namespace will automatically be purged by the system.',
  );
}

/** ValidateNamespaceFinalizeUpdate. */
function validateFinalizers({ spec }: Namespace): FieldErrors {
  return (spec?.finalizers ?? []).flatMap((finalizer, i) => {
    if (finalizer === FINALIZER || finalizer.includes('/')) return [];
    const why = 'name is neither a standard finalizer name nor is it fully qualified';
    return [invalid(`spec.finalizers[${i}]`, finalizer, why)];
  });
}

/** SetDefaults_Namespace: a label that selectors may count on. */
function nameLabel(namespace: Namespace): Namespace {
  const { name, labels } = namespace.metadata;
  if (!name || labels?.[NAME_LABEL] === name) return namespace;
  return { ...namespace, metadata: { ...namespace.metadata, labels: { ...labels, [NAME_LABEL]: name } } };
}
