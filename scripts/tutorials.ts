/** `npm run tutorials -- --website DIR [--report FILE] [PAGE…]`: the Kubernetes documentation's own tutorials, typed against the lab. */

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Examples } from '../tests/tutorials/lab.ts';
import { NOTES } from '../tests/tutorials/notes.ts';
import { follow, type Outcome } from '../tests/tutorials/reader.ts';
import {
  countsOf,
  linesOfDifference,
  type PageOutcome,
  reasonOf,
  reportOf,
  UNEXPLAINED,
} from '../tests/tutorials/report.ts';

const { values, positionals } = parseArgs({
  options: { website: { type: 'string' }, report: { type: 'string' } },
  allowPositionals: true,
});
const { website } = values;
if (website === undefined) {
  process.stderr.write(
    'usage: npm run tutorials -- --website DIR [--report FILE] [PAGE…]\nDIR: a checkout of kubernetes/website\n',
  );
  process.exit(2);
}

/** Pages wait more than they compute: some are read at once, each against a lab of its own. */
const READERS = 3;

const chosen = NOTES.filter(({ page }) => positionals.length === 0 || positionals.some((part) => page.includes(part)));
const examples = await Examples.serve(website);
const pages: PageOutcome[] = [];
const waiting = chosen.entries();
await Promise.all(Array.from({ length: READERS }, read));
examples.stop();
if (values.report !== undefined) writeFileSync(values.report, reportOf(pages, editionOf(website)));
process.exitCode = pages.some(({ page, outcomes }) => outcomes.some((one) => isUnexplained(page, one))) ? 1 : 0;

async function read(): Promise<void> {
  for (const [n, notes] of waiting) {
    const outcomes: Outcome[] = [];
    for await (const outcome of follow(website!, notes, examples)) outcomes.push(outcome);
    pages[n] = { page: notes.page, title: titleOf(notes.page), outcomes };
    const { agree, all } = countsOf(outcomes);
    const told = outcomes.map((outcome) => transcriptOf(notes.page, outcome)).join('');
    process.stdout.write(`\n## ${notes.page}\n${told}${agree}/${all} agree\n`);
  }
}

/** Lines without a reason are marked. */
function transcriptOf(page: string, { step, verdict, differences, why }: Outcome): string {
  const lines = differences.flatMap(linesOfDifference).map((line, _, all) => {
    const mark = reasonOf(page, step.command, line, all) === UNEXPLAINED ? '!' : ' ';
    return `   ${mark} ${line}\n`;
  });
  return `${verdict} ${step.line}: ${step.command.split('\n').at(-1)}${why ? ` (${why})` : ''}\n${lines.join('')}`;
}

function isUnexplained(page: string, { step, differences }: Outcome): boolean {
  return differences
    .flatMap(linesOfDifference)
    .some((line, _, all) => reasonOf(page, step.command, line, all) === UNEXPLAINED);
}

function titleOf(page: string): string {
  const text = readFileSync(join(website!, 'content/en/docs', page), 'utf8');
  return /^title:\s*"?([^"\n]+)"?$/m.exec(text)?.[1] ?? page;
}

function editionOf(folder: string): string {
  try {
    const command = ['-C', folder, 'log', '-1', '--format=commit %h of %cs'];
    return execFileSync('git', command, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'a snapshot without history';
  }
}
