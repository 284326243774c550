/** Japanese. */

import type { CheckCommandWords } from './index.ts';

export const ja: CheckCommandWords = {
  verdicts: { met: '達成', 'not met': '未達成', unknown: '確認できず' },
  sights: {
    objects: ({ resource, why }) => `${resource}を一覧できません(${why})。一覧する権限を持つユーザーなら確認できます。`,
    machine: ({ host }) =>
      host === 'nfs'
        ? 'NFSサーバのエクスポートと、動作中のPodがマウントしていないファイルは見えません。--nfs-host USER@HOSTを指定すると確認できます。'
        : `${host}のファイル、マウント、パッケージは見えません。--host ${host}=USER@HOSTを指定すると確認できます。`,
    'no-answer': ({ host, target, why }) =>
      `${host}に接続できませんでした(ssh ${target}: ${why})。パスワードなしでログインできれば確認できます。`,
    unreadable: ({ host, path }) =>
      `${host}の${path}は、sshでログインしたユーザーには読めません。読めるユーザーなら確認できます。`,
    author: ({ host, path }) =>
      `${host}に${path}はありますが、誰が作って誰が書き込んだかは、実際のファイルシステムには残りません(残るのはシミュレーションの中だけです)。ご自身で確かめてください。`,
    documents: ({ host }) =>
      `${host}に書かれたマニフェストは調べません。オブジェクトがクラスタに作られれば確認できます。`,
    before: ({ step }) =>
      `${step}を始めたときのクラスタの状態がわかりません。ステップに取りかかる前に--state FILEを付けて一度チェックし、終えてから同じファイルを指定すると確認できます。`,
    container: ({ pod, why }) =>
      `${pod}のコンテナの中を調べられませんでした(${why})。pods/execの権限と、イメージの中のシェルがあれば確認できます。`,
    netgroup: ({ path }) =>
      `${path}はnetgroupにエクスポートされていて、誰がそれに含まれるかは調べません。ノードへのエントリがあれば確認できます。`,
    address: ({ host }) => `${host}のアドレスがわかりません。この名前のNodeがクラスタにあれば確認できます。`,
  },
  needs: '見えないもの:',
  reasonUnseen: '理由がわからないのは、次のものが見えないためです:',
  narrowed: (resources) => `次の種類は、Namespace defaultのものしか見えませんでした: ${resources}`,
  nothingToCheck: 'このステップには問題だけがあり、チェックするものはありません。',
  total: (met, notMet, unknown) => `達成 ${met}、未達成 ${notMet}、確認できず ${unknown}`,
  cannotAsk: (why) => `クラスタに問い合わせできませんでした: ${why}`,
  prepare: {
    title: (lesson) => `レッスン「${lesson}」を実際のクラスタで行うのに必要なもの`,
    nodes: '次の名前のノード',
    machines: '操作するマシン',
    servers: 'NFSサーバ',
    exports: 'エクスポートするディレクトリ',
    options: (options) => `オプション ${options}`,
    images: 'イメージ',
    packages: 'マシンに入れるパッケージ',
    makes: 'このレッスンで作るオブジェクト(Namespace default)',
    expects: '前のレッスンから引き継ぐオブジェクト',
    nothing: 'なし',
    taken: 'すでにあります。レッスンと衝突するか、書き換えられます',
    free: 'まだありません',
    there: 'あります',
    missing: 'ありません',
    unseen: '確認できません',
    collisions: (n) =>
      n === 0
        ? 'このレッスンで作るものは、まだ1つもありません。'
        : `このレッスンで作るもののうち、${n}件がすでにあります。`,
  },
};
