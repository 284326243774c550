/** JSON Patch (RFC 6902) on keys of any name: what a path leads through is an object's own, also a `__proto__`. */

import { own } from '../../sim/own.ts';
import { equal } from '../equality.ts';
import type { Json, JsonObject } from '../object.ts';
import { isJsonObject, setField } from './merge.ts';

/** Why an operation cannot be done: its path leads nowhere, its test fails, or it is none. */
export type Refusal = 'missing' | 'mismatch' | 'malformed';

/** Does the operation to the document itself, or says why not. */
export function applyOperation(document: Json, operation: Json): Refusal | undefined {
  if (!isJsonObject(operation)) return 'malformed';
  const path = pointer(operation.path);
  if (!path) return 'malformed';
  switch (operation.op) {
    case 'add':
      return operation.value === undefined ? 'malformed' : add(document, path, structuredClone(operation.value));
    case 'replace':
      return operation.value === undefined ? 'malformed' : replace(document, path, structuredClone(operation.value));
    case 'remove':
      return remove(document, path);
    case 'test':
      return test(document, path, operation.value ?? null);
    case 'copy':
    case 'move':
      return transfer(document, path, operation);
    default:
      return 'malformed';
  }
}

type Path = readonly string[];

function pointer(given: Json | undefined): Path | undefined {
  if (typeof given !== 'string') return undefined;
  const [first, ...tokens] = given.split('/');
  return first === '' ? tokens.map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~')) : undefined;
}

const INDEX = /^(?:0|[1-9][0-9]*)$/;

function child(parent: Json | undefined, token: string): Json | undefined {
  if (Array.isArray(parent)) return INDEX.test(token) ? parent[Number(token)] : undefined;
  return isJsonObject(parent) ? own(parent, token) : undefined;
}

const find = (document: Json, path: Path): Json | undefined => path.reduce<Json | undefined>(child, document);

/** What holds the value, and its name there; the document itself is held by nothing. */
function endOf(document: Json, path: Path): { readonly parent: Json | undefined; readonly key: string } {
  const key = path.at(-1);
  return key === undefined ? { parent: undefined, key: '' } : { parent: find(document, path.slice(0, -1)), key };
}

function add(document: Json, path: Path, value: Json): Refusal | undefined {
  const { parent, key } = endOf(document, path);
  if (Array.isArray(parent)) {
    if (key !== '-' && !(INDEX.test(key) && Number(key) <= parent.length)) return 'missing';
    parent.splice(key === '-' ? parent.length : Number(key), 0, value);
  } else if (isJsonObject(parent)) setField(parent as Record<string, unknown>, key, value);
  else return 'missing';
  return undefined;
}

function replace(document: Json, path: Path, value: Json): Refusal | undefined {
  const { parent, key } = endOf(document, path);
  if (child(parent, key) === undefined) return 'missing';
  setField(parent as Record<string, unknown>, key, value);
  return undefined;
}

function remove(document: Json, path: Path): Refusal | undefined {
  const { parent, key } = endOf(document, path);
  if (child(parent, key) === undefined) return 'missing';
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete (parent as Record<string, unknown>)[key];
  return undefined;
}

function test(document: Json, path: Path, value: Json): Refusal | undefined {
  return equal(find(document, path) ?? null, value) ? undefined : 'mismatch';
}

/** A copy, or a move: which is not into what is moved. */
function transfer(document: Json, path: Path, { op, from: given }: JsonObject): Refusal | undefined {
  const from = pointer(given);
  if (!from) return 'malformed';
  const value = find(document, from);
  if (value === undefined) return 'missing';
  if (op === 'copy') return add(document, path, structuredClone(value));
  if (from.length < path.length && from.every((token, i) => token === path[i])) return 'missing';
  return remove(document, from) ?? add(document, path, value);
}
