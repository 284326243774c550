/** docs/conformance.md: how much agrees, and every disagreement with the reason it stands. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { deviation } from './on-purpose.ts';

export interface Result {
  readonly harness: 'server' | 'client';
  readonly file: string;
  readonly agree: number;
  readonly all: number;
  readonly disagreements: readonly Disagreement[];
}

export interface Disagreement {
  readonly n: number;
  readonly title: string;
  readonly command: string;
}

/** The last result of each file by each harness: a part can be measured again. */
const CACHE = new URL('../../.cache/', import.meta.url);
const RESULTS = new URL('conformance.json', CACHE);

const HEAD = `# How far it agrees with a real cluster

Written by \`npm run conformance -- --write\`. **Server**: the real kubectl 1.35.2 against our API server and the recording's stand-in for the
kubelet, compared with what a real Kubernetes 1.36.2 answered; only what differs between two real clusters is taken out. **Client**: our
kubectl and the real one, each over the same commands against the same served cluster, byte for byte, ages aside; \`raw\` holds HTTP
exchanges, which no kubectl sent. Every disagreement is listed, with the reason it stands; "open" ones have none.
`;

/** Writes these results, and those of an earlier run for the rest. */
export function writeReport(latest: readonly Result[]): void {
  const earlier = existsSync(RESULTS) ? (JSON.parse(readFileSync(RESULTS, 'utf8')) as Result[]) : [];
  const key = ({ harness, file }: Result) => `${harness} ${file}`;
  const results = [...new Map([...earlier, ...latest].map((result) => [key(result), result])).values()];
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(RESULTS, JSON.stringify(results));
  const table = ['| harness | file | agree | | on purpose | open |', '| --- | --- | --- | --- | --- | --- |'];
  for (const result of results) {
    const { harness, file, agree, all } = result;
    const { purpose, open } = explained(result);
    const share = `${((agree / all) * 100).toFixed(1)} %`;
    table.push(`| ${harness} | ${file} | ${agree} of ${all} | ${share} | ${purpose.length} | ${open.length} |`);
  }
  const text = [HEAD, table.join('\n'), ...results.flatMap(section)].join('\n');
  writeFileSync(new URL('../../docs/conformance.md', import.meta.url), `${text.trimEnd()}\n`);
}

/** The disagreements that have a reason, and those that have none yet. */
export function explained({ harness, file, disagreements }: Result) {
  const purpose: { title: string; why: string }[] = [];
  const open: string[] = [];
  for (const { n, title, command } of disagreements) {
    const known = deviation(harness, file, n, command);
    if (known) purpose.push({ title, why: known.why });
    else open.push(title);
  }
  return { purpose, open };
}

function section(result: Result): string[] {
  const { purpose, open } = explained(result);
  if (result.disagreements.length === 0) return [];
  const reasons = new Map<string, string[]>();
  for (const { title, why } of purpose) reasons.set(why, [...(reasons.get(why) ?? []), title]);
  const quoted = (title: string) => `\`${title.replaceAll('`', "'").replaceAll('\n', ' ')}\``;
  const lines = [
    ...[...reasons].map(([why, titles]) => `- ${why}: ${titles.map(quoted).join(', ')}`),
    ...open.map((title) => `- open: ${quoted(title)}`),
  ];
  return [`\n## ${result.harness}: ${result.file}\n\n${lines.join('\n')}`];
}
