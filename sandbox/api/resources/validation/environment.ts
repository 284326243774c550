/** A container's environment (ValidateEnv, ValidateEnvFrom). */

import type { Container } from '../../types.ts';
import { fieldSelector, resourceSelector } from './downward.ts';
import { invalid, type Problems, required } from './errors.ts';
import { isConfigMapKey, isDNS1123Subdomain, isEnvVarName } from './names.ts';

type EnvVar = NonNullable<Container['env']>[number];
type EnvFrom = NonNullable<Container['envFrom']>[number];
type KeyRef = { readonly name?: string; readonly key?: string };

const good = new WeakSet<object>();

export function environment(problems: Problems, { env = [], envFrom = [] }: Container, path: string): void {
  for (let i = 0; i < env.length; i++) once(problems, env[i]!, variable, `${path}.env`, i);
  for (let i = 0; i < envFrom.length; i++) once(problems, envFrom[i]!, source, `${path}.envFrom`, i);
}

function once<T extends object>(
  problems: Problems,
  value: T,
  check: (problems: Problems, value: T, path: string) => void,
  path: string,
  i: number,
): void {
  if (good.has(value)) return;
  const before = problems.count;
  check(problems, value, `${path}[${i}]`);
  if (problems.count === before) good.add(value);
}

function variable(problems: Problems, { name, value, valueFrom }: EnvVar, path: string): void {
  if (!name) problems.add(required(`${path}.name`));
  else for (const text of isEnvVarName(name)) problems.add(invalid(`${path}.name`, name, text));
  if (valueFrom) from(problems, valueFrom, value, `${path}.valueFrom`);
}

const FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];

function from(
  problems: Problems,
  all: NonNullable<EnvVar['valueFrom']>,
  value: string | undefined,
  path: string,
): void {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = all;
  if (fieldRef) fieldSelector(problems, fieldRef, FIELDS, `${path}.fieldRef`);
  if (resourceFieldRef) resourceSelector(problems, resourceFieldRef, `${path}.resourceFieldRef`);
  if (configMapKeyRef) keyRef(problems, configMapKeyRef, `${path}.configMapKeyRef`);
  if (secretKeyRef) keyRef(problems, secretKeyRef, `${path}.secretKeyRef`);
  const given = Object.values(all).filter((one) => one !== undefined).length;
  if (given === 0)
    problems.add(
      invalid(path, '', 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`'),
    );
  else if (value) problems.add(invalid(path, '', 'may not be specified when `value` is not empty'));
  else if (given > 1) problems.add(invalid(path, '', 'may not have more than one field specified at a time'));
}

function keyRef(problems: Problems, { name = '', key }: KeyRef, path: string): void {
  for (const text of isDNS1123Subdomain(name)) problems.add(invalid(`${path}.name`, name, text));
  if (!key) problems.add(required(`${path}.key`));
  else for (const text of isConfigMapKey(key)) problems.add(invalid(`${path}.key`, key, text));
}

/** Whether there is one source and only one is told of the whole list. */
function source(problems: Problems, { prefix, configMapRef, secretRef }: EnvFrom, path: string): void {
  if (prefix) for (const text of isEnvVarName(prefix)) problems.add(invalid(`${path}.prefix`, prefix, text));
  if (configMapRef) sourceName(problems, configMapRef.name, `${path}.configMapRef.name`);
  if (secretRef) sourceName(problems, secretRef.name, `${path}.secretRef.name`);
  const list = path.slice(0, path.lastIndexOf('['));
  if (!configMapRef && !secretRef)
    problems.add(invalid(list, '', 'must specify one of: `configMapRef` or `secretRef`'));
  else if (configMapRef && secretRef)
    problems.add(invalid(list, '', 'may not have more than one field specified at a time'));
}

/** Checked as if it began a generated name: it may end with a dash. */
function sourceName(problems: Problems, name: string | undefined, path: string): void {
  if (!name) problems.add(required(path));
  else for (const text of isDNS1123Subdomain(name.replace(/(?<=.)-$/, 'a'))) problems.add(invalid(path, name, text));
}
