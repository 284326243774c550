/** What the browser remembers for the reader, by names below `bound.`; where storage is refused (private windows, frames of another site), nothing is. */

/** `tab` lasts as long as the tab, `browser` until it is cleared. */
type Keeper = 'browser' | 'tab';

export function readPreference(name: string, keeper: Keeper = 'browser'): string | undefined {
  try {
    return storage(keeper).getItem(`bound.${name}`) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Forgets it when there is no value. Neither a refusal nor a full storage is the caller's business. */
export function writePreference(name: string, value: string | undefined, keeper: Keeper = 'browser'): void {
  try {
    if (value === undefined) storage(keeper).removeItem(`bound.${name}`);
    else storage(keeper).setItem(`bound.${name}`, value);
  } catch {
    // It lasts as long as the page.
  }
}

/** Only naming it may throw already. */
const storage = (keeper: Keeper): Storage => (keeper === 'tab' ? sessionStorage : localStorage);
