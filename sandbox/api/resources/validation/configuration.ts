/** Validation of ConfigMaps and Secrets (ValidateConfigMap, ValidateSecret and their updates). */

import { equal } from '../../equality.ts';
import type { ConfigMap, Secret } from '../../types.ts';
import { type FieldErrors, forbidden, invalid, noErrors, Problems, required, tooLong } from './errors.ts';
import { immutable } from './immutable.ts';
import { isConfigMapKey } from './names.ts';

const MAX_SIZE = 1024 * 1024;

type Data = Readonly<Record<string, string>>;

export function validateConfigMap({ data = {}, binaryData = {} }: ConfigMap): FieldErrors {
  const problems = new Problems();
  let size = 0;
  for (const [key, value] of Object.entries(data)) {
    configKey(problems, key, 'data');
    if (Object.hasOwn(binaryData, key))
      problems.add(invalid(`data[${key}]`, key, 'duplicate of key present in binaryData'));
    size += value.length;
  }
  for (const [key, value] of Object.entries(binaryData)) {
    configKey(problems, key, 'binaryData');
    size += decodedLength(value);
  }
  if (size > MAX_SIZE) problems.add(tooLong('', MAX_SIZE));
  return problems.list;
}

export function validateConfigMapUpdate(map: ConfigMap, before: ConfigMap): FieldErrors {
  if (map.data === before.data && map.binaryData === before.binaryData && map.immutable === before.immutable)
    return noErrors;
  const problems = new Problems();
  frozen(problems, map, before, ['data', 'binaryData']);
  problems.addAll(validateConfigMap(map));
  return problems.list;
}

/** Keys that a Secret of a type must have. */
const KEYS_OF_TYPE: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};

export function validateSecret({ data = {}, type = '', metadata }: Secret): FieldErrors {
  const problems = new Problems();
  let size = 0;
  for (const [key, value] of Object.entries(data)) {
    configKey(problems, key, 'data');
    size += decodedLength(value);
  }
  if (size > MAX_SIZE) problems.add(tooLong('data', MAX_SIZE));
  for (const key of KEYS_OF_TYPE[type] ?? []) if (!Object.hasOwn(data, key)) problems.add(required(`data[${key}]`));
  if (type === 'kubernetes.io/basic-auth' && !('username' in data) && !('password' in data)) {
    problems.add(required('data[username]'));
    problems.add(required('data[password]'));
  }
  const account = 'kubernetes.io/service-account.name';
  if (type === 'kubernetes.io/service-account-token' && !metadata.annotations?.[account])
    problems.add(required(`metadata.annotations[${account}]`));
  return problems.list;
}

export function validateSecretUpdate(secret: Secret, before: Secret): FieldErrors {
  const problems = new Problems();
  immutable(problems, secret.type, before.type, 'type');
  frozen(problems, secret, before, ['data']);
  problems.addAll(validateSecret(secret));
  return problems.list;
}

function configKey(problems: Problems, key: string, field: string): void {
  for (const text of isConfigMapKey(key)) problems.add(invalid(`${field}[${key}]`, key, text));
}

/** Once immutable, for ever. */
function frozen<T extends { readonly immutable?: boolean; readonly data?: Data }>(
  problems: Problems,
  object: T,
  before: T,
  fields: readonly (keyof T & string)[],
): void {
  if (!before.immutable) return;
  if (!object.immutable) problems.add(forbidden('immutable', 'field is immutable when `immutable` is set'));
  for (const field of fields)
    if (!equal(object[field], before[field]))
      problems.add(forbidden(field, 'field is immutable when `immutable` is set'));
}

const decodedLength = (base64: string): number => Math.floor((base64.replace(/=+$/, '').length * 3) / 4);
