/** crictl(1): the runtime's own view of pods, containers and images (kubernetes-sigs/cri-tools, cmd/crictl). */

import { PullError } from '../../images/image.ts';
import { InvalidReference, parseReference } from '../../images/reference.ts';
import { KernelProcess } from '../../machines/kernel/process.ts';
import type { Process } from '../../machines/process.ts';
import { own } from '../../sim/own.ts';
import type { Task } from '../../sim/task.ts';
import { openLogs } from '../logs.ts';
import { type Container, PAUSE_IMAGE, type Runtime, runtimeOf, SOCKET, unavailable } from '../runtime/containerd.ts';
import type { Sandbox } from '../runtime/sandbox.ts';
import { type Arguments, type FlagSpec, parseArguments, UsageError } from './arguments.ts';
import { containerStatus, imageStatus, sandboxStatus } from './cri-view.ts';
import { findContainer, findSandbox, newestFirst } from './find.ts';
import { follow } from './follow.ts';
import { humanDuration, humanSize } from './humanize.ts';
import { runSession } from './session.ts';
import { table } from './table.ts';
import { renderTemplate } from './template.ts';

interface Command {
  readonly flags: FlagSpec;
  readonly firstEnds?: number;
  readonly run: (process: Process, runtime: Runtime, args: Arguments) => Task<number>;
}

const LIST: FlagSpec = {
  values: ['name', 'namespace', 'pod', 'state', 'output', 'image', 'label', 'last', 'id'],
  booleans: ['all', 'quiet', 'no-trunc', 'latest', 'verbose', 'digests', 'resolve-image-path'],
  short: { a: 'all', q: 'quiet', p: 'pod', o: 'output', s: 'state', l: 'latest', n: 'last', v: 'verbose' },
};
const NONE: FlagSpec = {
  values: ['timeout', 'output', 'template'],
  booleans: ['force', 'all', 'prune', 'quiet'],
  short: { f: 'force', a: 'all', t: 'timeout', o: 'output', q: 'quiet' },
};

const COMMANDS: Readonly<Record<string, Command>> = {
  ps: { flags: LIST, run: ps },
  pods: { flags: LIST, run: pods },
  images: { flags: LIST, run: images },
  img: { flags: LIST, run: images },
  inspect: {
    flags: NONE,
    run: (process, runtime, args) =>
      inspect(process, args, 'container', (id) => view(findContainer(runtime, id), containerStatus)),
  },
  inspectp: {
    flags: NONE,
    run: (process, runtime, args) =>
      inspect(process, args, 'pod sandbox', (id) => view(findSandbox(runtime, id), sandboxStatus)),
  },
  inspecti: {
    flags: NONE,
    run: (process, runtime, args) =>
      inspect(process, args, 'image', (id) => view(runtime.images.lookUp(id), imageStatus)),
  },
  logs: {
    flags: {
      values: ['tail', 'since', 'limit-bytes'],
      booleans: ['follow', 'timestamps', 'previous'],
      short: { f: 'follow', t: 'timestamps', p: 'previous' },
    },
    run: logs,
  },
  exec: {
    flags: {
      values: ['timeout'],
      booleans: ['interactive', 'tty', 'sync'],
      short: { i: 'interactive', t: 'tty', s: 'sync' },
    },
    firstEnds: 1,
    run: exec,
  },
  pull: { flags: NONE, run: pull },
  rmi: { flags: NONE, run: removeImages },
  stop: { flags: NONE, run: stop },
  rm: { flags: NONE, run: remove },
  stopp: { flags: NONE, run: stopPods },
  version: { flags: NONE, run: version },
};

export function* crictl(process: Process, argv: readonly string[]): Task<number> {
  const [name = '', ...words] = argv.slice(1);
  if (name === '' || name === '--help' || name === '-h' || name === 'help') {
    yield* process.print(HELP);
    return 0;
  }
  const command = own(COMMANDS, name);
  if (!command) {
    yield* process.error(`No help topic for '${name}'\n`);
    return 3;
  }
  const runtime = runtimeOf(process.machine);
  if (!runtime)
    return yield* fatal(
      process,
      `validate service connection: validate CRI v1 runtime API for endpoint "unix://${SOCKET}": ${unavailable(process.machine)}`,
    );
  try {
    return yield* command.run(process, runtime, parseArguments(words, command.flags, command.firstEnds));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return yield* fatal(process, error.message.replace('unknown flag: --', 'flag provided but not defined: -'));
  }
}

const HELP = `NAME:
   crictl - client for CRI

USAGE:
   crictl [global options] command [command options]

COMMANDS:
   exec      Run a command in a running container
   images    List images
   inspect   Display the status of one or more containers
   inspecti  Return the status of one or more images
   inspectp  Display the status of one or more pods
   logs      Fetch the logs of a container
   pods      List pods
   ps        List containers
   pull      Pull an image from a registry
   rm        Remove one or more containers
   rmi       Remove one or more images
   stop      Stop one or more running containers
   stopp     Stop one or more running pods
   version   Display runtime version information
`;

