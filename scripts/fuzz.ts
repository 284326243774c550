/**
 * `npm run fuzz [-- --inputs N] [--operations N] [--seed N] [--kind KIND,…] [--jobs N]`: gives the lab hostile input of five kinds
 * (tests/fuzz/inputs.ts), then stories of random operations with what must hold after each (tests/fuzz/operations.ts), in processes of
 * their own; prints each fault as a line of JSON with what leads to it again. Ends with 1 if there was one.
 */

import { fork } from 'node:child_process';
import { parseArgs } from 'node:util';
import { KINDS } from '../tests/fuzz/inputs.ts';
import type { News, Order } from '../tests/fuzz/worker.ts';

/** Without news for this long (real milliseconds), an input hangs: a step that never ends, or its neighbours on a busy machine. */
const SILENCE = 90_000;
/** Inputs one process is given. */
const BATCH = 2_000;
/** Operations of one story. */
const STORY = 50;

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '200000' },
    operations: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    kind: { type: 'string' },
    jobs: { type: 'string', default: '2' },
  },
});
const seed = Number(values.seed);
const kinds = Object.entries(KINDS).filter(([name]) => !values.kind || values.kind.split(',').includes(name));
const weights = kinds.reduce((sum, [, { weight }]) => sum + weight, 0);
const totals = new Map<string, { inputs: number; faults: number; seconds: number }>();
const orders: Order[] = [];
for (const [kind, { weight }] of kinds) add(kind, Math.ceil((Number(values.inputs) * weight) / weights), BATCH);
if (!values.kind || values.kind === 'operations') add('operations', Math.ceil(Number(values.operations) / STORY), 1);

console.log(
  `seed ${seed}: ${[...totals].map(([kind, { inputs }]) => `${inputs} ${kind === 'operations' ? `stories of ${STORY} operations` : kind}`).join(', ')}`,
);
await Promise.all(Array.from({ length: Number(values.jobs) }, worker));
for (const [kind, { inputs, faults, seconds }] of totals)
  console.log(`${kind}: ${inputs}, ${faults} faults, ${Math.round(seconds)} s`);
process.exitCode = [...totals.values()].some(({ faults }) => faults > 0) ? 1 : 0;

function add(kind: string, inputs: number, size: number): void {
  totals.set(kind, { inputs, faults: 0, seconds: 0 });
  for (let from = 0; from < inputs; from += size)
    orders.push({ kind, seed, from, count: Math.min(size, inputs - from), length: STORY });
}

async function worker(): Promise<void> {
  for (let order = orders.shift(); order; order = orders.shift()) {
    const started = performance.now();
    const end = order.from + order.count;
    for (let from = order.from; from < end; ) from = await batch({ ...order, from, count: end - from });
    totals.get(order.kind)!.seconds += (performance.now() - started) / 1_000;
  }
}

/** Runs until the process ends by itself or has to be ended; where to go on. */
function batch(order: Order): Promise<number> {
  return new Promise((resolve) => {
    const child = fork(new URL('../tests/fuzz/worker.ts', import.meta.url), [], {
      execArgv: ['--max-old-space-size=1500'],
    });
    let last = { at: order.from, input: '' };
    let finished = false;
    const watch = () => setTimeout(() => child.kill('SIGKILL'), SILENCE);
    let alarm = watch();
    child.on('message', (news: News) => {
      clearTimeout(alarm);
      alarm = watch();
      if (news.type === 'done') finished = true;
      else if (news.type === 'fault') report(order, news.at, news.input, news.fault);
      else last = news;
    });
    child.on('exit', (code, signal) => {
      clearTimeout(alarm);
      if (!finished)
        report(
          order,
          last.at,
          last.input,
          signal === 'SIGKILL' ? { kind: 'hang' } : { kind: 'crash', detail: `exit ${code ?? signal}` },
        );
      resolve(finished ? order.from + order.count : last.at + 1);
    });
    child.send(order);
  });
}

function report(order: Order, at: number, input: string, fault: object): void {
  totals.get(order.kind)!.faults++;
  console.log(JSON.stringify({ kind: order.kind, seed: order.seed, at, fault, input }));
}
