/** The engine's own words, used where an author gave no reason: what was wanted, and what was seen. */

import type { Difference } from './match.ts';

type Language = 'en' | 'ja';

interface Texts {
  noSuchObject(kind: string, name: string, others: readonly string[]): string;
  differs(kind: string, name: string, differences: readonly Difference[]): string;
  notYet: string;
}

export const texts: Record<Language, Texts> = {
  en: {
    noSuchObject: (kind, name, others) =>
      others.length > 0
        ? `There is no ${kind} ${name} yet (there is: ${others.join(', ')}).`
        : `There is no ${kind} ${name} yet.`,
    differs: (kind, name, list) =>
      `${kind} ${name}: ${list
        .map((d) =>
          d.seen === undefined
            ? `${d.path} is not set, it should be ${show(d.wanted)}`
            : `${d.path} is ${show(d.seen)}, not ${show(d.wanted)}`,
        )
        .join('; ')}.`,
    notYet: 'Not so yet.',
  },
  ja: {
    noSuchObject: (kind, name, others) =>
      others.length > 0
        ? `${kind} ${name}がまだありません(あるのは${others.join('、')}です)。`
        : `${kind} ${name}がまだありません。`,
    differs: (kind, name, list) =>
      `${kind} ${name}: ${list
        .map((d) =>
          d.seen === undefined
            ? `${d.path}が設定されていません(正しくは${show(d.wanted)})`
            : `${d.path}が${show(d.wanted)}ではなく${show(d.seen)}になっています`,
        )
        .join('、')}。`,
    notYet: 'まだその状態になっていません。',
  },
};

function show(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : JSON.stringify(value);
}
