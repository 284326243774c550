/** A session's log as plain data: what ends a command in it, where the last one began, and what a log from outside must be. */

import type { Input, Learner, LogEntry, Place, SessionLog } from './messages.ts';
import { endsLine, isCommand, type Noted, type TypedLine, typedLines } from './typed.ts';

/** No session lasts longer, in the lab's own time (milliseconds): a time beyond it is damage. */
const LONGEST = 366 * 86_400_000;
/** Every world begins at one moment (world/machines.ts); nothing is put in before it. */
const EARLIEST = Date.UTC(2026, 0, 1);

/** Whether this input may have set something going that the learner would call one command: lines of programs are among them. */
export const mayBeCommand = (input: Input): boolean => DEEDS.has(input.type) || endsLine(input);

/** What is a command without being typed. */
const DEEDS: ReadonlySet<Input['type']> = new Set(['run', 'save', 'solve', 'power']);

/** A command with what its programs were given, by positions: where it begins, where it was begun, and where it ends as yet. */
interface Command {
  readonly from: number;
  readonly to: number;
  end: number;
  /** Undefined of a deed. */
  readonly line?: TypedLine;
}

/**
 * Every command, in the order in which they were given. Lines of a program belong to the command that began it, unless another one was
 * given elsewhere meanwhile: from there on they are a command of their own, so that taking it back takes nothing of the other.
 */
function commandsOf(entries: readonly Noted[]): Command[] {
  const commands: Command[] = [];
  for (const { at, line } of ends(entries)) {
    const last = commands.at(-1);
    if (!line) commands.push({ from: at, to: at, end: at });
    else if (last?.line?.host === line.host && (line.inside || at === last.end)) last.end = at;
    else if (line.inside || isCommand(line))
      commands.push({ from: Math.max(line.from, last ? last.end + 1 : 0), to: at, end: at, line });
  }
  return commands;
}

/** Deeds and typed lines, in order; each typed line where it was ended. */
function* ends(entries: readonly Noted[]): Generator<{ readonly at: number; readonly line?: TypedLine }> {
  let passed = 0;
  for (const line of typedLines(entries)) {
    for (; passed < line.to; passed++) if (DEEDS.has(entries[passed]!.type)) yield { at: passed };
    yield { at: line.to, line };
  }
  for (; passed < entries.length; passed++) if (DEEDS.has(entries[passed]!.type)) yield { at: passed };
}

/** How many commands the learner gave, and what the last one is called. */
export function commandsGiven(entries: readonly Noted[]): {
  readonly commands: number;
  readonly last: string | undefined;
} {
  const commands = commandsOf(entries);
  return { commands: commands.length, last: called(entries, commands.at(-1))?.command };
}

/** How many entries remain when the last command is taken back, its keys and what its programs were given included; all when there is none. */
export function beforeLastCommand(entries: readonly Noted[]): number {
  const last = commandsOf(entries).at(-1);
  return last ? beginning(entries, last) : entries.length;
}

/** Sizes may stand between the keys of a line; what else was done meanwhile stays. */
function beginning(entries: readonly Noted[], { from, to, line }: Command): number {
  let start = to;
  for (let at = to - 1; at >= from; at--) {
    const entry = entries[at]!;
    if (entry.type === 'resize') continue;
    if (!line || entry.type !== 'keys' || entry.host !== line.host) break;
    start = at;
  }
  return start;
}

export interface LastCommand {
  /** The terminal it was typed in. */
  readonly host: string;
  /** Its first line, as far as its keys are text; '' for a solution; the path of a file that was saved. */
  readonly command: string;
  readonly saved?: true;
}

export const lastCommand = (entries: readonly Noted[]): LastCommand | undefined =>
  called(entries, commandsOf(entries).at(-1));

function called(entries: readonly Noted[], found: Command | undefined): LastCommand | undefined {
  if (!found) return undefined;
  if (found.line) return { host: found.line.host, command: found.line.text.trim() || FROM_HISTORY };
  const last = entries[found.to]!;
  if (!('host' in last)) return { host: '', command: '' };
  if (last.type === 'save') return { host: last.host, command: last.path, saved: true };
  return { host: last.host, command: last.type === 'run' ? last.command : '' };
}

/** Its keys do not tell what a line was that the arrow keys brought. */
const FROM_HISTORY = '↑';

/** Pages turned, questions answered, terminals opened and closed are no part of a command that is taken back, though they came after it. */
export const staysWithoutCommand = ({ type }: Input): boolean =>
  type === 'open' || type === 'answer' || type === 'terminal' || type === 'close';

/** What the log was a moment before its last command was typed; what stays without it follows at once. */
export function withoutLastCommand(log: SessionLog): SessionLog {
  const count = beforeLastCommand(log.entries);
  const gone = log.entries[count];
  if (!gone) return log;
  const until = gone.at - 1;
  const rest = log.entries
    .slice(count)
    .filter(staysWithoutCommand)
    .map(({ hash: _, ...entry }, index) => ({ ...entry, at: until + 1 + index }));
  return { ...log, entries: [...log.entries.slice(0, count), ...rest], until: until + rest.length };
}

/** The last size that the log gives each terminal. */
export const sizesOf = (entries: readonly Input[]): Map<string, { readonly columns: number; readonly rows: number }> =>
  new Map(entries.flatMap((entry) => (entry.type === 'resize' ? [[entry.host, entry] as const] : [])));

