/** Secret (pkg/registry/core/secret): stringData is written into data, in base64. */

import { age } from '../age.ts';
import { toBase64 } from '../base64.ts';
import type { Resource } from '../resource.ts';
import type { Secret } from '../types.ts';
import { columns } from './columns.ts';
import { fill } from './shared.ts';
import { validateSecret, validateSecretUpdate } from './validation/configuration.ts';

export const secrets: Resource<Secret> = {
  group: '',
  version: 'v1',
  kind: 'Secret',
  name: 'secrets',
  singular: 'secret',
  namespaced: true,
  schema: 'io.k8s.api.core.v1.Secret',

  defaults: (secret) => fill(encodeStrings(secret), { type: 'Opaque' }),
  validate: validateSecret,
  validateUpdate: validateSecretUpdate,

  columns: columns.secrets,
  row: ({ metadata, type, data = {} }, { now }) => [
    metadata.name,
    type ?? '',
    Object.keys(data).length,
    age(metadata.creationTimestamp, now),
  ],
  selectableFields: { type: (secret) => secret.type ?? '' },
};

function encodeStrings(secret: Secret): Secret {
  const { stringData, ...rest } = secret;
  if (!stringData) return secret;
  const encoded = Object.entries(stringData).map(([key, text]) => [key, base64(text)] as const);
  return { ...rest, data: { ...rest.data, ...Object.fromEntries(encoded) } };
}

const base64 = (text: string): string => toBase64(new TextEncoder().encode(text));
