/** The text of a lesson in a learner's own variant: what its blocks, outputs and code say is what the lab expects of them. */

import type { LessonDocument } from '../../sandbox/lesson/schema.ts';
import { changer, variantOf } from '../../sandbox/lesson/vary.ts';

export function inItsVariant(text: HTMLElement, lessons: readonly LessonDocument[], number: number): void {
  const change = changer(variantOf(lessons, number));
  if (!change) return;
  for (const block of text.querySelectorAll<HTMLElement>('[data-command]'))
    block.dataset.command = change(block.dataset.command!);
  // Lines of a block first: a word may lie across the pieces that it is coloured in. What is only read aloud has no code.
  for (const code of text.querySelectorAll<HTMLElement>('pre .line, pre, code, .ask-why .visually-hidden')) {
    const wanted = change(code.textContent);
    if (code.textContent === wanted) continue;
    const nodes = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
    while (nodes.nextNode()) {
      const node = nodes.currentNode as Text;
      node.data = change(node.data);
    }
    if (code.matches('.line') && code.textContent !== wanted) code.textContent = wanted;
  }
}
