/** A lesson page under a teacher's terms: what is hidden is hidden, and at its end nothing more is taken down. Loaded where an address has terms. */

import { assignment as words } from '../../sandbox/words/assignment.ts';
import { announce } from '../runtime/announce.ts';
import { lessons } from '../runtime/early.ts';
import { addStyle } from '../runtime/late-style.ts';
import type { LabSession } from '../runtime/session.svelte.ts';
import { travel } from '../runtime/travel.ts';
import { language } from '../runtime/words.ts';
import css from './assignment.css?inline';
import { inItsVariant } from './own-words.ts';
import { type Mistake, readTerms, type Terms, toSearch } from './terms.ts';

const t = words[language];
const MINUTE = 60_000;
/** Those who listen are told when so much is left (milliseconds). */
const TOLD = [10 * MINUTE, 5 * MINUTE, MINUTE];

/** The terms of this page's address; undefined where it has none. Other pages of the course are led to under the same terms. */
export async function takeUp(text: HTMLElement, session: LabSession): Promise<Terms | undefined> {
  const steps = [...text.querySelectorAll<HTMLElement>('[data-step]')].map(({ dataset }) => dataset.step!);
  const { terms, mistakes } = readTerms(location.search, steps);
  if (!terms) return undefined;
  addStyle(css);
  text.classList.toggle('hints-hidden', terms.hints === 'hidden');
  text.classList.toggle('solutions-hidden', terms.solutions === 'hidden');
  const { step: _, ...everywhere } = terms;
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[rel=next], a[rel=prev], a[data-to-lesson]'))
    link.search = toSearch(everywhere);
  travel.search = toSearch(everywhere);
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-language-switch]'))
    link.search = toSearch(terms);
  if (terms.seed !== undefined) inItsVariant(text, await lessons, terms.seed);
  show(text, session, terms, mistakes);
  return terms;
}

function show(text: HTMLElement, session: LabSession, terms: Terms, mistakes: readonly Mistake[]): void {
  const hidden = hiddenOf(terms);
  const place = document.createElement('section');
  place.className = 'assignment';
  place.setAttribute('aria-label', t.label);
  const line = (said: string) => {
    const paragraph = document.createElement('p');
    paragraph.textContent = said;
    place.append(paragraph);
    return paragraph;
  };
  for (const { name, value } of mistakes) line(t.mistake(name, value)).setAttribute('role', 'alert');
  const ends = terms.until === undefined ? undefined : line('');
  if (hidden) line(t.hidden[hidden]);
  if (place.childElementCount > 0) text.querySelector('article')!.prepend(place);
  if (ends) follow(terms.until!, ends, () => end(text, place, ends, session));
}

function hiddenOf({ hints, solutions }: Terms): 'hints' | 'solutions' | 'both' | undefined {
  if (hints === 'hidden') return solutions === 'hidden' ? 'both' : 'hints';
  return solutions === 'hidden' ? 'solutions' : undefined;
}

/** Says how much is left until the time has come. */
function follow(until: number, line: HTMLElement, onEnd: () => void): void {
  let before = Number.POSITIVE_INFINITY;
  const look = () => {
    const left = until - Date.now();
    const said = left > 0 ? t.ends(clockTime(until), leftOf(left)) : t.over(clockTime(until));
    if (line.textContent !== said) line.textContent = said;
    if (left <= 0 || TOLD.some((time) => left <= time && time < before && before !== Number.POSITIVE_INFINITY))
      announce(said);
    before = left;
    if (left > 0) return;
    clearInterval(timer);
    onEnd();
  };
  const timer = setInterval(look, 1_000);
  look();
}

/** The day is said where it is not today. */
function clockTime(at: number): string {
  const day = new Date(at).toDateString() === new Date().toDateString() ? {} : { month: 'short', day: 'numeric' };
  return new Intl.DateTimeFormat(language, {
    ...(day as Intl.DateTimeFormatOptions),
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at);
}

/** Rounded up: there is one more minute until there is none. */
function leftOf(left: number): string {
  const minutes = Math.ceil(left / MINUTE);
  if (minutes < 60) return t.minutes(minutes);
  if (minutes < 48 * 60) return t.hours(Math.floor(minutes / 60), minutes % 60);
  return t.days(Math.ceil(minutes / (24 * 60)));
}

function end(text: HTMLElement, place: HTMLElement, said: HTMLElement, session: LabSession): void {
  session.ended = true;
  const save = document.createElement('button');
  save.type = 'button';
  save.className = 'button';
  save.textContent = t.save;
  save.addEventListener('click', async () => {
    const log = session.log();
    if (log) (await import('../runtime/download.ts')).download(log, session.lesson);
  });
  place.replaceChildren(said, save);
  // Where who types looks.
  document.querySelector('#lab .terminals')?.before(place);
  for (const control of text.querySelectorAll<HTMLButtonElement | HTMLInputElement>(
    ':is([data-run], [data-skip], [data-show-me], [data-start-here], [data-again], [data-quiz] input)',
  ))
    control.disabled = true;
}
