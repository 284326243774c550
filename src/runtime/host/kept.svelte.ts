/** The learner's folder `work/`, kept with the session: read after every change, but for what npm installs. */

import type { FileSystemTree, WebContainer } from '@webcontainer/api';
import { workFolder } from '../work-folder.ts';
import { WORK } from './home.ts';

/** Milliseconds of quiet after the last change. */
const AFTER = 500;
const LIMIT = 1_000_000;

export class Kept {
  /** How many files are kept now; undefined until the first time. */
  files = $state<number | undefined>();
  /** Files that did not fit within 1 MB. */
  left = $state.raw<readonly string[]>([]);
}

export const kept = new Kept();

export function keepFolder(container: WebContainer): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const save = async () => {
    clearTimeout(timer);
    try {
      const tree = await container.export(WORK, { format: 'json', excludes: ['**/node_modules/**'] });
      const { files, left } = fitting(filesOf(tree));
      await workFolder.save(files);
      kept.files = Object.keys(files).length;
      kept.left = left;
    } catch {
      // Changed while it was read, or the container is gone: what was kept last holds.
    }
  };
  container.fs.watch(WORK, { recursive: true }, (_, name) => {
    if (String(name).split('/').includes('node_modules')) return;
    clearTimeout(timer);
    timer = setTimeout(() => void save(), AFTER);
  });
  // The last chance before a page goes.
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) void save();
  });
  void save();
}

/** A tree's files by their path; links and what npm installs are left out. */
export function filesOf(tree: FileSystemTree, folder = ''): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  for (const [name, node] of Object.entries(tree)) {
    if ('directory' in node) {
      if (name !== 'node_modules') Object.assign(files, filesOf(node.directory, `${folder}${name}/`));
    } else if ('contents' in node.file) {
      const { contents } = node.file;
      files[folder + name] = typeof contents === 'string' ? new TextEncoder().encode(contents) : contents;
    }
  }
  return files;
}

/** The small ones first: one big file does not crowd out a folder of programs. */
export function fitting(all: Readonly<Record<string, Uint8Array>>): {
  files: Record<string, Uint8Array>;
  left: string[];
} {
  const files: Record<string, Uint8Array> = {};
  const left: string[] = [];
  let total = 0;
  for (const [path, contents] of Object.entries(all).sort(([, a], [, b]) => a.length - b.length)) {
    total += contents.length;
    if (total <= LIMIT) files[path] = contents;
    else left.push(path);
  }
  return { files, left };
}
