/** docs/conformance.md: how much agrees, and every disagreement with the reason it stands. */

import { writeFileSync } from 'node:fs';
import type { Deviation } from './on-purpose.ts';

export interface Result {
  readonly harness: 'server' | 'client';
  readonly file: string;
  readonly agree: number;
  readonly all: number;
  readonly purpose: readonly (readonly [title: string, deviation: Deviation])[];
  /** What nobody has explained yet. */
  readonly open: readonly string[];
}

const HEAD = `# How far it agrees with a real cluster

Written by \`npm run conformance -- --write\`. **Server**: the real kubectl 1.35.2 against our API server and the recording's stand-in for the
kubelet, compared with what a real Kubernetes 1.36.2 answered; only what differs between two real clusters is taken out. **Client**: our
kubectl and the real one, each over the same commands against the same served cluster, byte for byte, ages aside; \`raw\` holds HTTP
exchanges, which no kubectl sent. Every disagreement is listed, with the reason it stands; "open" ones have none.
`;

export function writeReport(results: readonly Result[]): void {
  const rows = results.map(
    ({ harness, file, agree, all, purpose, open }) =>
      `| ${harness} | ${file} | ${agree} of ${all} | ${((agree / all) * 100).toFixed(1)} % | ${purpose.length} | ${open.length} |`,
  );
  const table = ['| harness | file | agree | | on purpose | open |', '| --- | --- | --- | --- | --- | --- |', ...rows];
  const text = [HEAD, table.join('\n'), ...results.flatMap(disagreements)].join('\n');
  writeFileSync(new URL('../../docs/conformance.md', import.meta.url), `${text.trimEnd()}\n`);
}

function disagreements({ harness, file, purpose, open }: Result): string[] {
  if (purpose.length + open.length === 0) return [];
  const reasons = new Map<string, string[]>();
  for (const [title, { why }] of purpose) reasons.set(why, [...(reasons.get(why) ?? []), title]);
  const quoted = (title: string) => `\`${title.replaceAll('`', "'").replaceAll('\n', ' ')}\``;
  const lines = [
    ...[...reasons].map(([why, titles]) => `- ${why}: ${titles.map(quoted).join(', ')}`),
    ...open.map((title) => `- open: ${quoted(title)}`),
  ];
  return [`\n## ${harness}: ${file}\n\n${lines.join('\n')}`];
}
