/** A session as a link: its log, deflated, in the part of the address that no server sees. */

import type { SessionLog } from '../../sandbox/channel/messages.ts';

const prefix = '#session=';
/** Longer addresses are cut by mail programs and chats. */
const LONGEST = 16_000;

/** The link's hash, or undefined when it would be too long. */
export async function toHash(log: SessionLog): Promise<string | undefined> {
  const bytes = await pipe(new TextEncoder().encode(JSON.stringify(log)), new CompressionStream('deflate-raw'));
  const hash = prefix + base64url(bytes);
  return hash.length > LONGEST ? undefined : hash;
}

/** The session a link carries; undefined when there is none, or it came damaged. */
export async function fromHash(hash: string): Promise<SessionLog | undefined> {
  if (!hash.startsWith(prefix)) return undefined;
  try {
    const bytes = await pipe(fromBase64url(hash.slice(prefix.length)), new DecompressionStream('deflate-raw'));
    const log: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isSessionLog(log) ? log : undefined;
  } catch {
    return undefined;
  }
}

function isSessionLog(value: unknown): value is SessionLog {
  if (typeof value !== 'object' || value === null) return false;
  const log = value as Partial<SessionLog>;
  return (
    log.version === 1 &&
    Number.isInteger(log.seed) &&
    typeof log.until === 'number' &&
    typeof log.start?.lesson === 'string' &&
    Array.isArray(log.entries) &&
    log.entries.every((entry) => typeof entry?.at === 'number' && typeof entry.type === 'string')
  );
}

async function pipe(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}

function base64url(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
}
