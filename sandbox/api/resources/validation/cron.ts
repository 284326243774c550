/** What is wrong with a cron schedule, in the words of robfig/cron's ParseStandard. */

const MACROS = /^@(yearly|annually|monthly|weekly|daily|midnight|hourly|every \S+)$/;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

/** Minute, hour, day of the month, month, day of the week. */
const BOUNDS: readonly Bounds[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: ['', ...MONTHS] },
  { min: 0, max: 6, names: DAYS },
];

export function cronComplaint(schedule: string): string | undefined {
  if (schedule.includes('TZ')) return 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead';
  if (schedule.startsWith('@')) return MACROS.test(schedule) ? undefined : `unrecognized descriptor: ${schedule}`;
  const fields = schedule.split(/\s+/).filter(Boolean);
  if (fields.length !== BOUNDS.length)
    return `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`;
  for (const [i, field] of fields.entries()) {
    for (const part of field.split(',')) {
      const complaint = partComplaint(part, BOUNDS[i]!);
      if (complaint) return complaint;
    }
  }
  return undefined;
}

/** One of `*`, `5`, `1-5`, each with a step if one likes. */
function partComplaint(part: string, bounds: Bounds): string | undefined {
  const [range = '', step, ...rest] = part.split('/');
  if (rest.length > 0) return `too many slashes: ${part}`;
  const ends = range.split('-');
  if (ends.length > 2) return `too many hyphens: ${part}`;
  const numbers: number[] = [];
  for (const end of range === '*' || range === '?' ? [] : ends) {
    const named = bounds.names?.indexOf(end.toLowerCase()) ?? -1;
    if (named < 0 && !/^\d+$/.test(end)) return notANumber(end);
    numbers.push(named >= 0 ? named : Number(end));
  }
  if (step !== undefined && !/^\d+$/.test(step)) return notANumber(step);
  const [low = bounds.min, high = low] = numbers;
  if (low < bounds.min) return `beginning of range (${low}) below minimum (${bounds.min}): ${part}`;
  if (high > bounds.max) return `end of range (${high}) above maximum (${bounds.max}): ${part}`;
  if (low > high) return `beginning of range (${low}) beyond end of range (${high}): ${part}`;
  return step !== undefined && Number(step) === 0 ? `step of range should be a positive number: ${part}` : undefined;
}

const notANumber = (text: string): string =>
  `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
