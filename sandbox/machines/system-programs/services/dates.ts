/** Times as systemd and syslog print them; the lab's machines keep UTC. */

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const two = (n: number): string => String(n).padStart(2, '0');

/** `Sun 2026-11-22 21:15:00 UTC` */
export function timestamp(ms: number): string {
  const d = new Date(ms);
  const date = `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())}`;
  return `${DAYS[d.getUTCDay()]} ${date} ${clockTime(ms)} UTC`;
}

/** `Nov 22 21:15:00` */
export function syslogTime(ms: number): string {
  const d = new Date(ms);
  return `${MONTHS[d.getUTCMonth()]} ${two(d.getUTCDate())} ${clockTime(ms)}`;
}

export function clockTime(ms: number): string {
  const d = new Date(ms);
  return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}`;
}

const UNITS: readonly (readonly [singular: string, plural: string, ms: number])[] = [
  ['month', 'months', 2_629_800_000],
  ['week', 'weeks', 604_800_000],
  ['day', 'days', 86_400_000],
  ['h', 'h', 3_600_000],
  ['min', 'min', 60_000],
  ['s', 's', 1_000],
];

/** `1h 2min ago`: the two largest units (systemd's format_timestamp_relative). */
export function ago(ms: number): string {
  const at = UNITS.findIndex(([, , size]) => ms >= size);
  if (at < 0) return 'now';
  const part = ([one, many, size]: (typeof UNITS)[number], rest: number) => {
    const count = Math.floor(rest / size);
    const name = count === 1 ? one : many;
    return name.length > 3 || name === 'days' || name === 'day' ? `${count} ${name}` : `${count}${name}`;
  };
  const first = UNITS[at]!;
  const second = UNITS[at + 1];
  const rest = ms % first[2];
  const coarse = first[2] < 60_000 || !second || rest < second[2];
  return `${part(first, ms)}${coarse ? '' : ` ${part(second, rest)}`} ago`;
}
