/** The session logs among files: as they are, or in zip archives. */

import { strFromU8, unzipSync } from 'fflate';

export interface LogFile {
  readonly source: string;
  readonly text: string;
}

/** No session of days comes near it, and no class either (bytes): an archive that says more is not opened. */
const LARGEST_LOG = 64 * 1024 * 1024;
const LARGEST_ARCHIVE = 512 * 1024 * 1024;

/** Whether a file may hold logs, by its name; what systems put beside one's files does not. */
export const mayHoldLogs = (path: string): boolean =>
  /\.(json|zip)$/i.test(path) && !path.split('/').some((part) => part.startsWith('.') || part === '__MACOSX');

export const isZip = (path: string): boolean => /\.zip$/i.test(path);

/** What cannot be unpacked: `message` says why. */
export class ArchiveError extends Error {}

/** The logs that one file holds, by their paths. Throws ArchiveError. */
export function logsIn(source: string, bytes: Uint8Array): LogFile[] {
  if (!isZip(source)) return [{ source, text: new TextDecoder().decode(bytes) }];
  let total = 0;
  try {
    const files = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (!mayHoldLogs(name) || isZip(name)) return false;
        total += originalSize;
        if (originalSize > LARGEST_LOG || total > LARGEST_ARCHIVE)
          throw new ArchiveError(`${name} unpacks to more than any session holds`);
        return true;
      },
    });
    return Object.entries(files).map(([path, content]) => ({ source: `${source}/${path}`, text: strFromU8(content) }));
  } catch (error) {
    if (error instanceof ArchiveError) throw error;
    throw new ArchiveError(`it is no zip archive that can be read (${(error as Error).message})`);
  }
}
