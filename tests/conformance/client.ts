/** Our kubectl and the real one over the same commands, each against the same served cluster from its beginning. */

import { LETTER } from './names.ts';
import { ourKubectl } from './our-kubectl.ts';
import { beginning, replay } from './replay.ts';
import { told } from './told.ts';
import type { RecordedCommand } from './transcript.ts';

export interface Comparison {
  readonly recorded: RecordedCommand;
  /** Byte for byte, aside from ages and from what the cluster drew and counted. */
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
    yield { recorded, agrees: before === ours || fromOutside(before) === fromOutside(ours), real: before, ours };
  }
}

/**
 * Ages, and the widths of columns that follow from them; names that the cluster drew and its revisions, which follow from how often a controller had
 * tried again by then: each client takes its own time. Thousandths of a pull, likewise.
 */
const fromOutside = (text: string): string =>
  text
    .replace(new RegExp(`-${LETTER}{5}\\b`, 'g'), '-DRAWN')
    .replace(/((?:resourceVersion|Resource Version): +"?)\d+/g, '$1REVISION')
    .replace(/\b\d+ms\b/g, 'MOMENT')
    .replace(/(?<=[\s(])(?:\d+y)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?<=\d[ydhms])(?=[\s),]|$)|<invalid>/gm, 'AGE')
    .replace(/ +/g, ' ')
    .replace(/-{2,}/g, '-');
