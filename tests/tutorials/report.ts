/** The report of a run: per page what agrees, and each line that differs with the reason. */

import type { Difference } from './compare.ts';
import type { Outcome } from './reader.ts';
import { REASONS, type Reason } from './reasons.ts';

export interface PageOutcome {
  readonly page: string;
  readonly title: string;
  readonly outcomes: readonly Outcome[];
}

/** Lines of one command that are quoted; of a long one the beginning tells enough. */
const QUOTED = 14;
const WIDTH = 150;

export function reportOf(pages: readonly PageOutcome[], website: string): string {
  const used = new Reasons();
  const sections = pages.map((page) => sectionOf(page, used));
  const rows = pages.map(({ page, title, outcomes }) => {
    const { agree, all, shown, shownAgree } = countsOf(outcomes);
    const kinds = outcomes.filter(({ verdict }) => verdict === 'differs').map((one) => kindOf(page, one));
    const of = (kind: Reason['kind']) => kinds.filter((one) => one === kind).length;
    const counts = [
      `${agree} of ${all}`,
      `${shownAgree} of ${shown}`,
      of('page'),
      of('reader'),
      of('cluster'),
      of('ours'),
    ];
    return `| [${title}](https://kubernetes.io/docs/${page.replace(/\.md$/, '/')}) | ${counts.join(' | ')} |`;
  });
  const reasons = used.list().map(({ kind, why }, n) => `| ${n + 1} | ${KINDS[kind]} | ${why} |`);
  return `# Tutorials that nobody here wrote

What the Kubernetes documentation's own pages have one type, typed with the real kubectl 1.35.2 against \`lab serve\`, and compared with
what they print. Made by \`npm run tutorials -- --website DIR --report docs/tutorials.md\`; DIR was kubernetes/website, ${website}.

The commands run as published, in their order: in a terminal, in the shells they open (\`kubectl exec -it\`, \`kubectl run -i --tty\`, a shell on the
node by \`kubectl debug node/…\` and \`chroot /host\`), in the terminal that a watch was left in. \`https://k8s.io/examples/\` is served from
DIR on loopback. What a page takes for granted (one node, volumes where nothing provisions them, names for its \`<placeholders>\`) is in
\`tests/tutorials/notes.ts\`. Compared line by line without what differs between any two clusters: ages, times, uids, addresses, ports, hashes and
suffixes of names, column widths, indentation; of a watch, what each object went through. A page that announces an output "similar to this" is held to
it all the same. A block that is typed at once counts as one command; one without printed output agrees if it ends well.

| page | commands that agree | of those with printed output | differ: page | reader | cluster | lab |
| --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

A command that differs is counted once, by the last of these that one of its lines has: \`page\` (out of date against 1.36, or wrong), \`reader\` (the order in which one reads),
\`cluster\` (another cluster, other hardware, another pace), \`lab\` (ours, still to be mended).

## Why lines differ

| | whose | reason |
| --- | --- | --- |
${reasons.join('\n')}

${sections.join('\n')}`;
}

const KINDS: Readonly<Record<Reason['kind'], string>> = {
  page: 'page',
  cluster: 'cluster',
  reader: 'reader',
  ours: 'lab',
};

/** In the order in which they come up. */
class Reasons {
  readonly #all: Reason[] = [];

  numberOf(reason: Reason): number {
    if (!this.#all.includes(reason)) this.#all.push(reason);
    return this.#all.indexOf(reason) + 1;
  }

  list(): readonly Reason[] {
    return this.#all;
  }
}

const ORDER: readonly Reason['kind'][] = ['page', 'reader', 'cluster', 'ours'];

const kindOf = (page: string, { step, differences }: Outcome): Reason['kind'] =>
  differences
    .flatMap(linesOfDifference)
    .map((line, _, all) => reasonOf(page, step.command, line, all).kind)
    .reduce((worst, kind) => (ORDER.indexOf(kind) > ORDER.indexOf(worst) ? kind : worst));

export const UNEXPLAINED: Reason = { kind: 'ours', line: /./, why: 'not explained' };

export function countsOf(outcomes: readonly Outcome[]) {
  const run = outcomes.filter(({ verdict }) => verdict !== 'omitted');
  const agrees = ({ verdict }: Outcome) => verdict === 'agrees';
  const shown = run.filter(({ step }) => step.outputs.length > 0);
  return {
    agree: run.filter(agrees).length,
    all: run.length,
    shown: shown.length,
    shownAgree: shown.filter(agrees).length,
  };
}

/** As they are printed: the page's lines, then ours. */
export const linesOfDifference = ({ page, ours }: Difference): string[] => [
  ...page.map((line) => `- ${line}`),
  ...ours.map((line) => `+ ${line}`),
];

/** `all`: the lines that differ in one output. */
export function reasonOf(page: string, command: string, line: string, all: readonly string[]): Reason {
  return (
    REASONS.find(
      (one) =>
        one.line.test(line) &&
        (one.page?.test(page) ?? true) &&
        (one.command?.test(command) ?? true) &&
        (!one.beside || all.some((other) => one.beside!.test(other))),
    ) ?? UNEXPLAINED
  );
}

function sectionOf({ page, title, outcomes }: PageOutcome, used: Reasons): string {
  const { agree, all } = countsOf(outcomes);
  const omitted = outcomes.filter(({ verdict }) => verdict === 'omitted');
  const left = omitted.map(({ step, why }) => `Not run: \`${oneLine(step.command)}\` (${why}).\n`).join('');
  const differing = outcomes.filter(({ verdict }) => verdict === 'differs').map((one) => differing1(page, one, used));
  return `## ${title}\n\n\`${page}\`: ${agree} of ${all} commands agree.\n\n${left ? `${left}\n` : ''}${differing.join('\n')}`;
}

function differing1(page: string, { step, differences }: Outcome, used: Reasons): string {
  const lines = differences.flatMap(linesOfDifference);
  const reasons = new Set(lines.map((line) => reasonOf(page, step.command, line, lines)));
  const quoted = lines.slice(0, QUOTED).map((line) => (line.length > WIDTH ? `${line.slice(0, WIDTH)}…` : line));
  if (lines.length > QUOTED) quoted.push(`… and ${lines.length - QUOTED} more`);
  const why = [...reasons].map((reason) => `${KINDS[reason.kind]} (${used.numberOf(reason)})`).join(', ');
  return `Line ${step.line}, \`${oneLine(step.command)}\`: ${why}\n\n\`\`\`diff\n${quoted.join('\n')}\n\`\`\`\n`;
}

/** The last line that is no comment, cut. */
function oneLine(command: string): string {
  const line = command
    .split('\n')
    .filter((one) => one.trim() !== '' && !one.startsWith('#'))
    .at(-1)!;
  return line.length > 110 ? `${line.slice(0, 110)}…` : line;
}