/** logrus' text formatter, not on a terminal. */
function* fatal(process: Process, message: string): Task<number> {
  const stamp = new Date(process.now()).toISOString().replace(/\.\d+/, '');
  yield* process.error(
    process.stderr.tty ? `FATA[0000] ${message} \n` : `time="${stamp}" level=fatal msg=${JSON.stringify(message)}\n`,
  );
  return 1;
}

const short = (id: string): string => id.replace(/^sha256:/, '').slice(0, 13);

function* ps(process: Process, runtime: Runtime, args: Arguments): Task<number> {
  const name = args.one('name');
  const state = args.one('state')?.toLowerCase();
  let shown = newestFirst(runtime.containers()).filter(
    (one) =>
      (args.has('all') || state !== undefined || one.state === 'running') &&
      (state === undefined || one.state === state) &&
      (name === undefined || new RegExp(name).test(one.name)) &&
      one.sandbox.id.startsWith(args.one('pod') ?? '') &&
      (args.one('namespace') === undefined || one.sandbox.namespace === args.one('namespace')),
  );
  if (args.has('latest')) shown = shown.slice(0, 1);
  if (args.has('quiet')) {
    yield* process.print(shown.map((one) => `${one.id}\n`).join(''));
    return 0;
  }
  if (args.one('output') === 'json') {
    yield* process.print(
      `${JSON.stringify({ containers: shown.map((one) => containerStatus(one).status) }, undefined, 2)}\n`,
    );
    return 0;
  }
  const id = (text: string) => (args.has('no-trunc') ? text : short(text));
  const rows = shown.map((one) => [
    id(one.id),
    id(one.config.image.id),
    `${humanDuration(process.now() - one.createdAt)} ago`,
    capital(one.state),
    one.name,
    String(one.attempt),
    short(one.sandbox.id),
    one.sandbox.name,
    one.sandbox.namespace,
  ]);
  yield* process.print(
    table([['CONTAINER', 'IMAGE', 'CREATED', 'STATE', 'NAME', 'ATTEMPT', 'POD ID', 'POD', 'NAMESPACE'], ...rows], 20),
  );
  return 0;
}

const capital = (word: string): string => word[0]!.toUpperCase() + word.slice(1);

function* pods(process: Process, runtime: Runtime, args: Arguments): Task<number> {
  const name = args.one('name');
  const state = args.one('state')?.toLowerCase();
  const stateOf = (one: Sandbox) => (one.ready ? 'Ready' : 'NotReady');
  const shown = newestFirst(runtime.sandboxes()).filter(
    (one) =>
      (name === undefined || new RegExp(name).test(one.name)) &&
      (state === undefined || stateOf(one).toLowerCase() === state) &&
      (args.one('namespace') === undefined || one.namespace === args.one('namespace')),
  );
  if (args.has('quiet')) {
    yield* process.print(shown.map((one) => `${one.id}\n`).join(''));
    return 0;
  }
  const rows = shown.map((one) => [
    args.has('no-trunc') ? one.id : short(one.id),
    `${humanDuration(process.now() - one.createdAt)} ago`,
    stateOf(one),
    one.name,
    one.namespace,
    String(one.attempt),
    '(default)',
  ]);
  yield* process.print(table([['POD ID', 'CREATED', 'STATE', 'NAME', 'NAMESPACE', 'ATTEMPT', 'RUNTIME'], ...rows], 20));
  return 0;
}

function* images(process: Process, runtime: Runtime, args: Arguments): Task<number> {
  const wanted = args.rest[0];
  const shown = runtime.images
    .list()
    .filter((image) => wanted === undefined || image.name.includes(wanted))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  if (args.has('quiet')) {
    yield* process.print(shown.map((image) => `${image.id}\n`).join(''));
    return 0;
  }
  const rows = shown.map((image) => [
    image.repository,
    image.tag,
    args.has('no-trunc') ? image.id : short(image.id),
    humanSize(image.size, 3),
  ]);
  yield* process.print(table([['IMAGE', 'TAG', 'IMAGE ID', 'SIZE'], ...rows], 20));
  return 0;
}

const view = <T>(found: T | undefined, show: (found: T) => object): object | undefined =>
  found === undefined ? undefined : show(found);

function* inspect(
  process: Process,
  args: Arguments,
  what: string,
  look: (id: string) => object | undefined,
): Task<number> {
  if (args.rest.length === 0) return yield* fatal(process, 'ID cannot be empty');
  for (const id of args.rest) {
    const found = look(id);
    if (!found) {
      const where = what === 'pod sandbox' ? 'getting the status of pod sandbox' : `getting the status of the ${what}`;
      return yield* fatal(
        process,
        `${where} "${id}": rpc error: code = NotFound desc = an error occurred when try to find ${what === 'pod sandbox' ? 'sandbox' : what} "${id}": not found`,
      );
    }
    const template = args.one('template');
    if (args.one('output') === 'go-template' && template !== undefined)
      yield* process.print(`${renderTemplate(template, found)}\n`);
    else yield* process.print(`${JSON.stringify(found, undefined, 2)}\n`);
  }
  return 0;
}

