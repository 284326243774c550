/** Opens the search: its button, Ctrl+K, or `/` where nobody is typing. What it needs comes with the first opening. */

const button = document.querySelector<HTMLButtonElement>('[data-search]');

/** In a terminal, a field or an editor these keys are letters. */
const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));

const asksForIt = ({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean =>
  (key === '/' && !ctrlKey && !metaKey && !altKey) || (key === 'k' && ctrlKey !== metaKey && !altKey && !shiftKey);

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
    if (event.defaultPrevented || event.isComposing || !asksForIt(event) || isTyping(event.target)) return;
    if (document.querySelector('dialog[open]')) return;
    event.preventDefault();
    void open();
  });
}
