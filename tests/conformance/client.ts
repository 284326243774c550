/** Our kubectl and the real one over the same commands, each against the same served cluster from its beginning. */

import { ourKubectl } from './our-kubectl.ts';
import { beginning, replay } from './replay.ts';
import type { Answer } from './scratch.ts';
import type { RecordedCommand } from './transcript.ts';

export interface Comparison {
  readonly recorded: RecordedCommand;
  /** Byte for byte, ages aside. */
  readonly agrees: boolean;
  readonly real: string;
  readonly ours: string;
}

export async function* compareClients(
  name: string,
  only?: (recorded: RecordedCommand) => boolean,
): AsyncGenerator<Comparison> {
  const options = { ...(only && { only }), still: true, start: beginning(name) };
  const real = new Map<number, string>();
  for await (const { recorded, answer } of replay(name, options)) real.set(recorded.n, told(answer));
  for await (const { recorded, answer } of replay(name, { ...options, kubectl: await ourKubectl() })) {
    const [before, ours] = [real.get(recorded.n)!, told(answer)];
    yield { recorded, agrees: before === ours || ageless(before) === ageless(ours), real: before, ours };
  }
}

/** What differs between two runs of one program: its folder, its port, its clock, its process number, its temporary files. */
const told = ({ stdout, stderr, rc }: Answer): string =>
  `${stdout}--- stderr, exit code ${rc}\n${stderr}`
    .replace(/\/tmp\/conformance-\w+/g, '/scratch')
    .replace(/\b127\.0\.0\.1:(?!9\b|102)\d{4,5}\b/g, '127.0.0.1:PORT')
    .replace(/^([EWI])\d{4} \d\d:\d\d:\d\d\.\d{6} +\d+ /gm, '$1TIME PID ')
    .replace(/(kubectl-edit|debugger|LIVE|MERGED)-\w+/g, '$1-NAME')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ [+-]\d{4}/g, 'TIME');

/** Ages, and the widths of columns that follow from them. */
const ageless = (text: string): string =>
  text
    .replace(/(?<=[\s(])(?:\d+y)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?<=\d[ydhms])(?=[\s),]|$)|<invalid>/gm, 'AGE')
    .replace(/ +/g, ' ')
    .replace(/-{2,}/g, '-');
