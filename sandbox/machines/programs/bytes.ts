/** What programs need of bytes: as text and back without loss, and put together. */

export { ByteDecoder, decodeBytes as decode, encodeBytes as encode } from '../byte-text.ts';

export function joined(
  parts: readonly Uint8Array[],
  size = parts.reduce((sum, part) => sum + part.length, 0),
): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
