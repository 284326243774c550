/** What the browser remembers for the reader, by names below `bound.` (`bound-frames.` in somebody else's page); where storage is refused (private windows, frames of another site), nothing is. */

/** `tab` lasts as long as the tab, `browser` until it is cleared. */
type Keeper = 'browser' | 'tab';

/** Whose storage it is, its database's name too: labs in other pages neither show nor push out what a reader of the course does. */
export const space = document.documentElement.dataset.space ?? 'bound';

export function readPreference(name: string, keeper: Keeper = 'browser'): string | undefined {
  try {
    return storage(keeper).getItem(`${space}.${name}`) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Forgets it when there is no value. Neither a refusal nor a full storage is the caller's business. */
export function writePreference(name: string, value: string | undefined, keeper: Keeper = 'browser'): void {
  try {
    if (value === undefined) storage(keeper).removeItem(`${space}.${name}`);
    else storage(keeper).setItem(`${space}.${name}`, value);
  } catch {
    // It lasts as long as the page.
  }
}

/** Only naming it may throw already. */
const storage = (keeper: Keeper): Storage => (keeper === 'tab' ? sessionStorage : localStorage);
