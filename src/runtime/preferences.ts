/** What the reader chose, kept in this browser; where storage is forbidden a choice lasts as long as the page. */

const key = (name: string) => `bound.${name}`;

export function readPreference(name: string): string | undefined {
  try {
    return localStorage.getItem(key(name)) ?? undefined;
  } catch {
    return undefined;
  }
}

export function writePreference(name: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(key(name));
    else localStorage.setItem(key(name), value);
  } catch {
    // Forbidden or full.
  }
}
