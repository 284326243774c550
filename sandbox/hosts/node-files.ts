/** The files of this machine as kubectl's code reads and writes them. */

import * as fs from 'node:fs';
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { Files } from '../kubectl/environment.ts';

/** Go's error texts for the system calls that kubectl's users meet. */
const WORDS: Record<string, string> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EISDIR: 'is a directory',
  ENOTDIR: 'not a directory',
  EEXIST: 'file exists',
};

export const files: Files = {
  cwd: process.cwd(),
  home: homedir(),
  *read(path) {
    return attempt(() => new Uint8Array(fs.readFileSync(resolve(path))));
  },
  *write(path, data, mode = 0o644) {
    attempt(() => {
      fs.mkdirSync(dirname(resolve(path)), { recursive: true });
      fs.writeFileSync(resolve(path), data, { mode });
    });
  },
  *list(path) {
    return attempt(() => fs.readdirSync(resolve(path)));
  },
  *stat(path) {
    const stat = attempt(() => fs.statSync(resolve(path), { throwIfNoEntry: false }));
    return stat && { directory: stat.isDirectory(), size: stat.size, mode: stat.mode & 0o7777, mtime: stat.mtimeMs };
  },
  *makeDirectory(path) {
    attempt(() => fs.mkdirSync(resolve(path), { recursive: true }));
  },
  *remove(path) {
    attempt(() => fs.rmSync(resolve(path), { recursive: true }));
  },
};

function attempt<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw new Error(WORDS[code] ?? (error as Error).message);
  }
}
