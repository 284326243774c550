/** Base64 as the API, kubeconfigs and YAML's `!!binary` have it, and its alphabet for URLs (RFC 4648). base64(1) is a program of its own: chunk by chunk. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES: ReadonlyMap<string, number> = new Map([
  ...[...ALPHABET].map((letter, value) => [letter, value] as const),
  ['-', 62],
  ['_', 63],
]);

/** Of either alphabet. What is no letter of it counts for nothing: who must refuse it looks before. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const letter of text) {
    const value = VALUES.get(letter);
    if (value === undefined) continue;
    held = (held << 6) | value;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out[at++] = (held >> bits) & 0xff;
  }
  return out.slice(0, at);
}

export function toBase64(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const word = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const letters = Math.min(4, bytes.length - i + 1);
    for (let k = 0; k < 4; k++) out += k < letters ? ALPHABET[(word >> (18 - 6 * k)) & 63] : '=';
  }
  return out;
}

/** Where text is no unpadded base64 for URLs, as Go's decoder counts; -1 if it is. */
export function illegalBase64url(text: string): number {
  const at = text.search(/[^A-Za-z0-9_-]/);
  return at < 0 && text.length % 4 === 1 ? text.length - 1 : at;
}

/** For URLs and tokens, without padding. */
export const base64url = (data: string | Uint8Array): string =>
  toBase64(typeof data === 'string' ? new TextEncoder().encode(data) : data)
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
