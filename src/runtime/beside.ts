/** What of a lesson page can wait until one can type: the outline, the splitter between text and lab, and sessions' files dropped on the page. */

import type { Strings } from '../i18n/index.ts';
import { Outline } from './outline.ts';
import { setUpSplitter } from './splitter.ts';

/** What of the lab it acts on. */
export interface DropTarget {
  tell(text: string): void;
  takeIn(file: File): Promise<void>;
}

/** `goTo`: a step is gone to. */
export function setUpBeside(lab: DropTarget, t: Strings, goTo: (step: string) => void): Outline {
  setUpSplitter(document.getElementById('splitter')!);
  // A session's file may be dropped anywhere on the page.
  for (const event of ['dragover', 'drop'] as const)
    document.addEventListener(event, (dragged) => {
      if (!dragged.dataTransfer?.types.includes('Files')) return;
      dragged.preventDefault();
      if (event === 'dragover') lab.tell(t.lab.dropHere);
      const file = dragged.dataTransfer.files[0];
      if (event === 'drop' && file) void lab.takeIn(file);
    });
  return new Outline(t, goTo);
}
