/** `npm run conformance [-- FILE…]`: the real kubectl against the lab's API server, compared with what a real cluster answered. */

import { parseArgs } from 'node:util';
import { unifiedDiff } from '../tests/conformance/diff.ts';
import { ON_PURPOSE } from '../tests/conformance/on-purpose.ts';
import { replayExchanges } from '../tests/conformance/raw.ts';
import { replay } from '../tests/conformance/replay.ts';
import { TRANSCRIPTS } from '../tests/conformance/transcript.ts';

interface Compared {
  readonly n: number;
  readonly title: string;
  readonly command: string;
  readonly agrees: boolean;
  readonly expected: string;
  readonly actual: string;
}

const { positionals } = parseArgs({ allowPositionals: true });
const files = positionals.length > 0 ? positionals : [...TRANSCRIPTS, 'raw'];
let disagreements = 0;
for (const file of files) disagreements += await compare(file);
process.exitCode = disagreements > 0 ? 1 : 0;

async function compare(file: string): Promise<number> {
  let [agree, all, purpose] = [0, 0, 0];
  for await (const { n, title, command, agrees, expected, actual } of file === 'raw' ? exchanges() : commands(file)) {
    all++;
    const known = agrees ? undefined : deviation(file, n, command);
    if (agrees) agree++;
    else if (known) purpose++;
    if (agrees) continue;
    const diff = unifiedDiff(expected, actual);
    process.stdout.write(`\n## ${file} ${title}\n${known ? `on purpose: ${known.why}\n` : ''}${diff}\n`);
  }
  process.stdout.write(`\n${file}: ${agree}/${all} agree${purpose > 0 ? `, ${purpose} differ on purpose` : ''}\n`);
  return all - agree - purpose;
}

function deviation(file: string, n: number, command: string) {
  return ON_PURPOSE.find(
    ({ transcript, commands: which }) =>
      transcript === file && (which instanceof RegExp ? which.test(command) : which.includes(n)),
  );
}

async function* commands(file: string): AsyncGenerator<Compared> {
  for await (const { recorded, ...outcome } of replay(file)) {
    yield {
      n: recorded.n,
      title: `${recorded.n} [${recorded.stage}] ${recorded.cmd}`,
      command: recorded.cmd,
      ...outcome,
    };
  }
}

async function* exchanges(): AsyncGenerator<Compared> {
  for await (const { recorded, ...outcome } of replayExchanges()) {
    const command = `${recorded.method} ${recorded.path}`;
    yield { n: recorded.n, title: `${recorded.n} ${recorded.what}: ${command}`, command, ...outcome };
  }
}
