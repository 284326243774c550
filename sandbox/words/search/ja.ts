/** 日本語: 検索の言葉。検索と一緒に読み込まれる。 */

import type { SearchWords } from './index.ts';

export const search: SearchWords = {
  title: '教材とAPIを検索',
  label: 'レッスン、ステップ、KubernetesのKindを検索',
  placeholder: '回収ポリシー、マウント、PersistentVolumeClaim など',
  close: '閉じる',
  loading: '検索データを読み込んでいます…',
  failed: '検索データを読み込めませんでした。いったん閉じて、もう一度試してください。',
  hint: '矢印キーで選び、Enterキーで移動、Escキーで閉じます。Ctrl+Shift+Kなら、ターミナルからも開けます。',
  slash: '文字入力中でないとき、/キーだけで検索を開く',
  nothing: (asked) => `「${asked}」は、レッスンにもAPIにも見つかりませんでした。`,
  found: (steps, kinds) =>
    [...(steps > 0 ? [`レッスン内${steps}か所`] : []), ...(kinds > 0 ? [`APIのKind ${kinds}個`] : [])].join('、'),
  overview: 'レッスン全体',
  api: 'Kubernetes API',
  back: '検索結果に戻る',
  fields: 'フィールド',
  field: 'フィールド',
  says: 'APIの説明(英語)',
  scope: { namespaced: 'Namespaceに属する', cluster: 'クラスタ全体' },
  short: (names) => `短縮名 ${names}`,
  explain: 'さらに詳しく(master01):',
  run: '実行',
};
