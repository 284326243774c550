/** How long a stub kubelet takes over what it pretends to do: measured where the goldens were recorded. */

/** Virtual milliseconds. */
export const TIMING = {
  sync: 5,
  mount: 310,
  pull: 400,
  start: 320,
  job: 1000,
  pullBackOff: 1500,
  stop: 1000,
  remove: 500,
  firstRestart: 10_000,
  longestRestart: 300_000,
  lease: 10_000,
  nodeStatus: 300_000,
} as const;
