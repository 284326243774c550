/** The hash that discovery gives for the version in which a kind is stored (apiserver pkg/endpoints/discovery/storageversionhash.go). */

import { sha256 } from '@noble/hashes/sha2.js';
import { toBase64 } from '../base64.ts';

/** Eight bytes of SHA-256 over `group/version/kind`, in base64. */
export function storageVersionHash(group: string, version: string, kind: string): string {
  const digest = sha256(new TextEncoder().encode(`${group}/${version}/${kind}`));
  return toBase64(digest.subarray(0, 8));
}
