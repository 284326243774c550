/** History expansion: `!!`, `!n`, `!-n`, `!text`, `!?text`, `!$`, `^old^new` (history(3)). */

export class HistoryError extends Error {}

export function expandHistory(line: string, history: readonly string[]): string {
  const quick = /^\^([^^]*)\^([^^]*)\^?$/.exec(line);
  if (quick) {
    const last = history.at(-1) ?? '';
    if (!last.includes(quick[1]!)) throw new HistoryError(`:s${line}: substitution failed`);
    return last.replace(quick[1]!, () => quick[2]!);
  }
  if (!line.includes('!')) return line;
  let out = '';
  let single = false;
  let double = false;
  for (let i = 0; i < line.length; i++) {
    const c = line[i]!;
    if (c === '\\' && !single) {
      out += c + (line[++i] ?? '');
      continue;
    }
    if (c === "'" && !double) single = !single;
    else if (c === '"' && !single) double = !double;
    const next = line[i + 1] ?? ' ';
    if (c !== '!' || single || /[\s=(]/.test(next) || (double && next === '"')) {
      out += c;
      continue;
    }
    const event = readEvent(line.slice(i), history);
    out += event.text;
    i += event.length - 1;
  }
  return out;
}

function readEvent(rest: string, history: readonly string[]): { text: string; length: number } {
  const match = /^!(!|\$|\^|\*|-?\d+|\?[^?\n]+\??|[^\s:;&|()<>"'$^*]+)/.exec(rest);
  if (!match) return { text: '!', length: 1 };
  const spec = match[1]!;
  let length = match[0].length;
  let word: string | undefined;
  let line: string | undefined;
  if (spec === '$' || spec === '^' || spec === '*') {
    line = history.at(-1);
    word = spec;
  } else if (spec === '!') line = history.at(-1);
  else if (/^-\d+$/.test(spec)) line = history.at(Number(spec));
  else if (/^\d+$/.test(spec)) line = history[Number(spec) - 1];
  else if (spec.startsWith('?')) line = history.findLast((l) => l.includes(spec.slice(1).replace(/\?$/, '')));
  else line = history.findLast((l) => l.startsWith(spec));
  if (line === undefined) throw new HistoryError(`${match[0]}: event not found`);
  const designator = /^:([$^*]|\d+)|^([$^*])/.exec(rest.slice(length));
  if (!word && designator) {
    word = designator[1] ?? designator[2];
    length += designator[0].length;
  }
  if (rest.startsWith(':p', length)) length += 2;
  if (word === undefined) return { text: line, length };
  const words = line.match(/(?:[^\s'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+/g) ?? [];
  if (word === '$') return { text: words.at(-1) ?? '', length };
  if (word === '^') return { text: words[1] ?? '', length };
  if (word === '*') return { text: words.slice(1).join(' '), length };
  return { text: words[Number(word)] ?? '', length };
}
