/** Gives the lab inputs of one kind, in a process of its own: a hang is ended from outside. Told by scripts/fuzz.ts. */

import fc from 'fast-check';
import { type Fault, FuzzedLab, judge } from './fuzzed-lab.ts';
import { KINDS, type Kind } from './inputs.ts';
import { story } from './operations.ts';

export interface Order {
  /** One of KINDS, or `operations`: stories instead of inputs. */
  readonly kind: string;
  readonly seed: number;
  readonly from: number;
  readonly count: number;
  /** Of a story, in operations. */
  readonly length: number;
}

export type News =
  | { readonly type: 'begun'; readonly at: number; readonly input: string }
  | { readonly type: 'fault'; readonly at: number; readonly input: string; readonly fault: Fault }
  | { readonly type: 'done' };

/** A lab is given so many inputs, one after the other, before a fresh one takes its place. */
const PER_LAB = 200;

const seedOf = (order: Order, at: number): number => order.seed * 1_000_003 + at;

/** Calls `tell` before each input, and for each fault. */
export async function fuzz(order: Order, tell: (news: News) => void): Promise<void> {
  const { input, give } = KINDS[order.kind]!;
  let lab: FuzzedLab | undefined;
  for (let at = order.from; at < order.from + order.count; at++) {
    const [given] = fc.sample(input, { seed: seedOf(order, at), numRuns: 1 }) as [string];
    tell({ type: 'begun', at, input: given });
    if (!lab?.whole || at % PER_LAB === 0) lab = new FuzzedLab(1);
    const here = lab;
    const fault = (await judge(given, () => give(here, given))) ?? (at % 10 === 9 ? await answers(here) : undefined);
    if (!fault) continue;
    lab = undefined;
    // Loops that earlier inputs left running take their time beside it: what hangs only there is slow, and no fault of its own.
    const alone = fault.kind === 'hang' ? await again(given, give) : fault;
    if (alone) tell({ type: 'fault', at, input: given, fault: alone });
  }
}

async function again(input: string, give: Kind['give']): Promise<Fault | undefined> {
  const lab = new FuzzedLab(1);
  return (await judge(input, () => give(lab, input))) ?? answers(lab);
}

async function answers(lab: FuzzedLab): Promise<Fault | undefined> {
  let silent: Fault | undefined;
  const fault = await judge('', async () => {
    silent = await lab.alive();
    return '';
  });
  return fault ?? silent;
}

async function stories(order: Order, tell: (news: News) => void): Promise<void> {
  for (let at = order.from; at < order.from + order.count; at++) {
    const input = `story ${at}`;
    tell({ type: 'begun', at, input });
    const wrong = await story(new FuzzedLab(1), seedOf(order, at), order.length, (done) =>
      tell({ type: 'begun', at, input: `${input}, operation ${done}` }),
    );
    if (wrong)
      tell({
        type: 'fault',
        at,
        input: wrong.after.join('\n'),
        fault: wrong.fault,
      });
  }
}

process.on('message', (order: Order) => {
  const tell = (news: News) => process.send!(news);
  (order.kind === 'operations' ? stories(order, tell) : fuzz(order, tell)).then(
    () => process.send!({ type: 'done' }, () => process.exit(0)),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
});
