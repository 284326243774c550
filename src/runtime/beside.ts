/** What of a lesson page can wait until one can type: the splitter between text and lab, and sessions' files dropped on the page. */

import { setUpSplitter } from './splitter.ts';

/** What of the lab it acts on. */
export interface DropTarget {
  tell(text: string): void;
  takeIn(file: File): Promise<void>;
}

export function setUpBeside(lab: DropTarget, dropHere: string): void {
  setUpSplitter(document.getElementById('splitter')!);
  // A session's file may be dropped anywhere on the page.
  for (const event of ['dragover', 'drop'] as const)
    document.addEventListener(event, (dragged) => {
      if (!dragged.dataTransfer?.types.includes('Files')) return;
      dragged.preventDefault();
      if (event === 'dragover') lab.tell(dropHere);
      const file = dragged.dataTransfer.files[0];
      if (event === 'drop' && file) void lab.takeIn(file);
    });
}
