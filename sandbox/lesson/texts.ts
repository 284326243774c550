/** The engine's own words, used where an author gave no reason: what was wanted, and what was seen. */

import type { Difference } from './match.ts';

type Language = 'en' | 'ja';

interface Texts {
  noSuchObject(kind: string, name: string, others: readonly string[]): string;
  differs(kind: string, name: string, differences: readonly Difference[]): string;
  notYet: string;
  exitCode(command: string, host: string, code: number, output: string): string;
  output(command: string, host: string, output: string): string;
  timedOut(command: string, host: string): string;
}

export const texts: Record<Language, Texts> = {
  en: {
    noSuchObject: (kind, name, others) =>
      others.length > 0
        ? `There is no ${kind} ${name} yet (there is: ${others.join(', ')}).`
        : `There is no ${kind} ${name} yet.`,
    differs: (kind, name, list) =>
      `${kind} ${name}: ${list
        .map((d) =>
          d.seen === undefined
            ? `${d.path} is not set, it should be ${show(d.wanted)}`
            : `${d.path} is ${show(d.seen)}, not ${show(d.wanted)}`,
        )
        .join('; ')}.`,
    notYet: 'Not so yet.',
    exitCode: (command, host, code, output) =>
      `On ${host}, \`${command}\` ended with exit status ${code}${output ? `: ${output}` : '.'}`,
    output: (command, host, output) =>
      `On ${host}, \`${command}\` does not show it yet${output ? `: ${output}` : '; it printed nothing.'}`,
    timedOut: (command, host) => `On ${host}, \`${command}\` does not come back.`,
  },
  ja: {
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
    exitCode: (command, host, code, output) =>
      `${host}での\`${command}\`の終了ステータスが${code}でした${output ? `: ${output}` : '。'}`,
    output: (command, host, output) =>
      `${host}での\`${command}\`の出力に、まだ現れていません${output ? `: ${output}` : '(何も表示されません)。'}`,
    timedOut: (command, host) => `${host}で実行した\`${command}\`が終わりません。`,
  },
};

function show(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : JSON.stringify(value);
}
