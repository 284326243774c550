/** A session as a link – its log, deflated, in the part of the address that no server sees – or as a file. */

import { base64url, fromBase64 } from '../../sandbox/api/base64.ts';
import { LogError, readLog } from '../../sandbox/channel/log.ts';
import type { SessionLog } from '../../sandbox/channel/messages.ts';
import { SESSION_HASH } from './session-notes.ts';

/** Longer addresses are cut by mail programs and chats. */
const LONGEST = 16_000;
/** What a session of days would come to, and no deflate bomb (bytes). */
const LARGEST = 64 * 1024 * 1024;

/** What was given is no session: `message` says why, in English. */
export class BrokenSession extends Error {}

/** The link's hash, or undefined when it would be too long. */
export async function toHash(log: SessionLog): Promise<string | undefined> {
  const bytes = await pipe(new TextEncoder().encode(JSON.stringify(log)), new CompressionStream('deflate-raw'));
  const hash = SESSION_HASH + base64url(bytes);
  return hash.length > LONGEST ? undefined : hash;
}

/** The session a link carries. Throws BrokenSession. */
export async function fromHash(hash: string): Promise<SessionLog> {
  let text: string;
  try {
    const bytes = await pipe(fromBase64(hash.slice(SESSION_HASH.length)), new DecompressionStream('deflate-raw'));
    text = new TextDecoder().decode(bytes);
  } catch {
    throw new BrokenSession('the link is cut, or was changed on its way');
  }
  return fromText(text);
}

/** As the file's text. */
export const toText = (log: unknown): string => `${JSON.stringify(log)}\n`;

/** The session a file holds. Throws BrokenSession. */
export async function fromFile(file: Blob): Promise<SessionLog> {
  if (file.size > LARGEST) throw new BrokenSession(`it is larger than ${LARGEST / 1024 / 1024} MB`);
  return fromText(await file.text());
}

function fromText(text: string): SessionLog {
  try {
    return readLog(JSON.parse(text));
  } catch (error) {
    if (error instanceof LogError) throw new BrokenSession(error.message);
    throw new BrokenSession('it is not a session of this lab');
  }
}

/** Throws when more comes out than any session holds. */
async function pipe(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream) {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > LARGEST) {
      await reader.cancel();
      throw new BrokenSession('it is too large');
    }
    parts.push(value as Uint8Array<ArrayBuffer>);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
