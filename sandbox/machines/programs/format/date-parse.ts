/** Dates as `date -d` and `touch -d` read them: ISO, `@seconds`, relative words. */

import { own } from '../../../sim/own.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const UNITS: Readonly<Record<string, number>> = {
  sec: 1000,
  second: 1000,
  min: 60_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
  fortnight: 1_209_600_000,
};

/** Hours ahead of UTC (time_zone_table of parse-datetime.y). */
const ZONES: Readonly<Record<string, number>> = {
  est: -5,
  edt: -4,
  cst: -6,
  cdt: -5,
  mst: -7,
  mdt: -6,
  pst: -8,
  pdt: -7,
  cet: 1,
  cest: 2,
  jst: 9,
};

/** Milliseconds since the epoch; undefined if it is no date. */
export function parseDate(text: string, now: number): number | undefined {
  let rest = text.trim().toLowerCase();
  if (/^@-?\d+(\.\d+)?$/.test(rest)) return Number(rest.slice(1)) * 1000;
  const base = new Date(now);
  let [year, month, day] = [base.getUTCFullYear(), base.getUTCMonth(), base.getUTCDate()];
  let time: number | undefined;
  let zone = 0;
  let shift = 0;
  let months = 0;
  let weekday: { readonly wanted: number; readonly order: string | undefined } | undefined;
  let dated = false;
  let m = [''] as unknown as RegExpExecArray;
  const take = (pattern: RegExp): boolean => {
    const match = pattern.exec(rest);
    if (!match) return false;
    rest = rest.slice(match[0].length).replace(/^[\s,]+/, '');
    m = match;
    return true;
  };
  while (rest !== '') {
    if (take(/^(\d{4})-(\d{1,2})-(\d{1,2})(?:t(?=\d))?/)) {
      [year, month, day, dated] = [Number(m[1]), Number(m[2]) - 1, Number(m[3]), true];
    } else if (take(/^(\d{1,2})\/(\d{1,2})\/(\d{4})/)) {
      [year, month, day, dated] = [Number(m[3]), Number(m[1]) - 1, Number(m[2]), true];
    } else if (take(/^(\d{4})(\d\d)(\d\d)(?!\d)/)) {
      [year, month, day, dated] = [Number(m[1]), Number(m[2]) - 1, Number(m[3]), true];
    } else if (take(/^(\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d+))?)?\s*(am|pm)?/)) {
      const hour = (Number(m[1]) % (m[5] ? 12 : 24)) + (m[5] === 'pm' ? 12 : 0);
      time = ((hour * 60 + Number(m[2])) * 60 + Number(m[3] ?? 0)) * 1000 + Math.floor(Number(`0.${m[4] ?? 0}`) * 1000);
    } else if (take(/^(\d{1,2})\s*(am|pm)(?![a-z])/)) {
      if (Number(m[1]) < 1 || Number(m[1]) > 12) return undefined;
      time = ((Number(m[1]) % 12) + (m[2] === 'pm' ? 12 : 0)) * 3_600_000;
    } else if (
      take(/^(z|utc|gmt|est|edt|cst|cdt|mst|mdt|pst|pdt|cet|cest|jst)(?![a-z])(?:([-+])(\d\d?)(?::?(\d\d))?(?!\d))?/)
    ) {
      zone = (own(ZONES, m[1]!) ?? 0) * 60;
      // `UTC+2` is two hours ahead of it.
      if (m[2]) zone += (m[2] === '-' ? -1 : 1) * (Number(m[3]) * 60 + Number(m[4] ?? 0));
    } else if (time !== undefined && take(/^([-+])(\d\d):?(\d\d)(?!\d)/)) {
      zone = (m[1] === '-' ? -1 : 1) * (Number(m[2]) * 60 + Number(m[3]));
    } else if (take(/^(now|today)(?![a-z])/)) continue;
    else if (take(/^midnight/)) time = 0;
    else if (take(/^noon/)) time = 43_200_000;
    else if (take(/^tomorrow/)) shift += 86_400_000;
    else if (take(/^yesterday/)) shift -= 86_400_000;
    else if (
      take(
        /^([-+]?\s*\d+|next|last|a|an)\s*(sec|second|min|minute|hour|day|week|fortnight|month|year)s?(\s+ago)?(?![a-z])/,
      )
    ) {
      let count =
        m[1] === 'next' || m[1] === 'a' || m[1] === 'an' ? 1 : m[1] === 'last' ? -1 : Number(m[1]!.replace(/\s/g, ''));
      if (m[3]) count = -count;
      if (m[2] === 'month') months += count;
      else if (m[2] === 'year') months += 12 * count;
      else shift += count * UNITS[m[2]!]!;
    } else if (take(/^(?:(next|last)\s+)?(sun|mon|tue|wed|thu|fri|sat)[a-z]*/)) {
      weekday = { wanted: WEEKDAYS.indexOf(m[2]!), order: m[1] };
    } else if (take(/^(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\s+(\d{1,2})(?!\d|:)(?:[\s,]+(\d{4}))?/)) {
      [month, day, dated] = [MONTHS.indexOf(m[1]!), Number(m[2]), true];
      if (m[3]) year = Number(m[3]);
    } else if (take(/^(\d{1,2})\s+(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?:[\s,]+(\d{4}))?/)) {
      [month, day, dated] = [MONTHS.indexOf(m[2]!), Number(m[1]), true];
      if (m[3]) year = Number(m[3]);
    } else if (take(/^(\d{4})(?!\d)/) && dated) year = Number(m[1]);
    else return undefined;
  }
  if (month < 0 || month > 11 || day < 1 || day > new Date(Date.UTC(year, month + 1, 0)).getUTCDate()) return undefined;
  // A weekday beside a date says nothing (parse-datetime.y).
  if (weekday && !dated) {
    let ahead = (weekday.wanted - base.getUTCDay() + 7) % 7;
    if (weekday.order === 'next' && ahead === 0) ahead = 7;
    if (weekday.order === 'last') ahead -= 7;
    shift += ahead * 86_400_000;
  }
  const ofDay =
    time ?? (dated || weekday ? 0 : now - Date.UTC(base.getUTCFullYear(), base.getUTCMonth(), base.getUTCDate()));
  return Date.UTC(year, month + months, day) + ofDay - zone * 60_000 + shift;
}
