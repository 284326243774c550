/** A manifest's documents as objects: the checks kubectl makes before the server sees them (kubectl pkg/validation, cli-runtime mapper.go). */

import type { JsonObject } from '../../api/object.ts';
import type { Schema } from '../../api/resource.ts';
import { DecodeError, decode as decodeSchema } from '../../api/schema/decode.ts';
import { AggregateFailure, NoKindMatch } from '../cli/errors.ts';
import type { Mapper } from '../client/mapper.ts';
import { compactJson } from '../printers/json.ts';
import { quote } from '../text.ts';
import { documents } from '../yaml/documents.ts';
import type { Value } from '../yaml/parser.ts';
import type { Info, KObject } from './info.ts';

export type Validation = 'strict' | 'warn' | 'ignore';

/** Yields an object or, for a document that is not one, an error; a file that cannot be parsed on throws. */
export function* readManifest(
  text: string,
  source: string,
  mapper: Mapper | undefined,
  validation: Validation,
): Generator<Info | Error, void> {
  const parsed = documents(text);
  for (;;) {
    let next: IteratorResult<Value, void>;
    try {
      next = parsed.next();
    } catch (error) {
      throw new Error(`error parsing ${source}: ${(error as Error).message}`);
    }
    if (next.done) return;
    if (next.value === null) continue;
    if (validation !== 'ignore') {
      const problems = checkKind(next.value);
      if (problems.length > 0) throw new Error(`error validating ${quote(source)}: ${withAdvice(problems)}`);
    }
    yield infoOf(next.value, source, mapper);
  }
}

function withAdvice(problems: readonly string[]): string {
  const text = new AggregateFailure(problems.map((p) => new Error(p))).message;
  return `error validating data: ${text}; if you choose to ignore these errors, turn validation off with --validate=false`;
}

/** validation.getObjectKind. */
function checkKind(value: Value): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return ['invalid object to validate'];
  const problems: string[] = [];
  for (const key of ['apiVersion', 'kind']) {
    const field = value[key];
    if (field === undefined || field === null) problems.push(`${key} not set`);
    else if (typeof field !== 'string') problems.push(`${key} isn't string type`);
  }
  return problems;
}

function infoOf(value: Value, source: string, mapper: Mapper | undefined): Info | Error {
  const problem = decodeProblem(value);
  if (problem) return new Error(`unable to decode ${quote(source)}: ${problem}`);
  const object = value as KObject;
  const { name = '', namespace = '' } = object.metadata ?? {};
  if (!mapper) return { mapping: offlineMapping(object), namespace, name, source, object, subresource: '' };
  if (object.kind === 'List' && object.apiVersion === 'v1') {
    return { mapping: offlineMapping(object), namespace, name, source, object, subresource: '' };
  }
  try {
    return {
      mapping: mapper.forKind(object.apiVersion!, object.kind!),
      namespace,
      name,
      source,
      object,
      subresource: '',
    };
  } catch (error) {
    if (!(error instanceof NoKindMatch)) throw error;
    return new Error(
      `resource mapping not found for name: ${quote(name)} namespace: ${quote(namespace)} from ${quote(source)}: ${error.message}\nensure CRDs are installed first`,
    );
  }
}

/** Without a server (--local), the resource is guessed from the kind (meta.UnsafeGuessKindToResource). */
function offlineMapping(object: KObject): Info['mapping'] {
  const apiVersion = object.apiVersion ?? '';
  const slash = apiVersion.indexOf('/');
  const kind = object.kind ?? '';
  const singular = kind.toLowerCase();
  const resource = singular.endsWith('s')
    ? `${singular}es`
    : singular.endsWith('y')
      ? `${singular.slice(0, -1)}ies`
      : `${singular}s`;
  return {
    group: slash < 0 ? '' : apiVersion.slice(0, slash),
    version: apiVersion.slice(slash + 1),
    resource,
    singular,
    kind,
    namespaced: true,
    shortNames: [],
    categories: [],
    verbs: [],
    subresources: [],
  };
}

/** What unstructured.UnstructuredJSONScheme says of data that is no object. */
function decodeProblem(value: Value): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const type = Array.isArray(value)
      ? 'array'
      : typeof value === 'object'
        ? 'object'
        : typeof value === 'boolean'
          ? 'bool'
          : typeof value;
    return `couldn't get version/kind; json parse error: json: cannot unmarshal ${type} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`;
  }
  for (const key of ['apiVersion', 'kind']) {
    const field = value[key];
    if (field !== undefined && field !== null && typeof field !== 'string') {
      return `couldn't get version/kind; json parse error: json: cannot unmarshal ${jsonType(field)} into Go struct field .${key} of type string`;
    }
  }
  if (!value.kind) return `Object 'Kind' is missing in '${compactJson(value)}'`;
  if (!value.apiVersion) return `Object 'apiVersion' is missing in '${compactJson(value)}'`;
  return metadataProblem(value);
}

/** metadataValidatingDecoder (cli-runtime/pkg/resource/metadata_decoder.go): metadata must fit its struct. */
function metadataProblem({ metadata }: { readonly [name: string]: Value }): string | undefined {
  if (metadata === undefined || metadata === null) return undefined;
  try {
    decodeSchema({ metadata } as JsonObject, METADATA_ONLY, 'metadataOnlyObject');
    return undefined;
  } catch (error) {
    if (error instanceof DecodeError) return error.message;
    throw error;
  }
}

const METADATA_ONLY: Schema = {
  type: 'object',
  properties: { metadata: { ref: 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' } },
};

const jsonType = (value: Value): string =>
  Array.isArray(value)
    ? 'array'
    : value === null
      ? 'null'
      : typeof value === 'object'
        ? 'object'
        : typeof value === 'boolean'
          ? 'bool'
          : typeof value;
