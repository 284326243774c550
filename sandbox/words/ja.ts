/** Japanese. */

import type { CheckWords, Strings } from './index.ts';
import { show } from './show.ts';

export const page: Strings = {
  site: {
    resume: '続きから始める',
    stepsDone: (done, all) => `${all}ステップ中${done}完了`,
    done: '完了',
  },
  lesson: {
    passed: '完了',
    shown: '自動で完了',
    open: '進行中',
    outline: {
      closed: 'まだ開けません',
    },
    checkpointPassed: (says) => `条件を満たしました: ${says}`,
    ofAll: (done: number, all: number) => `${done}/${all}`,
    stepPassed: (title) => `ステップ完了: ${title}`,
  },
  lab: {
    terminals: 'ターミナル',
    files: 'ファイル',
    terminalOf: (host) => `${host}のターミナル`,
    starting: 'クラスタを起動しています…',
    restoring: '前回の続きを復元しています…',
    loadingTerminal: 'ターミナルを読み込んでいます…',
    failed: 'ラボを起動できませんでした。',
    stopped: 'ラボが停止しました。セッションは保存されています。再起動するか、ページを再読み込みしてください。',
    failedHelp:
      'まずページを再読み込みしてください。それでも起動しない場合は、ブラウザが古い(2年以上前のバージョン)か、拡張機能がWorkerをブロックしていることが主な原因です。',
    reload: '再読み込み',
    silent: 'ラボからしばらく応答がありません。直前のコマンドを処理しているのかもしれません。',
    restart: '再起動して操作を再現する',
    restartWithout: '直前のコマンドを除いて再起動する',
    keepWaiting: 'このまま待つ',
    news: {
      label: '現在地',
      step: (n: number) => `ステップ${n}が完了しました。`,
      shown: (n: number) => `ステップ${n}を自動で完了しました。`,
      lesson: 'このレッスンは完了です。',
      next: '次:',
      missing: '未達成:',
      question: '問題に答える',
    },
    wayOut:
      'Escに続けてTabを押すと、ターミナルから出られます。Ctrl+@(英語キーボードではCtrl+`)で本文と行き来できます。',
    fullScreen:
      'プログラムが画面全体を使っています。viはEscに続けて:q!とEnterで保存せずに終了し、:wqで保存して終了します。lessとtopはqで終了します。',
    typeHere: 'ここに入力します',
    newTerminal: (host) => `${host}で新しいターミナルを開く`,
    moreTerminals: 'ターミナルのメニュー',
    forScreenReaders: 'スクリーンリーダーをお使いの場合: ターミナルを1行ずつ読めるようにする',
    copyRefused: 'ブラウザがコピーを許可しませんでした。許可すると、選択した文字列をCtrl+Cでコピーできます。',
    menu: 'ラボ',
    begun: '新しいセッションを始めました。前のセッションには「ラボ」→「セッション一覧」から戻れます。',
    dropHere: 'セッションのファイルをここにドロップ',
    time: 'ラボの時刻',
    speed: (factor) => `${factor}倍`,
    speedLabel: '時間の進む速さ',
    skipAhead: '時間を進める',
    duration: (n, unit) => `${n}${{ s: '秒', m: '分', h: '時間' }[unit]}`,
    unread: '(新しい出力あり)',
    waiting: (what) => `待機中: ${what}`,
    sheet: { open: 'ターミナルを開く', close: 'ターミナルを閉じる', taller: '広げる', shorter: '狭める' },
    gotIt: '閉じる',
    putAway: 'このお知らせを閉じる',
    tryAgain: 'もう一度試す',
    raw: 'エラーの詳細',
    slow: 'クラスタの時計がほとんど進んでいません。負荷の高い処理が動いているようです。それを実行したターミナルでCtrl-Cを押すと、止められることがあります。',
    unloadable:
      'ラボの一部をまだ読み込めていません。読み込めるまでクラスタは止まりますが、セッションの内容は失われません。',
    replaying: (done, all) =>
      all > 0 ? `前回の続きを復元しています(入力${all}件中${done}件)。` : '前回の続きを復元しています。',
    stopReplay: '中止',
    watching: 'このセッションは別のタブで使用中です。このタブには途中の状態が表示されていて、操作はできません。',
    takeOver: 'このタブで引き継ぐ',
    broken: 'Boundのセッションとして読み込めませんでした。',
    world: {
      fresh: '前のレッスンまでを終えた状態で用意した、新しいクラスタです。',
      takeOwn: 'これまで使っていたクラスタで続ける',
      same: 'さきほどのレッスンから引き続き使っているクラスタです。',
      own: '前回の続きのクラスタです。',
      link: 'リンクから開いたセッションです。ここでの操作は、元とは別のセッションとして保存されます。',
      file: 'ファイルから開いたセッションです。ここでの操作は、元とは別のセッションとして保存されます。',
      takeFresh: 'このレッスンを新しいクラスタで始める',
    },
    setAside: {
      kinds: {
        'unknown-place': 'このセッションには、今の教材にないステップが含まれています。',
        'unknown-host': 'このセッションには、今のラボにないマシンが含まれています。',
        diverged: '保存後にラボが更新されたため、このセッションを再現しても同じ状態になりません。',
        endless: 'セッションを復元できませんでした。終わらない処理が含まれています。',
        crowded: 'セッションを復元できませんでした。マシンの容量を使い切る処理が含まれています。',
        unfinished: 'セッションを復元できませんでした。復元中にタブが2回クラッシュしました。',
        damaged: 'セッションのデータが壊れていて、読み込めません。',
        failed: 'セッションを復元できませんでした。',
      },
      without: (command) =>
        command
          ? `ラボを、最後のコマンド「${command.length > 60 ? `${command.slice(0, 60)}…` : command}」を実行する前の状態に戻しました。元のセッションは残っています。`
          : 'ラボを、最後のコマンドを実行する前の状態に戻しました。元のセッションは残っています。',
      stepBegun: '到達していたステップの最初から始めます。元のセッションは残っています。',
      download: '元のセッションをダウンロード',
      openAnyway: 'このまま開く',
    },
    unkept: {
      refused: 'このブラウザでは、このページのデータを保存できません。セッションは、ページを閉じると失われます。',
      hanging: 'ブラウザのストレージが応答しません。このままページを閉じると、セッションは失われます。',
      full: 'ブラウザのストレージに空きがありません。空きができるまで、操作は保存されません。セッションは、ラボのメニューからファイルに保存できます。',
      failed:
        'ブラウザのストレージに書き込めません。このままページを閉じると、セッションは失われます。その前に、ラボのメニューからファイルに保存できます。',
    },
  },
  /** The badge; what it opens has words of its own. */
  host: {
    title: 'ラボの実行場所',
    where: { worker: 'このタブ', webcontainer: 'WebContainer' },
    trying: 'このタブ(WebContainer起動中)',
    here: {
      worker: 'ラボは、このブラウザタブのWorkerで動いています。',
      webcontainer:
        'ラボは、WebContainer内のNode.jsプロセスとして動いています。その中では、APIサーバがhttp://localhost:6443で待ち受けています。',
    },
  },
};

export const checks: CheckWords = {
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
};
