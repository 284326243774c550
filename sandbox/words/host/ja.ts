/** Japanese. */

import type { HostWords } from './index.ts';

export const ja: HostWords = {
  host: {
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
};
