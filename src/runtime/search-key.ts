/**
 * Opens the search: its button, Ctrl+Shift+K anywhere, Ctrl+K and `/` where nobody is typing (to a shell Ctrl+K cuts its line). A
 * reader may switch `/` off (WCAG 2.1.4). What the search needs comes with the first opening.
 */

import { readPreference } from './preferences.ts';

const button = document.querySelector<HTMLButtonElement>('[data-search]');

/** In a terminal, a field or an editor these keys are theirs. */
const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));

function asksForIt({ key, ctrlKey, metaKey, altKey, shiftKey, target }: KeyboardEvent): boolean {
  if (altKey) return false;
  if (key === '/') return !ctrlKey && !metaKey && !isTyping(target) && readPreference('slash') !== 'off';
  return key.toLowerCase() === 'k' && ctrlKey !== metaKey && (shiftKey || !isTyping(target));
}

/** What is typed while it is loaded for the first time. */
let typed: string | undefined;

async function open(): Promise<void> {
  if (typed !== undefined) return;
  typed = '';
  try {
    const { openSearch } = await import('../search/open.ts');
    openSearch(button!.dataset as { texts: string; kinds: string }, typed);
  } finally {
    typed = undefined;
  }
}

if (button) {
  button.addEventListener('click', () => void open());
  document.addEventListener('keydown', (event) => {
    if (typed !== undefined && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
      typed += event.key;
      event.preventDefault();
      return;
    }
    if (event.defaultPrevented || event.isComposing || !asksForIt(event)) return;
    if (document.querySelector('dialog[open]')) return;
    event.preventDefault();
    void open();
  });
}
