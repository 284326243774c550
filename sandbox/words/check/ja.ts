/** Japanese. */

import type { CheckCommandWords } from './index.ts';

export const ja: CheckCommandWords = {
  verdicts: { met: '達成', 'not met': '未達成', unknown: '確認できず' },
  sights: {
    objects: ({ resource, why }) =>
      `${resource} の一覧を取得する権限がありません(${why})。一覧を取得できるユーザーが必要です。`,
    machine: ({ host }) =>
      host === 'nfs'
        ? 'NFSサーバーのエクスポートと、動作中の Pod がマウントしていないファイルは見えません。--nfs-host USER@HOST を指定すると確認できます。'
        : `${host} のファイル、マウント、パッケージは見えません。--host ${host}=USER@HOST を指定すると確認できます。`,
    'no-answer': ({ host, target, why }) =>
      `${host} に接続できませんでした(ssh ${target}: ${why})。パスワードなしでログインできる必要があります。`,
    unreadable: ({ host, path }) =>
      `${host} の ${path} は、sshでログインしたユーザーには読めません。読み取り権限のあるユーザーが必要です。`,
    author: ({ host, path }) =>
      `${host} に ${path} はありますが、実際のファイルシステムには、誰がファイルを作成し書き込んだかが記録されません。記録されるのはシミュレーションだけです。ご自身で確かめてください。`,
    documents: ({ host }) =>
      `${host} に書かれたマニフェストは調べません。オブジェクトがクラスターに作成されると確認できます。`,
    before: ({ step }) =>
      `${step} を始めた時点のクラスターの状態がわかりません。ステップの前に --state FILE を付けて一度チェックし、後でも同じファイルを指定すると確認できます。`,
    container: ({ pod, why }) =>
      `${pod} のコンテナの中を調べられませんでした(${why})。pods/exec の権限と、イメージの中のシェルが必要です。`,
    address: ({ host }) => `${host} のアドレスがわかりません。この名前の Node がクラスターに必要です。`,
  },
  needs: '見えないもの:',
  reasonUnseen: '理由を知るには見えないもの:',
  narrowed: (resources) => `次の種類は名前空間 default しか見られませんでした: ${resources}`,
  nothingToCheck: 'このステップには質問だけがあり、チェックするものはありません。',
  total: (met, notMet, unknown) => `達成 ${met}、未達成 ${notMet}、確認できず ${unknown}`,
  cannotAsk: (why) => `クラスターに問い合わせできませんでした: ${why}`,
  prepare: {
    title: (lesson) => `レッスン「${lesson}」を実際のクラスターで行うのに必要なもの`,
    nodes: '次の名前のノード',
    machines: '操作するマシン',
    servers: 'NFSサーバー',
    exports: 'エクスポートするディレクトリ',
    options: (options) => `オプション ${options}`,
    images: 'イメージ',
    packages: 'マシンに入れるパッケージ',
    makes: '作成されるオブジェクト(名前空間 default)',
    expects: '前のレッスンのオブジェクト',
    nothing: 'なし',
    taken: 'すでにあります。レッスンと衝突するか、変更されます',
    free: 'まだありません',
    there: 'あります',
    missing: 'ありません',
    unseen: '確認できません',
    collisions: (n) =>
      n === 0 ? '作成されるものと衝突するものはありません。' : `作成されるもののうち${n}件がすでにあります。`,
  },
};
