/** What is said at the terminal's edge of the step that is open: what has just become true, and what comes next. */

import type { Progress, StepState } from '../../sandbox/channel/messages.ts';
import { plainText } from '../i18n/inline.ts';

/** The page's words for steps and checkpoints, as plain text. */
export interface StepTexts {
  title(step: string): string;
  says(step: string, checkpoint: string): string;
  /** The lesson is done without it. */
  optional(step: string): boolean;
}

/** What has just become true. */
export type Done =
  | { readonly kind: 'checkpoint'; readonly says: string }
  | { readonly kind: 'step'; readonly number: number; readonly shown: boolean }
  | { readonly kind: 'lesson' };

/** What comes next. */
export type Next =
  | {
      readonly kind: 'checkpoint';
      readonly step: string;
      readonly checkpoint: string;
      readonly says: string;
      /** Why what was done did not lead there; '' unless something was. */
      readonly wrong: string;
    }
  /** All is done but its question. */
  | { readonly kind: 'question'; readonly step: string }
  | {
      readonly kind: 'step';
      readonly step: string;
      readonly number: number;
      readonly title: string;
      readonly optional: boolean;
    };

export interface StepNews {
  /** Undefined when nothing has become true since the page was opened. */
  readonly done: Done | undefined;
  /** Undefined when all there is has been done. */
  readonly next: Next | undefined;
}

/** `news` is what was said of `before`; it stands until something else has become true. */
export function newsOf(
  progress: Progress,
  before: Progress | undefined,
  news: StepNews | undefined,
  texts: StepTexts,
): StepNews {
  return { done: doneSince(progress, before, news, texts), next: nextOf(progress, texts) };
}

function doneSince(
  { lesson, steps }: Progress,
  before: Progress | undefined,
  news: StepNews | undefined,
  texts: StepTexts,
): Done | undefined {
  if (before?.lesson !== lesson) return undefined;
  const known = (step: Pick<StepState, 'id'>) => before.steps.find(({ id }) => id === step.id);
  // The world was taken back to before it.
  if (steps.some((step) => !step.passed && known(step)?.passed)) return undefined;
  const passed = steps.findLast((step) => step.passed && known(step)?.passed === false);
  if (passed) {
    const required = steps.filter(({ id }) => !texts.optional(id));
    if (required.every((step) => step.passed) && !texts.optional(passed.id)) return { kind: 'lesson' };
    return { kind: 'step', number: steps.indexOf(passed) + 1, shown: passed.shown };
  }
  for (const step of steps) {
    const then = known(step)?.checkpoints;
    const met = step.checkpoints.findLast(
      (one) => one.passed && then?.some(({ id, passed }) => id === one.id && !passed),
    );
    if (met) return { kind: 'checkpoint', says: texts.says(step.id, met.id) };
  }
  const lost = steps.some(({ checkpoints, ...step }) =>
    checkpoints.some(
      (one) => !one.passed && known(step)?.checkpoints.some(({ id, passed: was }) => id === one.id && was),
    ),
  );
  if (lost) return undefined;
  // Of a step that lies behind nobody speaks once the next was begun.
  const begun = steps.find((step) => !step.passed)?.tried;
  return begun && news?.done?.kind !== 'checkpoint' ? undefined : news?.done;
}

function nextOf({ steps }: Progress, texts: StepTexts): Next | undefined {
  const index = steps.findIndex((step) => !step.passed);
  const step = steps[index];
  if (!step) return undefined;
  const missing = step.checkpoints.filter(({ passed }) => !passed);
  const first = missing.find(({ wrong }) => wrong) ?? missing[0];
  // A step that was begun is told by what it still misses, another by its title.
  if (first && (step.tried || missing.length < step.checkpoints.length)) {
    const wrong = first.wrong ? plainText(first.message) : '';
    return { kind: 'checkpoint', step: step.id, checkpoint: first.id, says: texts.says(step.id, first.id), wrong };
  }
  if (!first && step.tried) return { kind: 'question', step: step.id };
  return {
    kind: 'step',
    step: step.id,
    number: index + 1,
    title: texts.title(step.id),
    optional: texts.optional(step.id),
  };
}
