/**
 * `npm run conformance [-- [--server|--client] [--write] [FILE…]]`: what a real cluster answered (tests/conformance/testdata), put to
 * ours twice. Server: the real kubectl against the lab's API server, compared with the recording. Client: our kubectl and the real
 * one against the same served cluster, compared with each other. `--write` puts the result into docs/conformance.md, beside
 * the last ones of what was not asked for.
 */

import { parseArgs } from 'node:util';
import { compareClients } from '../tests/conformance/client.ts';
import { unifiedDiff } from '../tests/conformance/diff.ts';
import { deviation } from '../tests/conformance/on-purpose.ts';
import { replayExchanges } from '../tests/conformance/raw.ts';
import { replay } from '../tests/conformance/replay.ts';
import { type Disagreement, explained, type Result, writeReport } from '../tests/conformance/report.ts';
import { TRANSCRIPTS } from '../tests/conformance/transcript.ts';

interface Compared {
  readonly n: number;
  readonly title: string;
  readonly command: string;
  readonly agrees: boolean;
  readonly expected: string;
  readonly actual: string;
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { server: { type: 'boolean' }, client: { type: 'boolean' }, write: { type: 'boolean' } },
});
const files = positionals.length > 0 ? positionals : [...TRANSCRIPTS, 'raw'];
const unknown = files.filter((file) => ![...TRANSCRIPTS, 'raw'].includes(file));
if (unknown.length > 0) {
  console.error(`No such file: ${unknown.join(', ')} (there are: ${[...TRANSCRIPTS, 'raw'].join(', ')})`);
  process.exit(2);
}
const results: Result[] = [];
for (const file of files) {
  if (!values.client) results.push(await compare('server', file, file === 'raw' ? exchanges() : commands(file)));
  // These are HTTP: no kubectl sent them.
  if (!values.server && file !== 'raw' && file !== 'raw-crd')
    results.push(await compare('client', file, clients(file)));
}
console.log('');
for (const result of results) {
  const { purpose, open } = explained(result);
  const rest = result.disagreements.length > 0 ? ` (${purpose.length} differ on purpose, ${open.length} open)` : '';
  console.log(`${result.harness} ${result.file}: ${result.agree}/${result.all} agree${rest}`);
}
if (values.write) writeReport(results);
process.exitCode = results.some((result) => explained(result).open.length > 0) ? 1 : 0;

async function compare(harness: Result['harness'], file: string, all: AsyncIterable<Compared>): Promise<Result> {
  const result = { harness, file, agree: 0, all: 0, disagreements: [] as Disagreement[] };
  for await (const { n, title, command, agrees, expected, actual } of all) {
    result.all++;
    if (agrees) {
      result.agree++;
      continue;
    }
    result.disagreements.push({ n, title, command });
    const known = deviation(harness, file, n, command);
    const reason = known ? `on purpose: ${known.why}\n` : '';
    console.log(`\n## ${harness} ${file} ${title}\n${reason}${unifiedDiff(expected, actual)}`);
  }
  return result;
}

async function* commands(file: string): AsyncGenerator<Compared> {
  for await (const { recorded, ...outcome } of replay(file)) {
    const { n, stage, cmd } = recorded;
    yield { n, title: `${n} [${stage}] ${cmd}`, command: cmd, ...outcome };
  }
}

async function* clients(file: string): AsyncGenerator<Compared> {
  for await (const { recorded, agrees, real, ours } of compareClients(file)) {
    const { n, stage, cmd } = recorded;
    yield { n, title: `${n} [${stage}] ${cmd}`, command: cmd, agrees, expected: real, actual: ours };
  }
}

async function* exchanges(): AsyncGenerator<Compared> {
  for await (const { recorded, ...outcome } of replayExchanges()) {
    const { n, what, method, path } = recorded;
    const command = `${method} ${path}`;
    yield { n, title: `${n} ${what}: ${command}`, command, ...outcome };
  }
}
