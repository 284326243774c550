/** Marks lines of a coloured file: `"3,8-10"`. */

import type { ShikiTransformer } from 'shiki';

function parseLines(text: string): ReadonlySet<number> {
  const lines = new Set<number>();
  for (const part of text.split(',').filter(Boolean)) {
    const match = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(part);
    if (!match) throw new Error(`highlight="${text}": lines are written like "3,8-10"`);
    for (let line = Number(match[1]); line <= Number(match[2] ?? match[1]); line += 1) lines.add(line);
  }
  return lines;
}

export function lineMarks(highlight: string): ShikiTransformer {
  const marked = parseLines(highlight);
  return {
    name: 'line-marks',
    line(node, number) {
      if (marked.has(number)) this.addClassToHast(node, 'marked');
    },
  };
}
