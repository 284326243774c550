/** `npm run tutorials -- --website DIR [PAGE…]`: the Kubernetes documentation's own tutorials, typed against the lab. */

import { parseArgs } from 'node:util';
import { Examples } from '../tests/tutorials/lab.ts';
import { NOTES } from '../tests/tutorials/notes.ts';
import { follow } from '../tests/tutorials/reader.ts';

const { values, positionals } = parseArgs({ options: { website: { type: 'string' } }, allowPositionals: true });
if (!values.website) {
  process.stderr.write('usage: npm run tutorials -- --website DIR [PAGE…]   (DIR: a checkout of kubernetes/website)\n');
  process.exit(2);
}
const examples = await Examples.serve(values.website);
for (const notes of NOTES.filter(
  ({ page }) => positionals.length === 0 || positionals.some((one) => page.includes(one)),
)) {
  const outcomes = await follow(values.website, notes, examples);
  console.log(notes.page);
  for (const { step, verdict, differences, why } of outcomes) {
    console.log(`${verdict} ${step.line}: ${step.command.split('\n').at(-1)}${why ? ` (${why})` : ''}`);
    for (const { page, ours } of differences) {
      for (const line of page) console.log(`   - ${line}`);
      for (const line of ours) console.log(`   + ${line}`);
    }
  }
}
examples.stop();
