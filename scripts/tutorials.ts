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

const chosen = NOTES.filter(({ page }) => positionals.length === 0 || positionals.some((part) => page.includes(part)));
const examples = await Examples.serve(website);
const pages: PageOutcome[] = [];
let unexplained = 0;
for (const notes of chosen) {
  const outcomes: Outcome[] = [];
  process.stdout.write(`\n## ${notes.page}\n`);
  for await (const outcome of follow(website, notes, examples)) {
    outcomes.push(outcome);
    tell(notes.page, outcome);
  }
  const { agree, all } = countsOf(outcomes);
  process.stdout.write(`${agree}/${all} agree\n`);
  pages.push({ page: notes.page, title: titleOf(notes.page), outcomes });
}
examples.stop();
if (values.report !== undefined) writeFileSync(values.report, reportOf(pages, editionOf(website)));
process.exitCode = unexplained > 0 ? 1 : 0;

function tell(page: string, { step, verdict, differences, why }: Outcome): void {
  process.stdout.write(`${verdict} ${step.line}: ${step.command.split('\n').at(-1)}${why ? ` (${why})` : ''}\n`);
  for (const line of differences.flatMap(linesOfDifference)) {
    const reason = reasonOf(page, step.command, line);
    if (reason === UNEXPLAINED) unexplained++;
    process.stdout.write(`   ${reason === UNEXPLAINED ? '!' : ' '} ${line}\n`);
  }
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