/** Whether the log holds anything a learner did, beyond opening pages and sizing windows. */
export const isTouched = (entries: readonly Input[]): boolean =>
  entries.some(({ type }) => type !== 'resize' && type !== 'open' && type !== 'terminal' && type !== 'close');

/** The lesson that was open last. */
export const openLesson = (log: Pick<SessionLog, 'start' | 'entries'>): string =>
  lessonsOpened(log).at(-1) ?? log.start.lesson;

/** The lessons whose pages were opened, in that order. */
export const lessonsOpened = ({ entries }: Pick<SessionLog, 'entries'>): string[] =>
  entries.flatMap((entry) => (entry.type === 'open' ? entry.place.lesson : []));

/** A log that is none: `message` says what is wrong, and at which entry. */
export class LogError extends Error {
  /** Its form is broken, or what it tells cannot have been in that order. */
  readonly kind: 'form' | 'time';

  constructor(message: string, kind: LogError['kind'] = 'form') {
    super(message);
    this.kind = kind;
  }
}

/** Longer names are cut. */
const LONGEST_NAME = 200;

/**
 * The log that `value` is (from a file, a link, a database). What a later version adds to it is passed over.
 * Throws LogError where it is damaged: its form, an unknown input, times that run backwards or beyond a year.
 */
export function readLog(value: unknown): SessionLog {
  if (!isRecord(value)) throw new LogError('it is not a session of this lab');
  const { version, seed, variant, start, entries, until, learner } = value;
  if (version !== 1) throw new LogError(`it is of version ${JSON.stringify(version)}, and this lab reads version 1`);
  if (!Number.isInteger(seed)) throw new LogError('its seed is no whole number');
  if (!isPlace(start)) throw new LogError('it does not say where it begins');
  if (!Array.isArray(entries)) throw new LogError('it has no entries');
  let before = EARLIEST;
  for (const [index, entry] of entries.entries()) {
    if (!isEntry(entry)) throw new LogError(`entry ${index + 1} of ${entries.length} is damaged`);
    if (entry.at < before || entry.at > EARLIEST + 2 * LONGEST)
      throw new LogError(`entry ${index + 1} of ${entries.length} is out of time`, 'time');
    before = entry.at;
  }
  return {
    version: 1,
    seed: seed as number,
    ...(Number.isInteger(variant) && { variant: variant as number }),
    start: { lesson: start.lesson, step: start.step },
    entries: entries as LogEntry[],
    until: isTime(until) ? Math.max(until, before) : before,
    ...named(learner),
  };
}

/** Who lived what is no log, as far as it says so. */
export const learnerIn = (value: unknown): Learner => (isRecord(value) && named(value.learner).learner) || {};

/** A name that is none says nothing; the session is what it is without it. */
function named(value: unknown): { readonly learner?: Learner } {
  if (!isRecord(value)) return {};
  const texts = (['name', 'id'] as const).flatMap((field) => {
    const text = value[field];
    const kept = isText(text) ? text.trim().slice(0, LONGEST_NAME) : '';
    return kept ? [[field, kept] as const] : [];
  });
  return texts.length > 0 ? { learner: Object.fromEntries(texts) } : {};
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isTime = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= EARLIEST + 2 * LONGEST;
const isCount = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) < 10_000;
const isPlace = (value: unknown): value is Place => isRecord(value) && isText(value.lesson) && isText(value.step);

/** What each kind of input must hold. */
const FIELDS: { readonly [Type in Input['type']]: Readonly<Record<string, (value: unknown) => boolean>> } = {
  keys: { host: isText, data: isText },
  resize: { host: isText, columns: isCount, rows: isCount },
  terminal: { host: isText, terminal: (value) => isText(value) && /^[^:]+:\d{1,6}$/.test(value) },
  close: { host: isText },
  interrupt: { host: isText },
  open: { place: isPlace },
  solve: { place: isPlace },
  answer: { place: isPlace, question: isText, choice: isCount },
  run: { host: isText, command: isText },
  save: {
    host: isText,
    path: (value) => isText(value) && value.startsWith('/'),
    data: isText,
    base: (value) => value === undefined || Number.isInteger(value),
  },
  power: { host: isText, on: (value) => typeof value === 'boolean' },
  check: { place: isPlace },
  request: {
    method: (value) => isText(value) && ['POST', 'PUT', 'PATCH', 'DELETE'].includes(value),
    path: isText,
    query: (value) => Array.isArray(value) && value.every((pair) => Array.isArray(pair) && pair.every(isText)),
    headers: (value) => isRecord(value) && Object.values(value).every(isText),
    body: (value) => value === undefined || isText(value),
  },
};

function isInput(value: unknown): value is Input {
  if (!isRecord(value) || !isText(value.type) || !Object.hasOwn(FIELDS, value.type)) return false;
  return Object.entries(FIELDS[value.type as Input['type']]).every(([name, fits]) => fits(value[name]));
}

function isEntry(value: unknown): value is LogEntry {
  if (!isInput(value)) return false;
  const { at, hash, inside } = value as Partial<LogEntry>;
  if (inside !== undefined && typeof inside !== 'boolean') return false;
  return isTime(at) && (hash === undefined || Number.isInteger(hash));
}
