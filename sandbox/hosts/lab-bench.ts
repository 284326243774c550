/** `lab bench`: what the lab costs, in CPU seconds and memory of this process; one JSON object as the last line. */

import {
  claimsBound,
  deploymentDeleted,
  deploymentReady,
  deploymentScaled,
  statefulSetReady,
} from './bench/control-plane.ts';
import { atSizes, type Figures, growth } from './bench/measure.ts';
import { allSolutions, articleReplayed, getPods, memory, sessionReplay } from './bench/sessions.ts';
import { lessonsFromDisk } from './lessons-from-disk.ts';

const lessons = lessonsFromDisk();

/** A control plane's figure at several sizes, and how it grows between them. */
const scales: Readonly<Record<string, { sizes: readonly number[]; figure: (size: number) => Promise<number> }>> = {
  deploymentReady: { sizes: [100, 1_000, 10_000], figure: deploymentReady },
  deploymentScaled: { sizes: [100, 1_000], figure: deploymentScaled },
  deploymentDeleted: { sizes: [100, 1_000], figure: deploymentDeleted },
  claimsBound: { sizes: [100, 1_000, 5_000], figure: claimsBound },
  statefulSetReady: { sizes: [100, 500], figure: statefulSetReady },
};

/** In this order: what comes first meets code that is not compiled yet, as a learner's first minute does. */
const sessions: Readonly<Record<string, () => Promise<number | Figures>>> = {
  worldMegabytes: () => memory(lessons),
  articleCommandsCpuSeconds: () => articleReplayed(lessons),
  allSolutions: () => allSolutions(lessons),
  sessionReplay: () => sessionReplay(lessons),
  getPods1000Milliseconds: () => getPods(lessons, 1_000),
};

/** All figures, or those that are named: `lab bench claimsBound`. */
export async function main(names: string[]): Promise<number> {
  const unknown = names.find((name) => !(name in sessions) && !(name in scales));
  if (unknown !== undefined) {
    const known = [...Object.keys(sessions), ...Object.keys(scales)].join(', ');
    process.stderr.write(`lab bench: no figure ${unknown}; there are ${known}\n`);
    return 2;
  }
  const wanted = (name: string) => names.length === 0 || names.includes(name);
  const figures: Record<string, unknown> = {};
  const note = (name: string, value: unknown) => {
    figures[name] = value;
    process.stderr.write(`${name}: ${JSON.stringify(value)}\n`);
  };
  for (const [name, figure] of Object.entries(sessions)) if (wanted(name)) note(name, await figure());
  for (const [name, { sizes, figure }] of Object.entries(scales)) {
    if (!wanted(name)) continue;
    const seconds = await atSizes(sizes, figure);
    note(`${name}CpuSeconds`, seconds);
    note(`${name}Growth`, growth(seconds));
  }
  process.stdout.write(`${JSON.stringify(figures)}\n`);
  return 0;
}
