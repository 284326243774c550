/** What a policy's patch made, as an object of its kind again (mutating/patch/json_patch.go, mutating/dispatcher.go dispatchOne). */

import { internal } from '../../errors.ts';
import type { Json, JsonObject, KubeObject } from '../../object.ts';
import type { Resource, StrategyContext } from '../../resource.ts';
import { DecodeError } from '../../schema/decode.ts';
import { decodeTyped, type Expected, typeProblem } from '../../server/body.ts';
import { ExpressionError } from './evaluation.ts';
import { kindOf } from './versions.ts';

export interface Made {
  readonly resource: Resource;
  readonly subresource: string;
  readonly by: 'ApplyConfiguration' | 'JSONPatch';
}

/** Throws a Status, whatever the failure policy, where upstream's serializer fails; ExpressionError where its converter does. */
export function retyped(made: Json, { resource, subresource, by }: Made, context: StrategyContext): KubeObject {
  const { group, version, kind } = kindOf(resource, subresource);
  const schema = resource.subresources?.[subresource]?.view?.schema ?? resource.schema;
  const expected: Expected = { kind, apiVersion: group ? `${group}/${version}` : version, schema };
  const value = made as JsonObject;
  const custom = typeof schema !== 'string';
  // A custom object of another kind is told by its own validation.
  const other = custom ? undefined : typeProblem((...type) => groupOf(context, ...type), value, expected);
  if (other) throw internal(other.startsWith('converting') ? `failed to convert object: ${other}` : other);
  try {
    const { object, problems } = decodeTyped(value, expected);
    if (by === 'JSONPatch' && !custom && problems.length > 0)
      throw internal(`strict decoding error: ${problems.join(', ')}`);
    return custom ? ({ ...object, ...typeOf(value) } as KubeObject) : object;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    if (by === 'JSONPatch') throw internal(error.message);
    const type = `${group}/${version}, Kind=${kind}`;
    throw new ExpressionError(`unable to convert unstructured object to ${type}: ${error.unstructured}`);
  }
}

const typeOf = ({ apiVersion, kind }: JsonObject) => ({ apiVersion, kind });

const groupOf = ({ served }: StrategyContext, apiVersion: string, kind: string): string | undefined =>
  served().find(
    (each) => each.kind === kind && (each.group ? `${each.group}/${each.version}` : each.version) === apiVersion,
  )?.group;
