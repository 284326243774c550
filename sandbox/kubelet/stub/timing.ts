/** How long a stub kubelet takes over what it pretends to do: measured where the goldens were recorded. */

type Range = readonly [low: number, high: number];

/** Virtual milliseconds: between the quarters of what was measured. */
export const TIMING = {
  sync: [14, 31] as Range,
  mount: [303, 311] as Range,
  pull: [406, 411] as Range,
  /** From the image to running. */
  start: [322, 344] as Range,
  job: [1010, 1067] as Range,
  stop: [1028, 1053] as Range,
  remove: [509, 525] as Range,
  pullBackOff: 1500,
  firstRestart: 10_000,
  longestRestart: 300_000,
  lease: 10_000,
  firstNodeStatus: 10_000,
  nodeStatus: 300_000,
};
