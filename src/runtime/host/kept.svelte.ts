/** The learner's folder `work/`, kept with the session: read after every change, but for what npm installs. */

import type { WebContainer } from '@webcontainer/api';
import { workFolder } from '../work-folder.ts';
import { WORK } from './home.ts';
import { filesOf, fitting } from './work-files.ts';

/** Milliseconds of quiet after the last change. */
const AFTER = 500;

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
