/** The objects a binding gives its policy to go by (apiserver pkg/admission/plugin/policy/generic, CollectParams). */

import type { KubeObject } from '../../object.ts';
import type { Resource, StrategyContext } from '../../resource.ts';
import { selects } from '../../resources/validation/selectors.ts';
import type { ParamKind, ParamRef } from './types.ts';

/** A policy or a binding that cannot be gone by: what becomes of the request is its failurePolicy's. */
export class ConfigurationError extends Error {}

/** Throws ConfigurationError. */
export function paramResource(kind: ParamKind | undefined, { served }: StrategyContext): Resource | undefined {
  if (!kind) return undefined;
  const [version = '', group = ''] = (kind.apiVersion ?? '').split('/').reverse();
  const found = served().find((each) => each.group === group && each.version === version && each.kind === kind.kind);
  if (!found)
    throw new ConfigurationError(
      `failed to find resource referenced by paramKind: '${group}/${version}, Kind=${kind.kind ?? ''}'`,
    );
  return found;
}

/** One `undefined` where there is nothing to go by; throws ConfigurationError. */
export function paramsOf(
  resource: Resource | undefined,
  ref: ParamRef | undefined,
  namespace: string,
  { lookup, list }: StrategyContext,
): readonly (KubeObject | undefined)[] {
  if (!resource || !ref) return [undefined];
  const within = resource.namespaced ? ref.namespace || namespace : '';
  if (resource.namespaced && !within)
    throw new ConfigurationError(
      'cannot use namespaced paramRef in policy binding that matches cluster-scoped resources',
    );
  if (!resource.namespaced && ref.namespace)
    throw new ConfigurationError('paramRef.namespace must not be provided for a cluster-scoped `paramKind`');
  const collection = resource.collection ?? resource.name;
  const found = ref.name
    ? [lookup(collection, within, ref.name)].filter((each) => each !== undefined)
    : list(collection, within).filter(({ metadata }) => selects(ref.selector, metadata.labels));
  if (found.length === 0 && ref.parameterNotFoundAction === 'Deny')
    throw new ConfigurationError('no params found for policy binding with `Deny` parameterNotFoundAction');
  return found.map((each) => resource.conversion?.fromStored(each) ?? each);
}
