/** What the page says of a teacher's link, in every language: loaded where an address has terms. */

import type { Language } from './index.ts';

export interface AssignmentWords {
  readonly label: string;
  /** Both are times as people of the language write them: `12:00`, `14 min`. */
  readonly ends: (at: string, left: string) => string;
  /** Less than a minute is one. */
  readonly minutes: (count: number) => string;
  readonly hours: (count: number, minutes: number) => string;
  readonly days: (count: number) => string;
  readonly over: (at: string) => string;
  readonly save: string;
  readonly hidden: Readonly<Record<'hints' | 'solutions' | 'both', string>>;
  /** A part of the address that says nothing that can be kept. */
  readonly mistake: (name: string, value: string) => string;
}

export const assignment: Readonly<Record<Language, AssignmentWords>> = {
  en: {
    label: 'Exercise',
    ends: (at, left) => `Ends at ${at}, in ${left}.`,
    minutes: (count) => `${count} min`,
    hours: (count, minutes) => (minutes === 0 ? `${count} h` : `${count} h ${minutes} min`),
    days: (count) => (count === 1 ? '1 day' : `${count} days`),
    over: (at) => `The exercise ended at ${at}. What you did is kept in this browser; nothing more is added to it.`,
    save: 'Save session',
    hidden: {
      hints: 'Hints are hidden.',
      solutions: 'Solutions are hidden.',
      both: 'Hints and solutions are hidden.',
    },
    mistake: (name, value) => `The link says ${name}=${value}, which means nothing here: it is passed over.`,
  },
  ja: {
    label: '演習',
    ends: (at, left) => `${at}に終わります（残り${left}）。`,
    minutes: (count) => `${count}分`,
    hours: (count, minutes) => (minutes === 0 ? `${count}時間` : `${count}時間${minutes}分`),
    days: (count) => `${count}日`,
    over: (at) => `演習は${at}に終わりました。ここまでの操作はこのブラウザに残っています。これ以降は記録されません。`,
    save: 'セッションを保存',
    hidden: {
      hints: 'ヒントは表示されません。',
      solutions: '解答は表示されません。',
      both: 'ヒントと解答は表示されません。',
    },
    mistake: (name, value) => `リンクの ${name}=${value} は解釈できないため、無視しました。`,
  },
};
