/** Where a course system puts its API: on a window around this one, or on the one that opened it (SCORM 2004 RTE 3.3.6, SCORM 1.2 RTE 3.3.6). */

/** What a search needs of a window; another site's throws when it is looked at. */
export interface Place {
  readonly parent?: Place | null;
  readonly opener?: Place | null;
  readonly closed?: boolean;
}

/** The window itself and those around it first, then those that opened them; undefined when none has it that may be looked at. */
export function findApi<Api>(from: Place, name: string): Api | undefined {
  const seen = new Set<Place>();
  let around: Place[] = [from];
  while (around.length > 0) {
    const openers: Place[] = [];
    for (const window of around.flatMap(upwards)) {
      if (seen.has(window)) continue;
      seen.add(window);
      const api = look(() => (window as Record<string, Api>)[name]);
      if (api && !look(() => window.closed)) return api;
      const opener = look(() => window.opener);
      if (opener) openers.push(opener);
    }
    around = openers;
  }
  return undefined;
}

function upwards(window: Place): Place[] {
  const all = [window];
  for (;;) {
    const next = look(() => all.at(-1)!.parent);
    if (!next || all.includes(next)) return all;
    all.push(next);
  }
}

function look<T>(at: () => T): T | undefined {
  try {
    return at();
  } catch {
    return undefined;
  }
}
