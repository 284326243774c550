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
  "the recorded plane's storage cannot report a watch's progress (raw 100, 101): its watch of the recycler pod waited 3 s, then stalled; where it did not, the volume was recycled, as here (watch 24-sts-pvc-delete-in-use)";
const COMPONENTS =
  'the recorded plane hid the ports of its controller manager and scheduler; a kubeadm cluster shows them healthy';
const RESYNC = "which moment of the binder's 15 s resync it was is not determined";

const PACE = 'a matter of milliseconds: how far controllers and scheduler had come when the command looked';
const STAND_IN =
  "the recorder's stand-in for the kubelet worded and timed a crash loop in its own way: ours names the pod, as kubelets do";
const NO_TLS =
  'asks a TLS server at 127.0.0.1:6443 with a bad token: the lab serves plain HTTP on another port, to anybody';
const PARALLEL =
  'kubectl evicts in parallel: the order of what it prints of two pods that end in one moment is nobody’s';
const TAKEN_OUT = "a row was taken out of the recording: it named the recorder's distribution";

const NO_PROGRESS =
  "the recorded plane's storage (its etcd stand-in) cannot report a watch's progress, so its API server refuses bookmarks; etcd 3.5 can, and the stream is served";
const LAGGING =
  "the recorded plane's watch cache had not caught up with its storage, which cannot report progress; here it never lags";

const OPENAPI =
  "OpenAPI documents have what kubectl looks for: schemas, and which operations take which parameters; not every operation's answers and texts";

const RETRIES =
  'a matter of milliseconds: how often a controller had tried again when the command looked, and from the eleventh time on events are combined';
const GO_MAP = 'a Go map: kubectl describes the limits of a range in any order';
const HASHES =
  "the hash in a replica set's name is not upstream's: the two of one deployment stand in the order of their names, which is another";
const COLLECTOR =
  'a matter of milliseconds: how far the garbage collector had come from the deployment to its pod when the command looked';
const ATTACHER = 'where in its half-second rhythm the recorder’s stand-in for an attacher was is not determined';
const RACED =
  'a race of milliseconds: the recorded binder saw this claim before its volume was Available, and named its class’s provisioner on it before it bound the two';
const EQUAL_CLAIMS =
  'which of several claims that fit gets a volume is not determined: the binder’s resync takes them in any order';
const MANAGERS =
  'taking away the one name of a claim’s source that the other fills in again changes nothing but who manages it: here that is no write';

const ON_PURPOSE: readonly Deviation[] = [
  { transcript: 'article', commands: /^kubectl get (componentstatuses|cs)$/, why: COMPONENTS },
  { transcript: 'article', commands: [573, 574, 575, 577, 579, 581, 582, 587, 588], why: RECYCLER },
  { transcript: 'article', commands: [235], why: TAKEN_OUT },
  { transcript: 'article', commands: [287, 317, 342, 389, 443, 522, 535, 537], why: PACE },
  { transcript: 'errors', commands: [345, 384, 396, 543], why: PACE },
  { transcript: 'errors', commands: [399, 400, 401], why: STAND_IN },
  { transcript: 'errors', commands: [527], why: NO_TLS },
  { harness: 'client', transcript: 'article', commands: [533, 535], why: PARALLEL },
  { transcript: 'scenarios', commands: [138, 141], why: PACE },
  { transcript: 'scenarios', commands: [35, 36, 37, 38, 39, 40, 41, 43, 44, 52, 53, 54], why: RECYCLER },
  { transcript: 'scenarios', commands: [11, 133], why: RESYNC },
  { transcript: 'beyond', commands: [25], why: RESYNC },
  { transcript: 'beyond', commands: [98], why: PACE },
  { transcript: 'crd', commands: [28], why: OPENAPI },
  { transcript: 'admission', commands: [105, 107], why: GO_MAP },
  { harness: 'client', transcript: 'admission', commands: [105, 107], why: GO_MAP },
  { transcript: 'admission', commands: [126], why: HASHES },
  { transcript: 'admission', commands: [136, 143], why: PACE },
  { transcript: 'admission', commands: [142], why: RETRIES },
  { transcript: 'raw-crd', commands: [7], why: OPENAPI },
  {
    transcript: 'raw-crd',
    commands: [8, 9],
    why: 'entries of one second stand by their managers’ names, of two by time',
  },
  { transcript: 'raw-crd', commands: [25], why: 'the recorder’s curl was answered nothing' },
  { transcript: 'raw-crd', commands: [34], why: 'protobuf is not answered: JSON is' },
  { transcript: 'ownership', commands: [7], why: COLLECTOR },
  { transcript: 'ownership', commands: [53], why: RESYNC },
  { transcript: 'ownership', commands: [95], why: ATTACHER },
  { transcript: 'ownership-sixmin', commands: [30], why: ATTACHER },
  { transcript: 'ownership', commands: [138, 139, 140, 142, 146, 148, 149, 165], why: RACED },
  { transcript: 'ownership', commands: [215], why: PACE },
  { transcript: 'snapshot', commands: [70], why: MANAGERS },
  { transcript: 'snapshot', commands: [72, 88, 92], why: EQUAL_CLAIMS },
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
