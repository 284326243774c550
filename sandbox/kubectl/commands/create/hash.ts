/** The name suffix of --append-hash: SHA-256 of the content, in Kubernetes' safe letters (kubectl pkg/util/hash/hash.go). */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { compactJson } from '../../printers/json.ts';
import type { KObject } from '../../resource/info.ts';
import { encode } from '../../text.ts';

export function appendHash(object: KObject): KObject {
  return { ...object, metadata: { ...object.metadata, name: `${object.metadata?.name ?? ''}-${hashOf(object)}` } };
}

export function hashOf(object: KObject): string {
  const { data = '', binaryData, type = '' } = object;
  const name = object.metadata?.name ?? '';
  const fields =
    object.kind === 'ConfigMap'
      ? { ...(binaryData ? { binaryData } : {}), data, kind: 'ConfigMap', name }
      : { data, kind: 'Secret', name, type };
  const hex = bytesToHex(sha256(encode(compactJson(fields))));
  const letters: Readonly<Record<string, string>> = { '0': 'g', '1': 'h', '3': 'k', a: 'm', e: 't' };
  return [...hex.slice(0, 10)].map((c) => letters[c] ?? c).join('');
}
