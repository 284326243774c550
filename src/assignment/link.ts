/** The form that makes a teacher's link (components/AssignmentLink.astro). */

import { toSearch } from './terms.ts';

const form = document.querySelector<HTMLFormElement>('[data-assignment-link]')!;
const fields = form.elements as unknown as Record<string, HTMLInputElement & HTMLSelectElement>;
const output = form.querySelector('output')!;
const said = form.querySelector<HTMLElement>('[role=status]')!;
const root = new URL(form.dataset.assignmentLink!, location.href);
const groups = [...form.querySelectorAll<HTMLOptGroupElement>('optgroup')];

/** Only the steps of the lesson that is chosen can be. */
function offerSteps(): void {
  const own = groups.find(({ dataset }) => dataset.of === fields.lesson!.value)!;
  fields.step!.replaceChildren(...[...own.children].map((option) => option.cloneNode(true)));
}

function show(): void {
  const { value: seed } = fields.seed!;
  const { value: until } = fields.until!;
  const { value: step } = fields.step!;
  const search = toSearch({
    ...(step !== '' && { step }),
    ...(seed !== '' && fields.seed!.validity.valid && { seed: Number(seed) }),
    hints: fields.hints!.checked ? 'hidden' : 'shown',
    solutions: fields.solutions!.checked ? 'hidden' : 'shown',
    // As the teacher's clock has it: the link names the instant.
    ...(until !== '' && { until: new Date(until).getTime() }),
  });
  output.textContent = new URL(`${fields.language!.value}/lessons/${fields.lesson!.value}/${search}`, root).href;
  said.textContent = '';
}

form.addEventListener('input', ({ target }) => {
  if (target === fields.lesson) offerSteps();
  show();
});
form.addEventListener('submit', (event) => {
  event.preventDefault();
  const copied = navigator.clipboard?.writeText(output.textContent!) ?? Promise.reject(new Error('no clipboard'));
  copied.then(
    () => (said.textContent = said.dataset.copied!),
    () => (said.textContent = said.dataset.notCopied!),
  );
});
offerSteps();
show();
