/** What an imported lesson says where it said nothing before, for its author to replace. */

import type { Language } from '../../../sandbox/words/index.ts';

interface Sentences {
  readonly hints: readonly [string, string];
  readonly notYet: string;
  readonly prepare: string;
  /** Of a step that nothing was checked in. */
  readonly asked: {
    readonly question: string;
    readonly yes: string;
    readonly no: string;
    readonly yesWhy: string;
    readonly noWhy: string;
  };
}

export const SENTENCES: Readonly<Record<Language, Sentences>> = {
  en: {
    hints: ['Read the step again.', 'The commands of the step lead there.'],
    notYet: 'This is not so yet.',
    prepare: 'This prepares the lab:',
    asked: {
      question: 'Have you done this step?',
      yes: 'Yes',
      no: 'Not yet',
      yesWhy: 'Then go on.',
      noWhy: 'Take your time.',
    },
  },
  ja: {
    hints: ['このステップをもう一度読んでみましょう。', 'このステップのコマンドを実行すると、そうなります。'],
    notYet: 'まだそうなっていません。',
    prepare: '次のファイルで、ラボを準備します。',
    asked: {
      question: 'このステップは終わりましたか?',
      yes: 'はい',
      no: 'まだです',
      yesWhy: '次へ進みましょう。',
      noWhy: '急ぐ必要はありません。',
    },
  },
};
