/** How far a lab is, as the page around it is told. */

import type { Progress } from '../../sandbox/channel/messages.ts';
import type { Frontmatter } from '../../sandbox/lesson/schema.ts';
import { plainText } from '../i18n/inline.ts';
import type { FromLab, LabStep } from './protocol.ts';

/** `steps`: those that the frame is about, all of which must be done. */
export function progressSaid(
  progress: Progress,
  text: Frontmatter,
  steps: readonly string[],
): Extract<FromLab, { type: 'progress' }> {
  const said = steps.flatMap((id): LabStep[] => {
    const state = progress.steps.find((one) => one.id === id);
    const words = text.steps[id];
    if (!state || !words) return [];
    const checkpoints = state.checkpoints.map(({ id: checkpoint, passed }) => ({
      id: checkpoint,
      says: plainText(words.checkpoints[checkpoint]?.says ?? ''),
      passed,
    }));
    return [{ id, title: plainText(words.title), passed: state.passed, shown: state.shown, checkpoints }];
  });
  return {
    type: 'progress',
    lesson: progress.lesson,
    steps: said,
    done: said.length > 0 && said.every(({ passed }) => passed),
  };
}
