/**
 * What a teacher's link fixes of a lesson: `?step=bind&seed=7&hints=hidden&solutions=hidden&until=2026-12-01T12:00Z`. The lesson and the
 * language are the address itself. Whoever changes the address changes the terms: the session's log says what was done under them.
 */

export interface Terms {
  /** Where a session that is begun by the link begins; the lesson's first step if not given. */
  readonly step?: string;
  /** From 0 to 2³² − 1; a session's own chance if not given. */
  readonly seed?: number;
  readonly hints: 'shown' | 'hidden';
  /** Hidden, no step can be shown either, nor begun where the one before is not done. */
  readonly solutions: 'shown' | 'hidden';
  /** When nothing more is taken down: milliseconds since the epoch. */
  readonly until?: number;
}

/** Parts of an address that are a link's terms. */
const NAMES = ['step', 'seed', 'hints', 'solutions', 'until'] as const;
export type TermName = (typeof NAMES)[number];

/** A part that says nothing that can be kept; it is passed over, and its reader is told. */
export interface Mistake {
  readonly name: TermName;
  readonly value: string;
}

export interface Read {
  /** Undefined where the address has none. */
  readonly terms: Terms | undefined;
  readonly mistakes: readonly Mistake[];
}

/** `search`: the address's query; `steps`: the ids that the lesson has. */
export function readTerms(search: string, steps: readonly string[]): Read {
  const given = new URLSearchParams(search);
  if (!NAMES.some((name) => given.has(name))) return { terms: undefined, mistakes: [] };
  const mistakes: Mistake[] = [];
  const read = <T>(name: TermName, as: (value: string) => T | undefined): T | undefined => {
    const value = given.get(name);
    if (value === null) return undefined;
    const meant = as(value.trim());
    if (meant === undefined) mistakes.push({ name, value });
    return meant;
  };
  const step = read('step', (value) => (steps.includes(value) ? value : undefined));
  const seed = read('seed', seedOf);
  const hints = read('hints', visibility);
  const solutions = read('solutions', visibility);
  const until = read('until', instantOf);
  return {
    terms: {
      ...(step !== undefined && { step }),
      ...(seed !== undefined && { seed }),
      hints: hints ?? 'shown',
      solutions: solutions ?? 'shown',
      ...(until !== undefined && { until }),
    },
    mistakes,
  };
}

/** The query of a link with these terms, from its `?` on; '' where all is as without. */
export function toSearch({ step, seed, hints, solutions, until }: Terms): string {
  const query = new URLSearchParams();
  if (step !== undefined) query.set('step', step);
  if (seed !== undefined) query.set('seed', String(seed));
  if (hints === 'hidden') query.set('hints', hints);
  if (solutions === 'hidden') query.set('solutions', solutions);
  if (until !== undefined) query.set('until', new Date(until).toISOString().replace(/:00\.000Z$/, 'Z'));
  const text = query.toString().replaceAll('%3A', ':');
  return text === '' ? '' : `?${text}`;
}

function seedOf(value: string): number | undefined {
  const seed = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
  return seed < 2 ** 32 ? seed : undefined;
}

const visibility = (value: string): 'shown' | 'hidden' | undefined =>
  value === 'shown' || value === 'hidden' ? value : undefined;

/** RFC 3339 with its zone: a class may sit in several. */
function instantOf(value: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(value)) return undefined;
  const instant = Date.parse(value);
  return Number.isNaN(instant) ? undefined : instant;
}
