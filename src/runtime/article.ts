/** The text beside the lab: its buttons, and the ledger that follows the cluster. */

import type { CheckpointState, Input, Progress, StepState } from '../../sandbox/channel/messages.ts';
import type { Strings } from '../i18n/index.ts';
import { inlineHtml } from '../i18n/inline.ts';
import { announce } from './announce.ts';
import { passedSteps } from './progress.ts';
import { newsOf, type StepNews, type StepTexts } from './step-news.ts';
import { linesByHost, wasTyped } from './typed-lines.ts';

/** What the text asks of the lab. */
export interface ArticleActions {
  /** `inside`: what the block is meant for on that host, where that is not its prompt. */
  run(host: string, command: string, inside: string | undefined): void;
  /** The hand goes on at the keyboard. */
  toTerminal(): void;
  skip(ms: number): void;
  showSolution(step: string): void;
  answer(step: string, question: string, choice: number): void;
  jump(step: string): void;
  /** What is to be said where the reader's eyes are. */
  news(news: StepNews): void;
  /** Of a checkpoint that is red; `says` names it. */
  why(step: string, checkpoint: string, says: string): void;
}

export class Article {
  readonly #root: HTMLElement;
  readonly #t: Strings['lesson'];
  readonly #steps: readonly HTMLElement[];
  readonly #actions: ArticleActions;
  #last: Progress | undefined;
  #news: StepNews | undefined;

  constructor(root: HTMLElement, lesson: string, t: Strings['lesson'], actions: ArticleActions) {
    this.#root = root;
    this.#t = t;
    this.#steps = [...root.querySelectorAll<HTMLElement>('[data-step]')];
    this.#openKnown(passedSteps(lesson));
    this.#hintsInTurn();
    this.#actions = actions;
    root.addEventListener('click', (event) => void this.#click(event));
    root.addEventListener('change', (event) => this.#choose(event));
  }

  /** Follows the lab's word on what has passed. */
  show(progress: Progress): void {
    for (const state of progress.steps) {
      const section = this.#section(state.id);
      if (section)
        this.#showStep(
          section,
          state,
          this.#last?.steps.find(({ id }) => id === state.id),
        );
    }
    this.#news = newsOf(progress, this.#last, this.#news, this.#texts);
    this.#last = progress;
    this.#actions.news(this.#news);
  }

  /** Another world stands: what has become true in the one before is no news of it. */
  forget(): void {
    this.#last = this.#news = undefined;
  }

  /** The reader goes there, whatever was open in the text. `missing` selects what of the step is to be seen: a checkpoint, a question. */
  goTo(step: string, missing?: string): void {
    const section = this.#section(step);
    const place = missing === undefined ? undefined : section?.querySelector<HTMLElement>(missing);
    if (place) place.scrollIntoView({ block: 'center' });
    else section?.scrollIntoView();
    section?.querySelector<HTMLElement>('h2')?.focus({ preventScroll: true });
  }

  readonly #texts: StepTexts = {
    title: (step) => titleOf(this.#section(step)),
    says: (step, checkpoint) => this.#says(this.#section(step)?.querySelector(`[data-checkpoint="${checkpoint}"]`)),
    optional: (step) => this.#section(step)?.hasAttribute('data-optional') ?? false,
  };

  #says(item: Element | null | undefined): string {
    return item?.querySelector('.says > span')?.textContent?.trim() ?? '';
  }

