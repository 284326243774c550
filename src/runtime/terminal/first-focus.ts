/** Whether a page begins with the caret in the terminal: where one types, unless the reader is on the way to something else. */

import { readPreference, space, writePreference } from '../preferences.ts';
import { isCarried } from '../session-notes.ts';

/**
 * On a wide screen it does, where text and terminal stand side by side. It does not where the reader has focused something already,
 * came to a place of the text, goes through the pages by keyboard (the heading is next then, not a shell), or has them read out;
 * nor where the lab is a frame in somebody else's page.
 */
export function beginsInTerminal(screenReader: boolean): boolean {
  if (
    space !== 'bound' ||
    document.activeElement !== document.body ||
    !matchMedia('(min-width: 900px) and (pointer: fine)').matches
  )
    return false;
  const before = readPreference('place', 'tab');
  if (before === 'terminal') return true;
  const toText = location.hash !== '' && !isCarried(location.hash);
  return !screenReader && !toText && before !== 'keyboard';
}

/** Remembers for the next page of this tab where the keyboard was when this one was left. */
export function rememberPlace(inTerminal: () => boolean): () => void {
  const remember = () => {
    const byKeyboard = document.activeElement?.matches('a:focus-visible');
    writePreference('place', inTerminal() ? 'terminal' : byKeyboard ? 'keyboard' : undefined, 'tab');
  };
  addEventListener('pagehide', remember);
  return () => removeEventListener('pagehide', remember);
}
