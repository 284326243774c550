/** ConfigMap (pkg/registry/core/configmap). */

import { age } from '../age.ts';
import type { Resource } from '../resource.ts';
import type { ConfigMap } from '../types.ts';
import { columns } from './columns.ts';
import { validateConfigMap, validateConfigMapUpdate } from './validation/configuration.ts';

export const configMaps: Resource<ConfigMap> = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  name: 'configmaps',
  singular: 'configmap',
  shortNames: ['cm'],
  namespaced: true,
  schema: 'io.k8s.api.core.v1.ConfigMap',
  validate: validateConfigMap,
  validateUpdate: validateConfigMapUpdate,

  columns: columns.configmaps,
  row: ({ metadata, data = {}, binaryData = {} }, { now }) => [
    metadata.name,
    Object.keys(data).length + Object.keys(binaryData).length,
    age(metadata.creationTimestamp, now),
  ],
};
