/** Messages over a byte stream: JSON text sequences (RFC 7464), each a record separator, the text, a line feed. */

const RECORD_SEPARATOR = '\x1e';

export const frame = (message: unknown): string => `${RECORD_SEPARATOR}${JSON.stringify(message)}\n`;

/** Feeds text as it arrives, in pieces of any size, and calls back with each whole message; what is no message is skipped. */
export function unframe(onMessage: (message: unknown) => void): (text: string) => void {
  let pending = '';
  return (text) => {
    pending += text;
    for (;;) {
      const start = pending.indexOf(RECORD_SEPARATOR);
      if (start === -1) {
        pending = '';
        return;
      }
      const end = pending.indexOf('\n', start);
      if (end === -1) {
        pending = pending.slice(start);
        return;
      }
      const record = pending.slice(start + 1, end);
      pending = pending.slice(end + 1);
      const message = parse(record);
      if (message !== undefined) onMessage(message);
    }
  };
}

/** A torn record (RFC 7464, section 2.3) is dropped; the next separator begins anew. */
function parse(record: string): unknown {
  try {
    return JSON.parse(record) as unknown;
  } catch {
    return undefined;
  }
}