function* missing(process: Process, id: string): Task<number> {
  return yield* fatal(
    process,
    `rpc error: code = NotFound desc = an error occurred when try to find container "${id}": not found`,
  );
}

function* logs(process: Process, runtime: Runtime, args: Arguments): Task<number> {
  const [id] = args.rest;
  if (id === undefined) return yield* fatal(process, 'ID cannot be empty');
  const container = findContainer(runtime, id);
  if (!container) return yield* missing(process, id);
  const tail = args.one('tail');
  const options = {
    follow: args.has('follow'),
    timestamps: args.has('timestamps'),
    ...(tail === undefined ? {} : { tailLines: Number(tail) }),
  };
  return yield* follow(process, openLogs(runtime, container, options));
}

function* exec(process: Process, runtime: Runtime, args: Arguments): Task<number> {
  const [id, ...command] = args.rest;
  if (id === undefined) return yield* fatal(process, 'ID cannot be empty');
  const container = findContainer(runtime, id);
  if (!container) return yield* missing(process, id);
  if (container.state !== 'running')
    return yield* fatal(
      process,
      `execing command in container: container is not in "RUNNING" state: ${container.state}`,
    );
  const result = yield* runSession(process, runtime, container, command, {
    stdin: args.has('interactive'),
    tty: args.has('tty') && process instanceof KernelProcess && process.stdin.tty !== undefined,
  });
  if (typeof result === 'number') return result;
  return yield* fatal(process, `execing command in container: ${result}`);
}

function* pull(process: Process, runtime: Runtime, args: Arguments): Task<number> {
  const [name] = args.rest;
  if (name === undefined) return yield* fatal(process, 'Image name cannot be empty');
  try {
    const image = yield* runtime.pull(parseReference(name));
    yield* process.print(`Image is up to date for ${image.id}\n`);
    return 0;
  } catch (error) {
    if (error instanceof PullError)
      return yield* fatal(process, `pulling image: rpc error: code = ${error.code} desc = ${error.message}`);
    if (error instanceof InvalidReference)
      return yield* fatal(
        process,
        `pulling image: rpc error: code = Unknown desc = failed to parse image reference "${name}": ${error.message}`,
      );
    throw error;
  }
}

function* removeImages(process: Process, runtime: Runtime, args: Arguments): Task<number> {
  const used = new Set(
    runtime
      .containers()
      .map((container) => container.config.image.name)
      .concat(PAUSE_IMAGE),
  );
  const chosen = args.has('prune')
    ? runtime.images
        .list()
        .filter((image) => !used.has(image.name))
        .map((image) => image.name)
    : args.has('all')
      ? runtime.images.list().map((image) => image.name)
      : args.rest;
  for (const name of chosen) {
    const image = runtime.images.lookUp(name);
    if (!image) return yield* fatal(process, `no such image ${name}`);
    runtime.removeImage(image);
    yield* process.print(`Deleted: ${image.name}\n`);
  }
  return 0;
}

function* each(
  process: Process,
  runtime: Runtime,
  args: Arguments,
  act: (container: Container) => Task<string | undefined>,
): Task<number> {
  for (const id of args.rest) {
    const container = findContainer(runtime, id);
    if (!container) return yield* missing(process, id);
    const failure = yield* act(container);
    if (failure !== undefined) return yield* fatal(process, failure);
    yield* process.print(`${id}\n`);
  }
  return 0;
}

function* stop(process: Process, runtime: Runtime, args: Arguments): Task<number> {
  return yield* each(process, runtime, args, function* (container) {
    yield* runtime.stopContainer(container.id, Number(args.one('timeout') ?? 0));
    return undefined;
  });
}

function* remove(process: Process, runtime: Runtime, args: Arguments): Task<number> {
  return yield* each(process, runtime, args, function* (container) {
    if (container.state === 'running' && !args.has('force'))
      return `removing the container: container "${container.id}" is running, please stop it first`;
    yield* runtime.stopContainer(container.id, 0);
    runtime.removeContainer(container.id);
    return undefined;
  });
}

function* stopPods(process: Process, runtime: Runtime, args: Arguments): Task<number> {
  for (const id of args.rest) {
    const sandbox = findSandbox(runtime, id);
    if (!sandbox)
      return yield* fatal(
        process,
        `stopping the pod sandbox "${id}": rpc error: code = NotFound desc = an error occurred when try to find sandbox "${id}": not found`,
      );
    for (const container of runtime.containers().filter((one) => one.sandbox === sandbox))
      yield* runtime.stopContainer(container.id, 0);
    runtime.stopPodSandbox(sandbox);
    yield* process.print(`Stopped sandbox ${id}\n`);
  }
  return 0;
}

function* version(process: Process): Task<number> {
  yield* process.print('Version:  0.1.0\nRuntimeName:  containerd\nRuntimeVersion:  2.1.4\nRuntimeApiVersion:  v1\n');
  return 0;
}
