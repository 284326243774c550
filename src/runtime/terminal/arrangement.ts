/** How a session's terminals are arranged: which one or two are in view, and what they are called. Plain data, kept with the session. */

/** Two in view: side by side, or one below the other. */
export type Split = 'beside' | 'below';

export interface Arrangement {
  /** The terminals in view: two where it is split. */
  readonly shown: readonly string[];
  /** The one of them that is in front: tabs and keys are for it. */
  readonly active: number;
  readonly split: Split;
  /** Names that the reader gave. */
  readonly names: Readonly<Record<string, string>>;
}

export const arranged = (terminal: string): Arrangement => ({
  shown: [terminal],
  active: 0,
  split: 'beside',
  names: {},
});

export const frontOf = ({ shown, active }: Arrangement): string => shown[active] ?? '';
export const isSplit = ({ shown }: Arrangement): boolean => shown.length > 1;

/** Brings a terminal to the front: where it stands, else in place of the one in front. */
export function chosen(of: Arrangement, terminal: string): Arrangement {
  const at = of.shown.indexOf(terminal);
  if (at >= 0) return { ...of, active: at };
  return { ...of, shown: of.shown.map((one, index) => (index === of.active ? terminal : one)) };
}

/** A second one beside or below the one in front, which stays in front. */
export const splitWith = (of: Arrangement, split: Split, other: string): Arrangement =>
  isSplit(of) ? { ...of, split } : { ...of, shown: [frontOf(of), other], active: 0, split };

/** Only one is in view: the one in front, unless another is named. */
export const alone = (of: Arrangement, terminal = frontOf(of)): Arrangement => ({
  ...of,
  shown: [terminal],
  active: 0,
});

/** An empty name gives it its own again. */
export function renamed(of: Arrangement, terminal: string, name: string): Arrangement {
  const { [terminal]: _, ...names } = of.names;
  const given = name.trim().slice(0, LONGEST_NAME);
  return { ...of, names: given === '' || given === ownName(terminal) ? names : { ...names, [terminal]: given } };
}

const ownName = (terminal: string): string => terminal.replace(':', ' ');
/** What a terminal is called. */
export const nameOf = ({ names }: Arrangement, terminal: string): string =>
  Object.hasOwn(names, terminal) ? names[terminal]! : ownName(terminal);

/** The arrangement as far as there are such terminals. */
export function within(of: Arrangement, terminals: readonly string[]): Arrangement {
  const shown = of.shown.filter((terminal) => terminals.includes(terminal));
  const front = shown.indexOf(frontOf(of));
  const names = Object.fromEntries(Object.entries(of.names).filter(([terminal]) => terminals.includes(terminal)));
  return {
    ...of,
    names,
    shown: shown.length > 0 ? shown : terminals.slice(0, 1),
    active: Math.max(front, 0),
  };
}

const LONGEST_NAME = 40;

/** What was kept, if it is an arrangement. */
export function readArrangement(value: unknown): Arrangement | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { shown, active, split, names } = value as Partial<Arrangement>;
  const isText = (one: unknown) => typeof one === 'string';
  if (!Array.isArray(shown) || shown.length < 1 || shown.length > 2 || !shown.every(isText)) return undefined;
  if (active !== 0 && !(active === 1 && shown.length === 2)) return undefined;
  if (split !== 'beside' && split !== 'below') return undefined;
  if (typeof names !== 'object' || names === null || !Object.values(names).every(isText)) return undefined;
  return { shown, active, split, names };
}
