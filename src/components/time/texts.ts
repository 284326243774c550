/** Marks and lengths of time in words. */

import type { TimeWords } from '../../../sandbox/words/time/index.ts';
import type { Mark } from '../../runtime/past/marks.ts';
import type { Titles } from '../../runtime/titles.ts';

export function textOf(mark: Mark, words: TimeWords, titles: Titles): string {
  switch (mark.type) {
    case 'command':
      return words.command(mark.host.replace(':', ' '), mark.text);
    case 'open':
      return words.open(titles.lesson(mark.place.lesson) ?? mark.place.lesson);
    case 'solve':
      return words.solve(titles.step(mark.place.lesson, mark.place.step)?.title ?? mark.place.step);
    case 'save':
      return words.save(mark.host, mark.path);
    case 'power':
      return words.power(mark.host, mark.on);
    case 'event':
      return words.event(mark.kind, mark.name, mark.what);
  }
}

export function ago(ms: number, words: TimeWords): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 90) return words.ago(seconds, 's');
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? words.ago(minutes, 'm') : words.ago(Math.round(minutes / 60), 'h');
}
