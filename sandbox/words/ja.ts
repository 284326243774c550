/** Japanese. */

import type { CheckWords, Strings } from './index.ts';
import { show } from './show.ts';

export const name = '日本語';

export const page: Strings = {
  site: {
    name: 'Bound',
    tagline: '手を動かして学ぶKubernetesのストレージ',
    lead: 'Kubernetesクラスタとkubectl、そしてNFSサーバが、このブラウザタブの中で動きます。インストールもアカウントも不要で、入力した内容が外へ送られることはありません。',
    how: '各レッスンは、短い本文と、その隣で実際に動くターミナルでできています。マニフェストを書き、コマンドを実行し、1つの事実を、Podとサーバ、PVCとPV、コンテナとノードという2つの側から確かめます。ラボが目的の状態になれば、そのステップは完了です。たいていは、示した手順と違っていても構いません。',
    nameNote: '「Bound」は、PersistentVolumeを扱う人なら誰もが待ったことのあるSTATUSです。',
    skipToText: '本文へ移動',
    skipToTerminal: 'ターミナルへ移動',
    lessons: 'レッスン',
    world:
      'レッスンを進んでも戻っても、同じクラスタが続きます。この一覧から開いたレッスンは、前回そこで使ったクラスタで再開します。初めて開くレッスンは、前のレッスンまでを終えた状態のクラスタで始まります。',
    begin: 'レッスン1から始める',
    resume: '続きから始める',
    readInThis: 'この教材を日本語で読む',
    minutes: (n) => `約${n}分`,
    stepsDone: (done, all) => `${all}ステップ中${done}完了`,
    done: '完了',
    theme: '配色',
    themes: { system: 'システム', light: 'ライト', dark: 'ダーク' },
    language: '言語',
    update: { come: 'Boundの新しいバージョンがあります。', use: '再読み込みして更新', later: 'あとで' },
    kept: 'すべてのページをこのブラウザに保存しました。オフラインでも使えます。',
    notFound: 'お探しのページはありません。',
    footer:
      'Kubernetes 1.36と同じようにふるまう、シミュレーションのクラスタです。ファイルもマウントも実物どおりに動き、障害も実物どおりに起こります。',
    source:
      'レッスンは、2018年の記事「Kubernetes PVC と Deployment, StatefulSet の関係を検証してみた」の手順をたどります。',
  },
  lesson: {
    number: (n, all) => `レッスン${n}/${all}`,
    inThisLesson: 'このレッスンの内容',
    around: '前後のレッスン',
    previous: '前のレッスン',
    next: '次のレッスン',
    contents: 'レッスン一覧',
    step: (n) => `ステップ${n}`,
    passed: '完了',
    shown: '自動で完了',
    open: '進行中',
    closed: (title) => `「${title}」が完了すると開きます。`,
    startHere: 'ここから始める',
    startHereNote: 'これより前のステップをすべて終えた状態で、新しいセッションを始めます。今のセッションは残ります。',
    copy: 'コピー',
    copied: 'コピーしました',
    run: '実行',
    runOn: (host) => `${host}で実行`,
    inside: { container: 'コンテナ内', vi: 'vi' },
    insideOn: (where, host) => `${host}の${where}`,
    write: 'ラボに書き込む',
    output: '表示例',
    predict: '実行する前に',
    compare: '結果と比べる',
    thenAndNow: '当時と今',
    note: '補足',
    skip: (duration) => `${duration}進める`,
    units: { s: '秒', m: '分', h: '時間' },
    space: '',
    checkpoints: '達成条件',
    hint: (n) => `ヒント${n}`,
    why: 'なぜ?',
    showMe: '解答を見る',
    showMeNote: 'ターミナルに解答を入力します',
    again: 'このステップをやり直す',
    quiz: '問題',
    right: '正解です。',
    wrong: '惜しい、違います。',
    checkpointPassed: (says) => `条件を満たしました: ${says}`,
    stepPassed: (title) => `ステップ完了: ${title}`,
    noScript: 'ターミナルを使うにはJavaScriptが必要です。本文は、すべてのステップを開いた状態で読めます。',
  },
  lab: {
    label: 'ラボ',
    terminals: 'ターミナル',
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
    leave: 'Tabキーでターミナルから出ます。',
    keys: 'Ctrl+`(日本語キーボードではCtrl+半角/全角)で本文とターミナルを行き来できます。Escに続けてTabを押すと、ターミナルから出ます。',
    split: '本文の幅',
    menu: 'ラボ',
    undo: '直前のコマンドを取り消す',
    beginAgain: 'このレッスンを最初からやり直す',
    share: 'このセッションのリンクをコピー',
    shared: 'リンクをコピーしました。開くと、今と同じ状態のラボが再現されます。',
    shareLong:
      'セッションが長くリンクに収まらないため、ファイルに保存しました。ラボのメニューの「セッション一覧」から、ほかのブラウザでも開けます。',
    shareNoClipboard: 'リンクをコピーできなかったため、セッションをファイルに保存しました。',
    save: 'このセッションをファイルに保存',
    undone: (host, command) => `取り消しました(${host}): ${command}`,
    dropHere: 'セッションのファイルをここにドロップ',
    nothingToUndo: '取り消せるコマンドはありません。',
    screenReader: 'スクリーンリーダーモード',
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
    occupied: {
      question: (running, host) => `${host}で「${running}」が実行中です。`,
      editing: (running, host) => `${host}で「${running}」が開いたままです。閉じると、保存していない内容は失われます。`,
      busy: (host) => `${host}のシェルでは、先に入力したコマンドがまだ実行中です。`,
      outside:
        'このコマンドは、コンテナ内のシェルやエディタに入力するものです。先に、その前のコマンドを実行して開いてください。',
      toRun: '実行するコマンド:',
      stop: '終了させて実行',
      discard: '保存せずに閉じて実行',
      another: '別のターミナルで実行',
      here: 'このまま入力する',
      leave: 'キャンセル',
    },
    sessions: {
      open: 'セッション一覧…',
      title: 'セッション一覧',
      about:
        'このブラウザには、最近のセッションが10件まで保存されます。別のレッスンに移っても、同じセッションが続きます。',
      begun: '新しいセッションを始めました。前のセッションには「ラボ」→「セッション一覧」から戻れます。',
      commands: (n) => `コマンド${n}件`,
      step: (n, title) => `ステップ${n}: ${title}`,
      last: '最後のコマンド:',
      origins: { link: 'リンクから', file: 'ファイルから', fork: '一部を復元' },
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
  },
  host: {
    title: 'ラボの実行場所',
    where: { worker: 'このタブ', webcontainer: 'WebContainer' },
    trying: 'このタブ(WebContainer起動中)',
    here: {
      worker: 'ラボは、このブラウザタブのWorkerで動いています。',
      webcontainer:
        'ラボは、WebContainer内のNode.jsプロセスとして動いています。その中では、APIサーバがhttp://localhost:6443で待ち受けています。',
    },
    tryingHere: 'WebContainerを起動しています。そのまま作業を続けられます。準備ができると、ラボがそちらへ移ります。',
    why: {
      blocked:
        'WebContainerを使えません。StackBlitzのフレームを読み込めませんでした。ネットワーク、プロキシ、広告ブロッカーなどに遮られているか、オフラインの可能性があります。',
      'not-isolated':
        'WebContainerを使えません。ページがクロスオリジン分離されている必要がありますが、このサイトはそのためのヘッダなしで配信されています。',
      silent:
        'WebContainerを使えません。時間内に応答がありませんでした。サードパーティCookieのブロックや、遅いネットワークが主な原因です。',
      died: 'WebContainerが途中で終了しました。ラボはこのタブで続いています。セッションの内容は失われていません。',
      unsupported: 'WebContainerを使えません。必要な機能がこのブラウザにありません。',
    },
    raw: 'エラーの詳細',
    again: 'もう一度試す',
    reload: '再読み込みして、もう一度試す',
    reloadNote:
      '1つのページでWebContainerを起動できるのは1回だけです。もう一度試すには、再読み込みが必要です。セッションは保存されています。',
    choose: 'ラボの実行場所',
    choices: { auto: '自動', webcontainer: 'WebContainer', worker: 'このタブ' },
    notes: {
      auto: 'まずこのタブで起動し、WebContainerを使えればそちらへ移ります。その際、StackBlitzのサーバに接続します。接続が遮られた場合、このタブを閉じるまで再試行しません。',
      webcontainer: '「自動」と同じですが、ページを開くたびに試します。',
      worker: 'ほかのサーバには一切接続しません。',
    },
    about: 'WebContainerでできること',
  },
  programs: {
    title: '自分のプログラム',
    open: '「自分のプログラム」を開く',
    hide: '「自分のプログラム」を隠す',
    terminal: '「自分のプログラム」のターミナル',
    kept: (files) => `${files}ファイルを保存済み`,
    left: (names) => `1 MBを超えたため保存されません: ${names}`,
    alone: '現在、ラボはこのタブで動いているため、localhost:6443は応答しません。シェルとファイルはそのまま使えます。',
    failed: 'シェルを起動できませんでした。',
    link: 'クラスタの隣で、自分のプログラムを動かす',
    invitation:
      'このクラスタは本物と同じAPIを備えています。ブラウザでWebContainerが動けば、自作のプログラムから呼び出せます。',
    now: {
      worker:
        '現在、ラボはこのタブで動いています。ここにはクラスタのポートもNode.jsもないため、プログラムは実行できません。本文はこのまま読めます。',
      trying: 'WebContainerを起動しています。このまま読み進めてください。準備ができると、下にボタンが現れます。',
      webcontainer: 'ラボはWebContainerで動いています。このページの内容はすべて試せます。',
      badge: '理由の確認と実行場所の変更は、ターミナルの右下の表示から行えます。',
    },
  },
  picture: {
    why: (name) => `${name}がこの状態である理由`,
    title: '現在のクラスタ',
    fold: '図を隠す',
    unfold: '図を表示',
    words: '文章で読む',
    empty: 'ワークロード、PVC、PVはまだありません。',
    layers: { workloads: 'ワークロード', pods: 'Pod', claims: 'PVC', volumes: 'PV', exports: 'NFSサーバ' },
    unscheduled: 'ノード未割り当て',
    more: (n) => `ほか${n}個`,
    ready: (ready, all) => `${ready}/${all} Ready`,
    notReady: 'NotReady',
    cordoned: 'SchedulingDisabled',
    exported: 'エクスポート済み',
    notExported: '未エクスポート',
    noFiles: '空',
    files: (n) => `${n}ファイル`,
    describe: (kind, name) => `${kind} ${name}をdescribeする`,
    list: (path) => `NFSサーバで${path}の中身を表示する`,
    sentences: {
      workload: (kind, name, ready, all) => `${kind} ${name}: ${all}個中${ready}個のPodがReadyです。`,
      pod: (name, status, node, claims) =>
        `Pod ${name}: ${status}${node ? `、${node}上` : ''}${claims ? `、PVC ${claims}を使用` : ''}。`,
      claim: (name, status, volume) => `PVC ${name}: ${status}${volume ? `、PV ${volume}にバインド済み` : ''}。`,
      volume: (name, status, server, path) => `PV ${name}: ${status}${path ? `、実体は${server}:${path}` : ''}。`,
      export: (path, exported, files) =>
        `NFSサーバのディレクトリ${path}: ${exported ? 'エクスポート済み' : '未エクスポート'}、${files || '空'}。`,
      mount: (volume, node, pod) => `PV ${volume}は、Pod ${pod}のために${node}でマウントされています。`,
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
