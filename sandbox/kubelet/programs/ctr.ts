/** ctr(8), containerd's own client: lists of images and containers of the `k8s.io` namespace. */

import type { Process } from '../../machines/process.ts';
import type { Task } from '../../sim/task.ts';
import { dialFailure, PAUSE_IMAGE, type Runtime, runtimeOf, SOCKET } from '../runtime/containerd.ts';
import { humanSize } from './humanize.ts';
import { table } from './table.ts';

export function* ctr(process: Process, argv: readonly string[]): Task<number> {
  const runtime = runtimeOf(process.machine);
  if (!runtime) {
    yield* process.error(
      `ctr: failed to dial "${SOCKET}": connection error: desc = "transport: error while dialing: ${dialFailure(process.machine)}"\n`,
    );
    return 1;
  }
  const words = argv.slice(1);
  let namespace = 'default';
  if (words[0] === '-n' || words[0] === '--namespace') namespace = words.splice(0, 2)[1] ?? namespace;
  const rows = ROWS[words.slice(0, 2).join(' ')];
  if (!rows) {
    yield* process.error(`No help topic for '${words[0] ?? ''}'\n`);
    return 3;
  }
  const [heading, ...content] = rows(runtime);
  yield* process.print(table(namespace === 'k8s.io' ? [heading!, ...content] : [heading!], 4, 1));
  return 0;
}

type Rows = (runtime: Runtime) => string[][];

const images: Rows = (runtime) => [
  ['REF', 'TYPE', 'DIGEST', 'SIZE', 'PLATFORMS', 'LABELS'],
  ...runtime.images
    .list()
    .map((image) => [
      image.name,
      'application/vnd.oci.image.index.v1+json',
      image.digest,
      humanSize(image.size, 3),
      'linux/amd64',
      'io.cri-containerd.image=managed',
    ]),
];

const containers: Rows = (runtime) => [
  ['CONTAINER', 'IMAGE', 'RUNTIME'],
  ...runtime.sandboxes().map((sandbox) => [sandbox.id, PAUSE_IMAGE, 'io.containerd.runc.v2']),
  ...runtime.containers().map((container) => [container.id, container.imageName, 'io.containerd.runc.v2']),
];

const tasks: Rows = (runtime) => [
  ['TASK', 'PID', 'STATUS'],
  ...runtime
    .containers()
    .filter((container) => container.state === 'running')
    .map((container) => [container.id, String(container.init?.hostPid ?? 0), 'RUNNING']),
];

const ROWS: Readonly<Record<string, Rows>> = {
  'images ls': images,
  'image ls': images,
  'i ls': images,
  'images list': images,
  'containers ls': containers,
  'container ls': containers,
  'c ls': containers,
  'containers list': containers,
  'tasks ls': tasks,
  'task ls': tasks,
  't ls': tasks,
};
