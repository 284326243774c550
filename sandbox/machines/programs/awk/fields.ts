/** How awk splits records into fields. */

import { compileRegex, type Regex } from '../regex/regex.ts';

export function splitFields(text: string, separator: string, paragraph: boolean): string[] {
  if (separator === ' ') return text.split(/[ \t\n]+/).filter((f) => f !== '');
  if (text === '') return [];
  if (separator === '') return [...text];
  if (separator === '\t' && !paragraph) return text.split('\t');
  const source =
    separator.length === 1 && separator !== ' ' ? separator.replace(/[.[\]{}()*+?^$|\\]/, '\\$&') : separator;
  return splitBy(text, compileRegex(paragraph ? `(${source})|\n` : source, { extended: true }));
}

export function splitBy(text: string, regex: Regex): string[] {
  if (text === '') return [];
  const parts: string[] = [];
  let at = 0;
  for (let from = 0; from <= text.length; ) {
    const match = regex.exec(text, from);
    if (!match) break;
    if (match.end === match.index) {
      from = match.index + 1;
      continue;
    }
    parts.push(text.slice(at, match.index));
    at = match.end;
    from = match.end;
  }
  return [...parts, text.slice(at)];
}
