/** The name suffix of --append-hash: SHA-256 of the content, in Kubernetes' safe letters (kubectl pkg/util/hash/hash.go). */

import { compactJson } from '../../printers/json.ts';
import type { KObject } from '../../resource/info.ts';
import { encode } from '../../text.ts';

export function appendHash(object: KObject): KObject {
  const { data = '', binaryData, type = '' } = object;
  const name = object.metadata?.name ?? '';
  const fields =
    object.kind === 'ConfigMap'
      ? { ...(binaryData ? { binaryData } : {}), data, kind: 'ConfigMap', name }
      : { data, kind: 'Secret', name, type };
  const hex = sha256(encode(compactJson(fields)));
  const letters: Readonly<Record<string, string>> = { '0': 'g', '1': 'h', '3': 'k', a: 'm', e: 't' };
  const suffix = [...hex.slice(0, 10)].map((c) => letters[c] ?? c).join('');
  return { ...object, metadata: { ...object.metadata, name: `${name}-${suffix}` } };
}

const K = constants();

function constants(): Uint32Array {
  const primes: number[] = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p !== 0)) primes.push(n);
  return Uint32Array.from(primes, (p) => Math.floor((Math.cbrt(p) % 1) * 2 ** 32));
}

const rotate = (x: number, n: number): number => (x >>> n) | (x << (32 - n));

function sha256(message: Uint8Array): string {
  const h = Uint32Array.from([2, 3, 5, 7, 11, 13, 17, 19], (p) => Math.floor((Math.sqrt(p) % 1) * 2 ** 32));
  const length = Math.ceil((message.length + 9) / 64) * 64;
  const bytes = new Uint8Array(length);
  bytes.set(message);
  bytes[message.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setUint32(length - 4, message.length * 8);
  const w = new Uint32Array(64);
  for (let at = 0; at < length; at += 64) {
    for (let i = 0; i < 16; i++) w[i] = view.getUint32(at + i * 4);
    for (let i = 16; i < 64; i++) {
      const s0 = rotate(w[i - 15]!, 7) ^ rotate(w[i - 15]!, 18) ^ (w[i - 15]! >>> 3);
      const s1 = rotate(w[i - 2]!, 17) ^ rotate(w[i - 2]!, 19) ^ (w[i - 2]! >>> 10);
      w[i] = w[i - 16]! + s0 + w[i - 7]! + s1;
    }
    round(h, w);
  }
  return [...h].map((x) => x.toString(16).padStart(8, '0')).join('');
}

function round(h: Uint32Array, w: Uint32Array): void {
  let [a, b, c, d, e, f, g, last] = h as unknown as [number, number, number, number, number, number, number, number];
  for (let i = 0; i < 64; i++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (last + s1 + ((e & f) ^ (~e & g)) + K[i]! + w[i]!) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [last, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
  }
  [a, b, c, d, e, f, g, last].forEach((value, i) => {
    h[i] = h[i]! + value;
  });
}
