/** What the page says of its terminals beyond their tabs, in every language: loaded when a menu, a search or a split is. */

import type { Language } from './index.ts';

export interface TerminalWords {
  readonly menu: string;
  readonly another: (host: string) => string;
  readonly name: string;
  readonly rename: string;
  readonly beside: string;
  readonly below: string;
  readonly unsplit: string;
  readonly unsplitTo: (name: string) => string;
  readonly find: string;
  readonly close: (name: string) => string;
  /** The host's own cannot be closed. */
  readonly stays: string;
  readonly search: {
    readonly label: (name: string) => string;
    readonly previous: string;
    readonly next: string;
    readonly matchCase: string;
    readonly close: string;
    readonly none: string;
    /** `at` counts from one. */
    readonly count: (at: number, all: number) => string;
  };
  readonly keyRow: string;
  readonly arrows: Readonly<Record<'left' | 'down' | 'up' | 'right', string>>;
}

export const terminals: Readonly<Record<Language, TerminalWords>> = {
  en: {
    menu: 'Terminals',
    another: (host) => `New terminal on ${host}`,
    name: 'Name',
    rename: 'Rename',
    beside: 'Two side by side',
    below: 'Two, one below the other',
    unsplit: 'Only this one',
    unsplitTo: (name) => `Only ${name}`,
    find: 'Find in this terminal',
    close: (name) => `Close ${name}`,
    stays: 'The first terminal of a machine stays.',
    search: {
      label: (name) => `Find in ${name}`,
      previous: 'Previous match',
      next: 'Next match',
      matchCase: 'Match case',
      close: 'Close the search',
      none: 'Not found',
      count: (at, all) => (at > 0 ? `${at} of ${all}` : `${all} found`),
    },
    keyRow: 'Keys',
    arrows: { left: 'Left', down: 'Down', up: 'Up', right: 'Right' },
  },
  ja: {
    menu: 'ターミナル',
    another: (host) => `${host}で新しいターミナルを開く`,
    name: '名前',
    rename: '変更',
    beside: '左右に並べる',
    below: '上下に並べる',
    unsplit: '分割を解除',
    unsplitTo: (name) => `${name}だけを表示する`,
    find: 'このターミナルを検索',
    close: (name) => `${name}を閉じる`,
    stays: '各マシンの最初のターミナルは閉じられません。',
    search: {
      label: (name) => `${name}の出力を検索`,
      previous: '前を検索',
      next: '次を検索',
      matchCase: '大文字と小文字を区別する',
      close: '検索を閉じる',
      none: '見つかりません',
      count: (at, all) => (at > 0 ? `${all}件中${at}件目` : `${all}件`),
    },
    keyRow: 'キー',
    arrows: { left: '左', down: '下', up: '上', right: '右' },
  },
};
