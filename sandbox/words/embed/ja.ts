/** Japanese. */

import type { ElementWords, FrameWords } from './index.ts';

const list = (names: readonly string[]) => names.join('、');

export const frame: FrameWords = {
  title: 'Boundのラボ',
  about: 'レッスンのターミナル、図、チェック項目を、ほかのページのフレームに表示します。',
  noScript: 'このラボを使うにはJavaScriptが必要です。',
  inCourse: 'レッスンを開く ↗',
  beginAgain: '最初からやり直す',
  begun: '最初からやり直しました。前のセッションは残っています。',
  unkept: 'このブラウザはフレーム内の保存を許可していません。ここでの作業は、このページを開いている間だけ残ります。',
  unfold: 'すべて表示',
  fold: '折りたたむ',
  problem: {
    noLesson: (all) => `アドレスにレッスンの指定(?lesson=…)がありません。指定できるレッスン: ${list(all)}`,
    lesson: (given, all) => `「${given}」というレッスンはありません。指定できるレッスン: ${list(all)}`,
    step: (given, lesson, all) =>
      `レッスン「${lesson}」に「${given}」というステップはありません。指定できるステップ: ${list(all)}`,
    seed: (given) => `「${given}」はシードとして使えません。0から4294967295までの整数を指定してください。`,
    theme: (given) => `「${given}」という配色はありません。auto、light、darkのいずれかを指定してください。`,
    lessons: 'レッスンを読み込めませんでした。',
  },
};

export const element: ElementWords = {
  title: (lesson) => `Kubernetesのラボ: ${lesson}`,
  run: '実行',
  runOn: (host) => `ラボの${host}で実行`,
  ran: '実行済み',
};
