/** A here-document as an open file: what bash keeps in a pipe that it has filled beforehand. */

import { encodeBytes } from '../byte-text.ts';
import { Errno } from '../errno.ts';
import type { OpenFile } from '../process.ts';

export function textFile(text: string, now: number): OpenFile {
  const bytes = encodeBytes(text);
  let offset = 0;
  return {
    *read(max = bytes.length) {
      const chunk = bytes.subarray(offset, offset + max);
      offset += chunk.length;
      return chunk;
    },
    *write() {
      throw new Errno('EBADF');
    },
    *stat() {
      const times = { atime: now, mtime: now, ctime: now };
      return { dev: 14, ino: 1, type: 'fifo', mode: 0o600, nlink: 1, uid: 0, gid: 0, size: 0, blocks: 0, ...times };
    },
    readable: (resume) => {
      resume();
      return undefined;
    },
    retain() {},
    release() {},
  };
}
