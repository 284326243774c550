/** Japanese. */

import type { SessionWords } from './index.ts';

export const ja: SessionWords = {
  menu: {
    undo: '直前のコマンドを取り消す',
    lookBack: '過去の状態を見る…',
    beginAgain: 'このレッスンを最初からやり直す',
    share: 'このセッションのリンクをコピー',
    shared: 'リンクをコピーしました。開くと、今と同じ状態のラボが再現されます。',
    shareLong:
      'セッションが長くリンクに収まらないため、ファイルに保存しました。ラボのメニューの「セッション一覧」から、ほかのブラウザでも開けます。',
    shareNoClipboard: 'リンクをコピーできなかったため、セッションをファイルに保存しました。',
    save: 'このセッションをファイルに保存',
    undoneSave: (host, path) => `取り消しました(${host}): ${path} の保存`,
    undone: (host, command) => `取り消しました(${host}): ${command}`,
    nothingToUndo: '取り消せるコマンドはありません。',
    screenReader: 'スクリーンリーダーモード',
    copyOnSelect: '文字列を選択したら自動でコピーする',
    wrapLines: '長い行を画面の端で折り返す',
    keys: 'Ctrl+@(英語キーボードではCtrl+`)で本文とターミナルを行き来できます。Escに続けてTabを押すと、ターミナルから出られます。Ctrl+Shift+Fで検索、Ctrl+Shift+←/→で左右にスクロールします。',
    sessions: 'セッション一覧…',
    report: '実物と違う点を報告する…',
  },
  sessions: {
    title: 'セッション一覧',
    about:
      'このブラウザには、最近のセッションが10件まで保存されます。別のレッスンに移っても、同じセッションが続きます。',
    commands: (n) => `コマンド${n}件`,
    step: (n, title) => `ステップ${n}: ${title}`,
    last: '最後のコマンド:',
    origins: { link: 'リンクから', file: 'ファイルから', fork: '一部を復元', branch: '過去の時点から分岐' },
    current: 'このタブで使用中',
    elsewhere: '別のタブで使用中',
    goBack: 'このセッションに戻る',
    download: 'ダウンロード',
    remove: '削除',
    reallyRemove: '完全に削除する',
    none: 'セッションはまだありません。最初のコマンドを実行すると保存されます。',
    openFile: 'ファイルを開く…',
    close: '閉じる',
  },
  name: {
    title: '先生に伝える名前を入力しますか',
    about:
      '名前はファイルに書き込まれ、このブラウザだけに記憶されます。名前がなくても保存できます。あとで「ラボ」→「セッション一覧」から変更できます。',
    label: '名前',
    without: '名前なしで保存',
    save: '保存',
    inFiles: '保存するファイルに入れる名前',
  },
  report: {
    title: '実際のクラスタと違う点を報告する',
    about:
      'コマンドやAPI、マシンの応答が実物と違っていましたか。プロジェクトのサイトにあるフォームに、入力した内容、Boundの応答、実物の応答を書いてください。',
    log: 'セッションの記録があれば、誰でも同じ状態を再現できます。ファイルに保存して、フォームに添付してください。記録には、このセッションで入力した内容がすべて含まれます。',
    save: '記録をファイルに保存する',
    saved: (file) => `${file}に保存しました。`,
    open: 'フォームを開く',
    close: '閉じる',
    typed: (lesson, host, command) => `レッスン: ${lesson}、${host}での最後のコマンド: ${command}`,
    build: (name) => `Bound ${name}`,
  },
  occupied: {
    question: (running, host) => `${host}で「${running}」が実行中です。`,
    editing: (running, host) => `${host}で「${running}」が開いたままです。閉じると、保存していない内容は失われます。`,
    busy: (host) => `${host}のシェルでは、先に入力したコマンドがまだ実行中です。`,
    outside:
      'このコマンドは、コンテナ内のシェルやエディタに入力するものです。先に、前のコマンドを実行してシェルやエディタを開いてください。',
    toRun: '実行するコマンド:',
    stop: '終了させて実行',
    discard: '保存せずに閉じて実行',
    another: '別のターミナルで実行',
    here: 'このまま入力する',
    leave: 'キャンセル',
  },
};
