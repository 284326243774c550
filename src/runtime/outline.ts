/** The outline in a lesson's header, kept true: which step it is, what is done, and the way to any other. */

import type { Progress, StepState } from '../../sandbox/channel/messages.ts';
import type { Strings } from '../i18n/index.ts';
import { fillProgress, passedSteps } from './progress.ts';

/** What the outline has to know of a step. */
type Known = Pick<StepState, 'id' | 'passed' | 'open' | 'shown'>;

export class Outline {
  readonly #root = document.querySelector<HTMLDetailsElement>('[data-outline]');
  readonly #t: Strings;

  /** `onStep`: a step is gone to. */
  constructor(t: Strings, onStep: (id: string) => void) {
    this.#t = t;
    const root = this.#root;
    if (!root) return;
    this.#show(this.#remembered(root.dataset.outline!));
    root.addEventListener('toggle', () => root.open && fillProgress(root, t.site));
    root.addEventListener('keydown', ({ key }) => {
      if (key !== 'Escape' || !root.open) return;
      root.open = false;
      root.querySelector('summary')!.focus();
    });
    root.addEventListener('click', (event) => {
      const link = (event.target as Element).closest('a');
      if (!link) return;
      root.open = false;
      if (!link.getAttribute('href')!.startsWith('#') || event.ctrlKey || event.metaKey || event.shiftKey) return;
      // The browser's own way there would leave the focus nowhere.
      event.preventDefault();
      onStep(link.hash.slice(1));
    });
    // It closes as a menu does, when the reader turns to something else.
    for (const event of ['pointerdown', 'focusin'] as const)
      document.addEventListener(event, ({ target }) => {
        if (root.open && !root.contains(target as Node)) root.open = false;
      });
  }

  show({ steps }: Progress): void {
    this.#show(steps);
  }

  /** As it was last time, before the lab has answered. */
  #remembered(lesson: string): Known[] {
    const passed = passedSteps(lesson);
    const ids = this.#items.map((item) => item.dataset.outlineStep!);
    const open = ids.find((id) => !passed.includes(id));
    return ids.map((id) => ({ id, passed: passed.includes(id), open: id === open, shown: false }));
  }

  get #items(): HTMLElement[] {
    return [...this.#root!.querySelectorAll<HTMLElement>('[data-outline-step]')];
  }

  #show(steps: readonly Known[]): void {
    if (!this.#root) return;
    const { lesson, site } = this.#t;
    const items = this.#items;
    const known = new Map(steps.map((step) => [step.id, step]));
    for (const item of items) {
      const { passed = false, shown = false, open = false } = known.get(item.dataset.outlineStep!) ?? {};
      item.toggleAttribute('data-passed', passed);
      const word = passed ? (shown ? lesson.shown : lesson.passed) : open ? lesson.open : lesson.outline.closed;
      item.querySelector('[data-outline-state]')!.textContent = word;
    }
    const required = items.filter((item) => 'required' in item.dataset);
    const current = required.find((item) => !('passed' in item.dataset));
    for (const item of items) item.toggleAttribute('data-current', item === current);
    const done = required.filter((item) => 'passed' in item.dataset).length;
    this.#root.querySelector('[data-outline-done]')!.textContent = site.stepsDone(done, required.length);
    this.#root.querySelector('[data-outline-now]')!.textContent = current?.dataset.now ?? site.done;
    this.#root.querySelector('[data-outline-title]')!.textContent = current?.querySelector('a')?.textContent ?? '';
  }
}
