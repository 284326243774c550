/** Digests of what the lab has no bytes for: the same name has the same digest in every world. */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

const known = new Map<string, string>();
/** A lab has few images, and asks for theirs with every container. */
const REMEMBERED = 512;

/** An OCI digest: `sha256:…`. */
export function digestOf(name: string): string {
  let digest = known.get(name);
  if (digest === undefined) {
    digest = `sha256:${bytesToHex(sha256(utf8ToBytes(name)))}`;
    if (known.size === REMEMBERED) known.clear();
    known.set(name, digest);
  }
  return digest;
}
