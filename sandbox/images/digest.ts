/** Digests of what the lab has no bytes for: the same name has the same digest in every world. */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** An OCI digest: `sha256:…`. */
export const digestOf = (name: string): string => `sha256:${bytesToHex(sha256(utf8ToBytes(name)))}`;
