/** Cron expressions of five fields, and when they are next due, in UTC (robfig/cron/v3 standard parser). Pure. */

import { own } from '../../sim/own.ts';

const FIELDS = [
  { low: 0, high: 59 },
  { low: 0, high: 23 },
  { low: 1, high: 31 },
  { low: 1, high: 12, names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] },
  { low: 0, high: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
] as const;

const DESCRIPTORS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

const MINUTE = 60_000;
const FIVE_YEARS = 5 * 366 * 24 * 60;

interface Schedule {
  readonly fields: readonly ReadonlySet<number>[];
  /** With both day fields restricted either will do. */
  readonly anyDay: boolean;
}

/** The schedule's first time after `after`, in milliseconds; undefined for what is no schedule or never comes. */
export function nextTime(text: string, after: number): number | undefined {
  const schedule = parse(own(DESCRIPTORS, text.trim()) ?? text.trim());
  if (!schedule) return undefined;
  let time = Math.floor(after / MINUTE + 1) * MINUTE;
  for (let tries = 0; tries < FIVE_YEARS; tries++) {
    const date = new Date(time);
    if (!dayMatches(schedule, date)) {
      time = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + 1);
    } else if (!schedule.fields[1]!.has(date.getUTCHours())) {
      time += MINUTE * (60 - date.getUTCMinutes());
    } else if (!schedule.fields[0]!.has(date.getUTCMinutes())) {
      time += MINUTE;
    } else return time;
  }
  return undefined;
}

function dayMatches({ fields, anyDay }: Schedule, date: Date): boolean {
  if (!fields[3]!.has(date.getUTCMonth() + 1)) return false;
  const ofMonth = fields[2]!.has(date.getUTCDate());
  const ofWeek = fields[4]!.has(date.getUTCDay());
  return anyDay ? ofMonth || ofWeek : ofMonth && ofWeek;
}

function parse(text: string): Schedule | undefined {
  const parts = text.split(/\s+/);
  if (parts.length !== FIELDS.length) return undefined;
  const fields: ReadonlySet<number>[] = [];
  for (const [i, part] of parts.entries()) {
    const field = parseField(part, FIELDS[i]!);
    if (!field) return undefined;
    fields.push(field);
  }
  return { fields, anyDay: !/^[*?]/.test(parts[2]!) && !/^[*?]/.test(parts[4]!) };
}

type Field = { readonly low: number; readonly high: number; readonly names?: readonly string[] };

function parseField(text: string, field: Field): ReadonlySet<number> | undefined {
  const values = new Set<number>();
  for (const item of text.toLowerCase().split(',')) {
    const [range = '', step] = item.split('/');
    const stride = step === undefined ? 1 : Number(step);
    const [from, to] = rangeOf(range, field, step !== undefined);
    if (!(stride >= 1) || !(from >= field.low) || !(to <= field.high) || from > to) return undefined;
    for (let value = from; value <= to; value += stride) values.add(value);
  }
  return values;
}

function rangeOf(text: string, field: Field, stepped: boolean): readonly [number, number] {
  if (text === '*' || text === '?') return [field.low, field.high];
  const [first = '', last] = text.split('-');
  const from = numberIn(first, field);
  if (last !== undefined) return [from, numberIn(last, field)];
  return [from, stepped ? field.high : from];
}

function numberIn(text: string, { names }: Field): number {
  const named = names?.indexOf(text) ?? -1;
  if (named >= 0) return named + (names!.length === 12 ? 1 : 0);
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}
