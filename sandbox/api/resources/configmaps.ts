/** ConfigMap (pkg/registry/core/configmap). */

import type { Resource } from '../resource.ts';
import type { ConfigMap } from '../types.ts';
import { aged, named, printed, text } from './columns.ts';
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

  ...printed<ConfigMap>([
    named,
    text(
      'Data',
      "Data contains the configuration data. Each key must consist of alphanumeric characters, '-', '_' or '.'. Values with non-UTF-8 byte sequences must use the BinaryData field. The keys stored in Data must not overlap with the keys in the BinaryData field, this is enforced during validation process.",
      ({ data = {}, binaryData = {} }) => Object.keys(data).length + Object.keys(binaryData).length,
    ),
    aged,
  ]),
};
