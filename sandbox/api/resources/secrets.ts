/** Secret (pkg/registry/core/secret): stringData is written into data, in base64. */

import { toBase64 } from '../base64.ts';
import type { Resource } from '../resource.ts';
import type { Secret } from '../types.ts';
import { aged, named, printed, text } from './columns.ts';
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

  ...printed<Secret>([
    named,
    text(
      'Type',
      'Used to facilitate programmatic handling of secret data. More info: https://kubernetes.io/docs/concepts/configuration/secret/#secret-types',
      ({ type }) => type ?? '',
    ),
    text(
      'Data',
      "Data contains the secret data. Each key must consist of alphanumeric characters, '-', '_' or '.'. The serialized form of the secret data is a base64 encoded string, representing the arbitrary (possibly non-string) data value here. Described in https://tools.ietf.org/html/rfc4648#section-4",
      ({ data = {} }) => Object.keys(data).length,
    ),
    aged,
  ]),
  selectableFields: { type: (secret) => secret.type ?? '' },
};

function encodeStrings(secret: Secret): Secret {
  const { stringData, ...rest } = secret;
  if (!stringData) return secret;
  const encoded = Object.entries(stringData).map(([key, text]) => [key, base64(text)] as const);
  return { ...rest, data: { ...rest.data, ...Object.fromEntries(encoded) } };
}

const base64 = (text: string): string => toBase64(new TextEncoder().encode(text));
