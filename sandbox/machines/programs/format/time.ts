/** strftime(3) in the C locale; the lab's machines run on UTC. */

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** Formats `ms` since the epoch; GNU's flags `-`, `_`, `0`, `^` and a width are understood. */
export function formatTime(format: string, ms: number, offsetMinutes = 0, nanoseconds?: number): string {
  const t = new Date(ms + offsetMinutes * 60_000);
  return format.replace(
    /%([-_0^#]*)(\d*)([:]*)([a-zA-Z%+])/g,
    (whole, flags: string, width: string, colons: string, letter: string) => {
      const field = fieldOf(letter, t, ms, offsetMinutes, colons.length, nanoseconds);
      if (field === undefined) return whole;
      let text = field.text;
      if (field.digits !== undefined) {
        const pad = flags.includes('_') ? ' ' : flags.includes('0') ? '0' : field.pad;
        text = flags.includes('-') ? text : text.padStart(width === '' ? field.digits : Number(width), pad);
        if (letter === 'N' && width !== '') text = field.text.slice(0, Number(width));
      } else if (width !== '') text = text.padStart(Number(width), flags.includes('0') ? '0' : ' ');
      return flags.includes('^') ? text.toUpperCase() : text;
    },
  );
}

interface Field {
  readonly text: string;
  readonly digits?: number;
  readonly pad: string;
}

const number = (n: number, digits: number, pad = '0'): Field => ({ text: String(n), digits, pad });
const word = (text: string): Field => ({ text, pad: ' ' });

function fieldOf(
  letter: string,
  t: Date,
  ms: number,
  offset: number,
  colons: number,
  nanoseconds: number | undefined,
): Field | undefined {
  const again = (format: string) => word(formatTime(format, ms, offset, nanoseconds));
  const hour12 = t.getUTCHours() % 12 || 12;
  const weekday = t.getUTCDay();
  const yearDay = Math.floor(
    (Date.UTC(t.getUTCFullYear(), t.getUTCMonth(), t.getUTCDate()) - Date.UTC(t.getUTCFullYear(), 0, 1)) / 86_400_000,
  );
  switch (letter) {
    case '%':
      return word('%');
    case 'a':
      return word(DAYS[weekday]!.slice(0, 3));
    case 'A':
      return word(DAYS[weekday]!);
    case 'b':
    case 'h':
      return word(MONTHS[t.getUTCMonth()]!.slice(0, 3));
    case 'B':
      return word(MONTHS[t.getUTCMonth()]!);
    case 'c':
      return again('%a %b %e %H:%M:%S %Y');
    case 'C':
      return number(Math.floor(t.getUTCFullYear() / 100), 2);
    case 'd':
      return number(t.getUTCDate(), 2);
    case 'D':
    case 'x':
      return again('%m/%d/%y');
    case 'e':
      return number(t.getUTCDate(), 2, ' ');
    case 'F':
      return again('%Y-%m-%d');
    case 'H':
      return number(t.getUTCHours(), 2);
    case 'I':
      return number(hour12, 2);
    case 'j':
      return number(yearDay + 1, 3);
    case 'k':
      return number(t.getUTCHours(), 2, ' ');
    case 'l':
      return number(hour12, 2, ' ');
    case 'm':
      return number(t.getUTCMonth() + 1, 2);
    case 'M':
      return number(t.getUTCMinutes(), 2);
    case 'n':
      return word('\n');
    case 'N':
      return {
        text: String(nanoseconds ?? (((ms % 1000) + 1000) % 1000) * 1_000_000).padStart(9, '0'),
        digits: 9,
        pad: '0',
      };
    case 'p':
      return word(t.getUTCHours() < 12 ? 'AM' : 'PM');
    case 'P':
      return word(t.getUTCHours() < 12 ? 'am' : 'pm');
    case 'q':
      return number(Math.floor(t.getUTCMonth() / 3) + 1, 1);
    case 'r':
      return again('%I:%M:%S %p');
    case 'R':
      return again('%H:%M');
    case 's':
      return number(Math.floor(ms / 1000), 1);
    case 'S':
      return number(t.getUTCSeconds(), 2);
    case 't':
      return word('\t');
    case 'T':
    case 'X':
      return again('%H:%M:%S');
    case 'u':
      return number(weekday || 7, 1);
    case 'w':
      return number(weekday, 1);
    case 'U':
      return number(Math.floor((yearDay + 7 - weekday) / 7), 2);
    case 'W':
      return number(Math.floor((yearDay + 7 - ((weekday + 6) % 7)) / 7), 2);
    case 'V':
    case 'G':
    case 'g': {
      const [year, week] = isoWeek(t);
      return letter === 'V' ? number(week, 2) : letter === 'G' ? number(year, 4) : number(year % 100, 2);
    }
    case 'y':
      return number(t.getUTCFullYear() % 100, 2);
    case 'Y':
      return number(t.getUTCFullYear(), 4);
    case 'z': {
      const sign = offset < 0 ? '-' : '+';
      const h = String(Math.floor(Math.abs(offset) / 60)).padStart(2, '0');
      const m = String(Math.abs(offset) % 60).padStart(2, '0');
      if (colons === 3 && m === '00') return word(`${sign}${h}`);
      return word(`${sign}${h}${colons > 0 ? ':' : ''}${m}${colons === 2 ? ':00' : ''}`);
    }
    case 'Z':
      return word('UTC');
    case '+':
      return again('%a %b %e %H:%M:%S %Z %Y');
    default:
      return undefined;
  }
}

/** ISO 8601 week-numbering year and week. */
function isoWeek(t: Date): [number, number] {
  const thursday = new Date(Date.UTC(t.getUTCFullYear(), t.getUTCMonth(), t.getUTCDate()));
  thursday.setUTCDate(thursday.getUTCDate() + 4 - (thursday.getUTCDay() || 7));
  const year = thursday.getUTCFullYear();
  const days = (thursday.getTime() - Date.UTC(year, 0, 1)) / 86_400_000;
  return [year, Math.floor(days / 7) + 1];
}
