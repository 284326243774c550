/** Where the lab differs from the recording on purpose, or where two recordings may differ, and why. */

export interface Deviation {
  /** Of the server's comparison if it is not said. */
  readonly harness?: 'client';
  readonly transcript: string;
  /** The commands' numbers, or what they look like. */
  readonly commands: readonly number[] | RegExp;
  readonly why: string;
}

const RECYCLER =
  "the recorded plane's watch of the recycler pod stalled: the lab recycles as its other recording shows (VolumeRecycled)";
const COMPONENTS =
  'the recorded plane hid the ports of its controller manager and scheduler; a kubeadm cluster shows them healthy';
const RESYNC = "which moment of the binder's 15 s resync it was is not determined";

const NO_PROGRESS =
  "the recorded plane's storage (its etcd stand-in) cannot report a watch's progress, so its API server refuses bookmarks; etcd 3.5 can, and the stream is served";
const LAGGING =
  "the recorded plane's watch cache had not caught up with its storage, which cannot report progress; here it never lags";

const ON_PURPOSE: readonly Deviation[] = [
  { transcript: 'article', commands: /^kubectl get (componentstatuses|cs)$/, why: COMPONENTS },
  { transcript: 'article', commands: [573, 574, 575, 577, 579, 581, 582, 587, 588], why: RECYCLER },
  { transcript: 'scenarios', commands: [35, 36, 37, 38, 39, 40, 41, 43, 44, 52, 53, 54], why: RECYCLER },
  { transcript: 'scenarios', commands: [11, 133], why: RESYNC },
  { transcript: 'beyond', commands: [25], why: RESYNC },
  { transcript: 'raw', commands: [100, 101], why: NO_PROGRESS },
  { transcript: 'raw', commands: [104], why: LAGGING },
];

export const deviation = (
  harness: 'server' | 'client',
  file: string,
  n: number,
  command: string,
): Deviation | undefined =>
  ON_PURPOSE.find(
    (each) =>
      (each.harness ?? 'server') === harness &&
      each.transcript === file &&
      (each.commands instanceof RegExp ? each.commands.test(command) : each.commands.includes(n)),
  );