  /** Marks the blocks that were run, by their button or by hand. */
  markTyped(entries: readonly Input[]): void {
    const typed = linesByHost(entries);
    for (const code of this.#root.querySelectorAll<HTMLElement>('[data-code][data-host]'))
      code.toggleAttribute('data-ran', wasTyped(blockOf(code), typed.get(code.dataset.host!)));
  }

  /** Everything may be read when there is no lab to open it. */
  openAll(): void {
    for (const section of this.#steps) section.toggleAttribute('data-open', true);
  }

  #section(step: string): HTMLElement | undefined {
    return this.#steps.find((section) => section.dataset.step === step);
  }

  /** Opens what was open last time, before the lab has answered. */
  #openKnown(passed: readonly string[]): void {
    const reached = this.#steps.findIndex((section) => !passed.includes(section.dataset.step!));
    this.#steps.forEach((section, index) => {
      section.toggleAttribute('data-open', reached < 0 || index <= reached);
      section.toggleAttribute('data-passed', passed.includes(section.dataset.step!));
    });
  }

  #showStep(section: HTMLElement, state: StepState, before: StepState | undefined): void {
    section.toggleAttribute('data-open', state.open || state.passed);
    section.toggleAttribute('data-passed', state.passed);
    section.toggleAttribute('data-shown', state.shown);
    const word = section.querySelector('[data-step-state]');
    if (word) word.textContent = this.#stateWord(state);
    for (const checkpoint of state.checkpoints) {
      const known = before?.checkpoints.find(({ id }) => id === checkpoint.id);
      this.#showCheckpoint(section, checkpoint, known, state.open && state.tried);
    }
    for (const quiz of section.querySelectorAll<HTMLElement>('[data-quiz]')) {
      const choice = state.answers[quiz.dataset.quiz!];
      if (choice === undefined) this.#clearAnswer(quiz);
      else this.#showAnswer(section, quiz.dataset.quiz!, choice);
    }
    if (before && state.passed && !before.passed) announce(this.#t.stepPassed(titleOf(section)));
  }

  #stateWord({ passed, shown, open, checkpoints }: StepState): string {
    if (passed) return shown ? this.#t.shown : this.#t.passed;
    const met = checkpoints.filter((checkpoint) => checkpoint.passed).length;
    return open && met > 0 ? this.#t.ofAll(met, checkpoints.length) : '';
  }

  #showCheckpoint(
    section: HTMLElement,
    state: CheckpointState,
    before: CheckpointState | undefined,
    /** The step is open, and a command was given in it. */
    tried: boolean,
  ): void {
    const item = section.querySelector<HTMLElement>(`[data-checkpoint="${state.id}"]`);
    if (!item) return;
    item.toggleAttribute('data-passed', state.passed);
    const word = item.querySelector('[data-checkpoint-state]');
    if (word) word.textContent = state.passed ? `(${this.#t.passed})` : '';
    const reason = item.querySelector<HTMLElement>('[data-reason]');
    if (reason) {
      reason.hidden = state.passed || !tried || state.message === '';
      reason.toggleAttribute('data-wrong', state.wrong);
      item.querySelector('[data-ask-why]')?.toggleAttribute('hidden', reason.hidden);
      if (state.message !== before?.message) reason.innerHTML = inlineHtml(state.message);
    }
    if (before && state.passed && !before.passed) announce(this.#t.checkpointPassed(this.#says(item)));
  }

  #showAnswer(section: HTMLElement, question: string, choice: number): void {
    const quiz = section.querySelector<HTMLElement>(`[data-quiz="${question}"]`);
    const input = quiz?.querySelector<HTMLInputElement>(`input[value="${choice}"]`);
    if (!quiz || !input) return;
    input.checked = true;
    for (const why of quiz.querySelectorAll<HTMLElement>('[data-why]')) {
      why.toggleAttribute('data-chosen', why.dataset.why === String(choice));
    }
  }

  #clearAnswer(quiz: HTMLElement): void {
    for (const input of quiz.querySelectorAll<HTMLInputElement>('input:checked')) input.checked = false;
    for (const why of quiz.querySelectorAll('[data-chosen]')) why.removeAttribute('data-chosen');
  }

  /** The second hint shows itself when the first has been read. */
  #hintsInTurn(): void {
    for (const item of this.#root.querySelectorAll('[data-checkpoint]')) {
      const hints = [...item.querySelectorAll<HTMLDetailsElement>('[data-hint]')];
      hints.slice(1).forEach((hint, index) => {
        hint.hidden = true;
        hints[index]!.addEventListener('toggle', () => (hint.hidden = false), { once: true });
      });
    }
  }

  async #click(event: MouseEvent): Promise<void> {
    const actions = this.#actions;
    const button = (event.target as Element).closest<HTMLElement>('button');
    if (!button) return;
    const step = button.closest<HTMLElement>('[data-step]')?.dataset.step;
    const code = button.closest<HTMLElement>('[data-code]');
    if ('copy' in button.dataset) await this.#copy(button, textOf(code!));
    else if ('run' in button.dataset) {
      actions.run(code!.dataset.host!, blockOf(code!), code!.dataset.in);
      // A sheet that opens for it covers the lower half of the text.
      requestAnimationFrame(() => code!.scrollIntoView({ block: 'nearest' }));
      // After a mouse's click, not after a key (the reader's place in the text is kept) or a touch (no keyboard comes up).
      if (event.detail > 0 && matchMedia('(pointer: fine)').matches) actions.toTerminal();
    } else if (button.dataset.skip) actions.skip(Number(button.dataset.skip));
    else if (!step) return;
    else if ('askWhy' in button.dataset) {
      const item = button.closest<HTMLElement>('[data-checkpoint]')!;
      actions.why(step, item.dataset.checkpoint!, item.querySelector('.says > span')?.textContent?.trim() ?? '');
    } else if ('showMe' in button.dataset) actions.showSolution(step);
    // Nothing is lost by it: the session of before is kept.
    else if ('startHere' in button.dataset || 'again' in button.dataset) actions.jump(step);
  }

  async #copy(button: HTMLElement, text: string): Promise<void> {
    await navigator.clipboard.writeText(`${text}\n`);
    const label = button.textContent;
    button.textContent = button.dataset.copied ?? '';
    announce(button.dataset.copied ?? '');
    setTimeout(() => (button.textContent = label), 1_500);
  }

  #choose(event: Event): void {
    const input = event.target as HTMLInputElement;
    const quiz = input.closest<HTMLElement>('[data-quiz]');
    if (!quiz) return;
    this.#actions.answer(quiz.dataset.quizStep!, quiz.dataset.quiz!, Number(input.value));
    this.#showAnswer(this.#root, quiz.dataset.quiz!, Number(input.value));
    const why = quiz.querySelector('[data-why][data-chosen]');
    if (why?.textContent) announce(why.textContent.replace(/\s+/g, ' ').trim());
  }
}

const textOf = (code: HTMLElement): string => code.querySelector('pre')?.textContent?.replace(/\n+$/, '') ?? '';

/** What is typed for it: a manifest is written by a command of its own. */
const blockOf = (code: HTMLElement): string => code.dataset.command ?? textOf(code);

const titleOf = (section: HTMLElement | undefined): string =>
  section?.querySelector('h2 > span')?.textContent?.trim() ?? '';
