/** What a teacher drops or chooses, down to the session logs in it: files, folders, archives. */

import { ArchiveError, isZip, type LogFile, logsIn, mayHoldLogs } from '../../../sandbox/grading/unpack.ts';

export interface Given {
  /** With the folders it lay in. */
  readonly path: string;
  readonly file: File;
}

export interface Unpacked {
  readonly logs: readonly LogFile[];
  /** What could not be read, and why. */
  readonly problems: readonly { readonly file: string; readonly why: string }[];
}

/** Must be called while the drop is heard: its items are gone after that. */
export async function dropped(transfer: DataTransfer): Promise<Given[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry());
  const files = [...transfer.files];
  const found = await Promise.all(entries.map((entry) => (entry ? within(entry, '') : [])));
  return entries.some(Boolean) ? found.flat() : files.map((file) => ({ path: file.name, file }));
}

export const chosen = (files: FileList): Given[] =>
  [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));

/** A file that was named is read whatever it is called, unless it lay in a folder. */
export async function unpack(given: readonly Given[]): Promise<Unpacked> {
  const logs: LogFile[] = [];
  const problems: { file: string; why: string }[] = [];
  for (const { path, file } of given) {
    if (!mayHoldLogs(path)) continue;
    try {
      logs.push(
        ...(isZip(path)
          ? logsIn(path, new Uint8Array(await file.arrayBuffer()))
          : [{ source: path, text: await file.text() }]),
      );
    } catch (error) {
      if (!(error instanceof ArchiveError) && !(error instanceof DOMException)) throw error;
      problems.push({ file: path, why: error.message });
    }
  }
  return { logs, problems };
}

async function within(entry: FileSystemEntry, folder: string): Promise<Given[]> {
  const path = folder + entry.name;
  if (entry.isFile)
    return new Promise((resolve, reject) =>
      (entry as FileSystemFileEntry).file((file) => resolve([{ path, file }]), reject),
    );
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const inside: FileSystemEntry[] = [];
  // It gives a hundred at a time, and none when there are no more.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) break;
    inside.push(...some);
  }
  return (await Promise.all(inside.map((one) => within(one, `${path}/`)))).flat();
}
