/** cal. */

import { MONTHS } from '../format/time.ts';
import { type Tool, tool } from '../tool.ts';

class CalError extends Error {}

/** Years after which a calendar is the same again. */
const CYCLE = 400;

export const cal = tool(
  'cal',
  { short: '13jmy', usage: 'cal [options] [[[day] month] year]', version: 'cal from util-linux 2.38.1' },
  function* (tool) {
    let asked: { readonly month: number; readonly year: number; readonly whole: boolean };
    try {
      asked = readArguments(tool);
    } catch (error) {
      if (!(error instanceof CalError)) throw error;
      yield* tool.complain(error.message);
      if (error.message === 'bad usage') yield* tool.process.error("Try 'cal --help' for more information.\n");
      return 1;
    }
    const { month, year, whole } = asked;
    for (const m of whole ? MONTHS.keys() : [month]) {
      const title = `${MONTHS[m]} ${year}`;
      const first = new Date(Date.UTC(CYCLE * 5 + (year % CYCLE), m, 1)).getUTCDay();
      const days = daysIn(m, year);
      let out = `${' '.repeat(Math.max(0, Math.floor((20 - title.length) / 2)))}${title}\nSu Mo Tu We Th Fr Sa\n`;
      out += '   '.repeat(first);
      for (let day = 1; day <= days; day++)
        out += String(day).padStart(2) + ((first + day) % 7 === 0 || day === days ? '\n' : ' ');
      yield* tool.print(`${out}\n`);
    }
    return 0;
  },
);

const daysIn = (month: number, year: number): number =>
  new Date(Date.UTC(CYCLE * 5 + (year % CYCLE), month + 1, 0)).getUTCDate();

/** As util-linux' cal.c reads them, with its words: `[[day] month] year`, or a month's name alone. Months count from 0. */
function readArguments(tool: Tool): { month: number; year: number; whole: boolean } {
  const now = new Date(tool.process.now());
  const today = { month: now.getUTCMonth(), year: now.getUTCFullYear(), whole: tool.has('y') };
  const { operands } = tool;
  if (operands.length === 0) return today;
  if (operands.length > 3) throw new CalError('bad usage');
  if (operands.length === 1 && !/^\d+$/.test(operands[0]!)) {
    const month = monthNamed(operands[0]!);
    if (month < 0) throw new CalError(`failed to parse timestamp or unknown month name: ${operands[0]}`);
    return { ...today, month };
  }
  const [yearText, monthText, dayText] = [...operands].reverse();
  let day = 1;
  if (dayText !== undefined) {
    day = numberOf(dayText, 'illegal day value');
    if (day < 1 || day > 31) throw new CalError('illegal day value: use 1-31');
  }
  let month = today.month;
  if (monthText !== undefined) {
    month = /^\d/.test(monthText) ? numberOf(monthText, 'illegal month value: use 1-12') - 1 : monthNamed(monthText);
    if (month < 0 && !/^\d/.test(monthText)) throw new CalError(`unknown month name: ${monthText}`);
    if (month < 0 || month > 11) throw new CalError('illegal month value: use 1-12');
  }
  const year = numberOf(yearText!, 'illegal year value');
  if (year < 1) throw new CalError('illegal year value: use positive integer');
  if (year === LARGEST) throw new CalError('illegal year value');
  if (day > daysIn(month, year)) throw new CalError(`illegal day value: use 1-${daysIn(month, year)}`);
  return { month, year, whole: tool.has('y') || operands.length === 1 };
}

const LARGEST = 2 ** 31 - 1;

/** strtos32_or_err (util-linux, lib/strutils.c). */
function numberOf(text: string, words: string): number {
  if (!/^\s*[-+]?\d+$/.test(text)) throw new CalError(`${words}: '${text}'`);
  const value = Number(text);
  if (value > LARGEST || value < -LARGEST - 1) throw new CalError(`${words}: '${text}': Numerical result out of range`);
  return value;
}

/** A month's whole name, or its first three letters. */
function monthNamed(text: string): number {
  const name = text.toLowerCase();
  return MONTHS.findIndex((month) => month.toLowerCase() === name || month.slice(0, 3).toLowerCase() === name);
}
