/** How the benchmark measures: CPU time of this process after a collection of garbage, the least of several runs, and growth between sizes. */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What is left over from an earlier figure is collected before the next is taken, and not on its account. */
export function collectGarbage(): void {
  collect();
  collect();
}

export const heapBytes = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed;
};

export const round = (value: number): number => Math.round(value * 1_000) / 1_000;
export const megabytes = (bytes: number): number => Math.round((bytes / 2 ** 20) * 10) / 10;

/** CPU seconds, user and system, that `work` takes. */
export async function cpu(work: () => Promise<unknown> | unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** The least of several figures: the machine's other work, and code not yet compiled, are not the lab's. */
export async function least(times: number, figure: () => Promise<number>): Promise<number> {
  collectGarbage();
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < times; i++) best = Math.min(best, await figure());
  return round(best);
}

export type Figures = Readonly<Record<string, number>>;

/** The figure at each size, smallest first; small sizes are repeated more often, being short. */
export async function atSizes(sizes: readonly number[], figure: (size: number) => Promise<number>): Promise<Figures> {
  const figures: Record<string, number> = {};
  for (const size of sizes) figures[size] = await least(repetitions(size), () => figure(size));
  return figures;
}

const repetitions = (size: number): number => (size <= 100 ? 15 : size <= 1_000 ? 9 : 3);

/** `{"100→1000": 10.3, …}`: how often the smaller figure goes into the larger, between neighbours and from first to last. */
export function growth(figures: Figures): Figures {
  const sizes = Object.keys(figures);
  const ratios: Record<string, number> = {};
  const compare = (from: string, to: string) => {
    ratios[`${from}→${to}`] = Math.round((figures[to]! / figures[from]!) * 10) / 10;
  };
  for (let i = 1; i < sizes.length; i++) compare(sizes[i - 1]!, sizes[i]!);
  if (sizes.length > 2) compare(sizes[0]!, sizes.at(-1)!);
  return ratios;
}
