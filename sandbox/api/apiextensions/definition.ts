/** CustomResourceDefinition (apiextensions-apiserver pkg/apis/apiextensions/v1/defaults.go, pkg/registry/customresourcedefinition). */

import type { Resource } from '../resource.ts';
import { created, named, printed } from '../resources/columns.ts';
import { status } from '../resources/subresources.ts';
import type { CustomResourceDefinition, DefinitionStatus } from './types.ts';
import { CLEANUP_FINALIZER, orderedNames, withCondition } from './types.ts';
import { validateDefinition, validateDefinitionUpdate } from './validation/definition.ts';
import { definitionWarnings } from './warnings.ts';

export const customResourceDefinitions: Resource<CustomResourceDefinition> = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  name: 'customresourcedefinitions',
  singular: 'customresourcedefinition',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  namespaced: false,
  schema: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition',
  subresources: { status: status('CustomResourceDefinition') },
  generation: true,
  conditionalUpdate: true,

  defaults: (definition) => {
    const { spec } = definition;
    const names = spec?.names ?? { plural: '', kind: '' };
    const singular = names.singular || names.kind?.toLowerCase();
    const listKind = names.listKind || (names.kind && `${names.kind}List`);
    const filled = orderedNames({ ...names, singular, listKind });
    return { ...definition, spec: { ...spec, conversion: spec?.conversion ?? { strategy: 'None' }, names: filled } };
  },
  prepareForCreate: (definition) => ({ ...definition, status: withStoredVersion(definition, EMPTY) }),
  prepareForUpdate: (definition, before) => ({
    ...definition,
    status: withStoredVersion(definition, before.status ?? EMPTY),
  }),
  validate: validateDefinition,
  validateUpdate: validateDefinitionUpdate,
  warnings: definitionWarnings,
  /** Its instances go first (etcd.go, Delete). */
  remove: (definition, { timestamp }) => {
    const { metadata } = definition;
    if (metadata.deletionTimestamp !== undefined) return undefined;
    const finalizers = metadata.finalizers ?? [];
    return {
      ...definition,
      metadata: {
        ...metadata,
        deletionTimestamp: timestamp,
        ...(!finalizers.includes(CLEANUP_FINALIZER) && { finalizers: [...finalizers, CLEANUP_FINALIZER] }),
      },
      status: withCondition(
        definition.status,
        {
          type: 'Terminating',
          status: 'True',
          reason: 'InstanceDeletionPending',
          message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
        },
        timestamp,
      ),
    };
  },

  ...printed<CustomResourceDefinition>([named, created]),
};

const EMPTY: DefinitionStatus = { conditions: [], acceptedNames: { plural: '', kind: '' }, storedVersions: [] };

/** Every version that was ever stored is remembered. */
function withStoredVersion({ spec }: CustomResourceDefinition, status: DefinitionStatus): DefinitionStatus {
  const storage = spec.versions?.find((version) => version.storage)?.name;
  const stored = status.storedVersions ?? [];
  if (storage === undefined || stored.includes(storage)) return status;
  return { ...status, storedVersions: [...stored, storage] };
}
