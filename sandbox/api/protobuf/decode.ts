/** Kubernetes' protobuf request bodies as JSON: typed Go clients send them; the API server here speaks JSON (apimachinery pkg/runtime/serializer/protobuf). */

import { fromBase64, toBase64 } from '../base64.ts';
import type { Json, JsonObject } from '../object.ts';
import { timestamp } from '../time.ts';
import { json } from './generated/messages.ts';
import { Reader } from './reader.ts';

/** Field numbers to name and type: `T`, `[]T` repeated, `{}T` a map from strings, `=T` a message whose fields are the parent's in JSON. */
type Message = Readonly<Record<string, readonly [name: string, type: string]>>;

const messages: Readonly<Record<string, Message>> = JSON.parse(json);

export const PROTOBUF = 'application/vnd.kubernetes.protobuf';

const MAGIC = [0x6b, 0x38, 0x73, 0x00];
const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';

/** The JSON text of a protobuf body; undefined if it is none, or of a kind not known. */
export function protobufToJson(body: Uint8Array): string | undefined {
  if (!MAGIC.every((byte, i) => body[i] === byte)) return undefined;
  const envelope = new Reader(body.subarray(MAGIC.length));
  let [apiVersion, kind] = ['', ''];
  let raw: Uint8Array = new Uint8Array();
  for (const { number, bytes } of envelope.fields()) {
    if (number === 1) {
      for (const field of new Reader(bytes).fields()) {
        if (field.number === 1) apiVersion = text(field.bytes);
        if (field.number === 2) kind = text(field.bytes);
      }
    } else if (number === 2) raw = bytes;
  }
  const message = kind === 'DeleteOptions' ? `${META}.DeleteOptions` : messageName(apiVersion, kind);
  if (!messages[message]) return undefined;
  return JSON.stringify({ kind, apiVersion, ...(decodeMessage(raw, message) as JsonObject) });
}

/** `storage.k8s.io/v1 StorageClass` is io.k8s.api.storage.v1.StorageClass. */
function messageName(apiVersion: string, kind: string): string {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['core', apiVersion];
  return `io.k8s.api.${group!.split('.')[0]}.${version}.${kind}`;
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Messages that are something else in JSON. */
const SPECIAL: Readonly<Record<string, (fields: JsonObject) => Json | undefined>> = {
  [`${META}.Time`]: time,
  [`${META}.MicroTime`]: time,
  [`${META}.FieldsV1`]: rawJson,
  'io.k8s.apimachinery.pkg.runtime.RawExtension': rawJson,
  'io.k8s.apimachinery.pkg.api.resource.Quantity': ({ string }) => string || undefined,
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': ({ type, intVal, strVal }) =>
    type === 1 ? (strVal ?? '') : (intVal ?? 0),
  'io.k8s.api.authentication.v1.ExtraValue': ({ items }) => items ?? [],
  'io.k8s.api.authorization.v1.ExtraValue': ({ items }) => items ?? [],
  'io.k8s.api.certificates.v1.ExtraValue': ({ items }) => items ?? [],
};

function time({ seconds, nanos }: JsonObject): Json | undefined {
  if (seconds === undefined) return undefined;
  const second = timestamp(Number(seconds) * 1000);
  return nanos ? `${second.slice(0, -1)}.${String(Math.floor(Number(nanos) / 1000)).padStart(6, '0')}Z` : second;
}

function rawJson({ Raw, raw }: JsonObject): Json | undefined {
  const encoded = Raw ?? raw;
  return typeof encoded === 'string' ? (JSON.parse(text(fromBase64(encoded))) as Json) : undefined;
}

function decodeMessage(bytes: Uint8Array, name: string): Json | undefined {
  const message = messages[name];
  const out: Record<string, Json> = {};
  for (const field of new Reader(bytes).fields()) {
    const known = message?.[field.number];
    if (!known) continue;
    const [property, type] = known;
    if (type.startsWith('{}')) addEntry(out, property, field.bytes, type.slice(2));
    else if (type.startsWith('=')) Object.assign(out, decodeMessage(field.bytes, type.slice(1)));
    else if (type.startsWith('[]')) {
      const list = (out[property] ?? []) as Json[];
      list.push(...values(field, type.slice(2)));
      out[property] = list;
    } else {
      const value = values(field, type)[0];
      if (value !== undefined) out[property] = value;
    }
  }
  const special = SPECIAL[name];
  return special ? special(out) : out;
}

function addEntry(out: Record<string, Json>, property: string, bytes: Uint8Array, type: string): void {
  let key = '';
  let value: Json | undefined;
  for (const field of new Reader(bytes).fields()) {
    if (field.number === 1) key = text(field.bytes);
    else if (field.number === 2) value = values(field, type)[0];
  }
  const map = (out[property] ?? {}) as Record<string, Json>;
  map[key] = value ?? (messages[type] ? {} : '');
  out[property] = map;
}

type Field = ReturnType<Reader['field']>;

/** One value, or the many of a packed list of numbers. */
function values(field: Field, type: string): Json[] {
  switch (type) {
    case 'string':
      return [text(field.bytes)];
    case 'bytes':
      return [toBase64(field.bytes)];
    case 'bool':
      return [field.varint !== 0n];
    case 'int32':
    case 'int64':
      return field.packed().map((value) => Number(BigInt.asIntN(64, value)));
    default: {
      const value = decodeMessage(field.bytes, type);
      return value === undefined ? [] : [value];
    }
  }
}
