/** docker(1) on a node: the pods' containers, as the article looks at them. It reads the same state as crictl. */

import type { Process } from '../../machines/process.ts';
import { own } from '../../sim/own.ts';
import type { Task } from '../../sim/task.ts';
import { openLogs } from '../logs.ts';
import { type Runtime, runtimeOf } from '../runtime/containerd.ts';
import { BUILT, unpackedSize } from '../runtime/rootfs.ts';
import { type Arguments, type FlagSpec, parseArguments, UsageError } from './arguments.ts';
import { type DockerContainer, dockerContainers, inspectContainer } from './docker-view.ts';
import { follow } from './follow.ts';
import { humanDuration, humanSize } from './humanize.ts';
import { runSession } from './session.ts';
import { table } from './table.ts';
import { renderTemplate, TemplateError } from './template.ts';

interface Command {
  readonly flags: FlagSpec;
  readonly firstEnds?: number;
  readonly run: (process: Process, runtime: Runtime, args: Arguments) => Task<number>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  ps: {
    flags: {
      values: ['filter', 'format', 'last'],
      booleans: ['all', 'quiet', 'no-trunc', 'size', 'latest'],
      short: { a: 'all', q: 'quiet', f: 'filter', n: 'last', s: 'size', l: 'latest' },
    },
    run: ps,
  },
  images: {
    flags: {
      values: ['filter', 'format'],
      booleans: ['all', 'quiet', 'no-trunc', 'digests'],
      short: { a: 'all', q: 'quiet', f: 'filter' },
    },
    run: images,
  },
  inspect: {
    flags: { values: ['format', 'type'], booleans: ['size'], short: { f: 'format', s: 'size' } },
    run: inspect,
  },
  logs: {
    flags: {
      values: ['tail', 'since', 'until'],
      booleans: ['follow', 'timestamps', 'details'],
      short: { f: 'follow', t: 'timestamps', n: 'tail' },
    },
    run: logs,
  },
  exec: {
    flags: {
      values: ['user', 'workdir', 'env'],
      booleans: ['interactive', 'tty', 'detach', 'privileged'],
      short: { i: 'interactive', t: 'tty', d: 'detach', u: 'user', w: 'workdir', e: 'env' },
    },
    firstEnds: 1,
    run: exec,
  },
  stop: { flags: { values: ['time', 'timeout'], booleans: [], short: { t: 'time' } }, run: stop },
  kill: { flags: { values: ['signal'], booleans: [], short: { s: 'signal' } }, run: stop },
  rm: { flags: { values: [], booleans: ['force', 'volumes'], short: { f: 'force', v: 'volumes' } }, run: remove },
  version: { flags: { values: [], booleans: [] }, run: version },
};
const ALIASES: Readonly<Record<string, string>> = {
  'container ls': 'ps',
  'container ps': 'ps',
  'image ls': 'images',
  'container inspect': 'inspect',
  'container logs': 'logs',
  'container exec': 'exec',
};

export function* docker(process: Process, argv: readonly string[]): Task<number> {
  let [name = '', ...words] = argv.slice(1);
  const alias = own(ALIASES, `${name} ${words[0] ?? ''}`);
  if (alias) {
    name = alias;
    words = words.slice(1);
  }
  if (name === '' || name === '--help' || name === 'help') {
    yield* process.print(HELP);
    return 0;
  }
  const command = own(COMMANDS, name);
  if (!command) {
    yield* process.error(`docker: '${name}' is not a docker command.\nSee 'docker --help'\n`);
    return 1;
  }
  const runtime = runtimeOf(process.machine);
  if (!runtime) {
    yield* process.error(
      'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n',
    );
    return 1;
  }
  try {
    return yield* command.run(process, runtime, parseArguments(words, command.flags, command.firstEnds));
  } catch (error) {
    if (error instanceof TemplateError) {
      yield* process.error(`${error.message}\n`);
      return 64;
    }
    if (!(error instanceof UsageError)) throw error;
    yield* process.error(`${error.message}\nSee 'docker ${name} --help'.\n`);
    return 125;
  }
}

const HELP = `Usage:  docker [OPTIONS] COMMAND

A self-sufficient runtime for containers

Common Commands:
  exec        Execute a command in a running container
  ps          List containers
  images      List images
  version     Show the Docker version information

Commands:
  inspect     Return low-level information on Docker objects
  kill        Kill one or more running containers
  logs        Fetch the logs of a container
  rm          Remove one or more containers
  stop        Stop one or more running containers

Run 'docker COMMAND --help' for more information on a command.
`;

function* ps(process: Process, runtime: Runtime, args: Arguments): Task<number> {
  const long = args.has('no-trunc');
  let shown = dockerContainers(runtime, process.now(), long).filter((one) => args.has('all') || one.running);
  for (const filter of args.all('filter')) shown = shown.filter(matcher(filter));
  if (args.has('latest')) shown = shown.slice(0, 1);
  const last = args.one('last');
  if (last !== undefined && Number(last) >= 0)
    shown = dockerContainers(runtime, process.now(), long).slice(0, Number(last));
  if (args.has('quiet')) {
    yield* process.print(shown.map((one) => `${one.ID}\n`).join(''));
    return 0;
  }
  const format = args.one('format');
  if (format !== undefined && format !== 'table') {
    yield* process.print(formatted(format, shown, PS_HEADINGS));
    return 0;
  }
  const rows = shown.map((one) => [one.ID, one.Image, one.Command, one.RunningFor, one.Status, one.Ports, one.Names]);
  yield* process.print(
    table([['CONTAINER ID', 'IMAGE', 'COMMAND', 'CREATED', 'STATUS', 'PORTS', 'NAMES'], ...rows], 10),
  );
  return 0;
}

const PS_HEADINGS: Readonly<Record<string, string>> = {
  ID: 'CONTAINER ID',
  Image: 'IMAGE',
  Command: 'COMMAND',
  RunningFor: 'CREATED',
  CreatedAt: 'CREATED AT',
  Status: 'STATUS',
  Ports: 'PORTS',
  Names: 'NAMES',
  State: 'STATE',
  Mounts: 'MOUNTS',
  Labels: 'LABELS',
  Size: 'SIZE',
  Repository: 'REPOSITORY',
  Tag: 'TAG',
  CreatedSince: 'CREATED',
  Digest: 'DIGEST',
};

function formatted(format: string, items: readonly object[], headings: Readonly<Record<string, string>>): string {
  if (format === 'json') return items.map((item) => `${JSON.stringify(item)}\n`).join('');
  if (!format.startsWith('table ')) return items.map((item) => `${renderTemplate(format, item)}\n`).join('');
  const template = format.slice('table '.length);
  const rows = [headings, ...items].map((item) => renderTemplate(template, item).split('\t'));
  return table(rows, 10);
}

function matcher(filter: string): (one: DockerContainer) => boolean {
  const at = filter.indexOf('=');
  const [key, value] = [filter.slice(0, at), filter.slice(at + 1)];
  if (at < 0)
    throw new UsageError(
      `invalid argument "${filter}" for "-f, --filter" flag: bad format of filter (expected name=value)`,
    );
  switch (key) {
    case 'name':
      return (one) => one.Names.includes(value);
    case 'id':
      return (one) => one.fullID.startsWith(value);
    case 'status':
      return (one) => one.State === value;
    case 'label':
      return (one) => one.Labels.split(',').some((label) => label === value || label.startsWith(`${value}=`));
    case 'ancestor':
      return (one) => one.image.includes(value);
    default:
      throw new UsageError(`Error response from daemon: invalid filter '${key}'`);
  }
}

function* images(process: Process, runtime: Runtime, args: Arguments): Task<number> {
  const wanted = args.rest[0];
  const rows = runtime.images
    .list()
    .map((image) => ({
      Repository: image.repository.replace(/^docker\.io\/(library\/)?/, ''),
      Tag: image.tag,
      Digest: image.digest,
      ID: args.has('no-trunc') ? image.id : image.id.slice(7, 19),
      CreatedSince: `${humanDuration(process.now() - BUILT)} ago`,
      Size: humanSize(unpackedSize(image), 3),
    }))
    .filter((row) => wanted === undefined || row.Repository === wanted || `${row.Repository}:${row.Tag}` === wanted);
  const format = args.one('format');
  if (args.has('quiet')) yield* process.print(rows.map((row) => `${row.ID}\n`).join(''));
  else if (format !== undefined && format !== 'table') yield* process.print(formatted(format, rows, PS_HEADINGS));
  else
    yield* process.print(
      table(
        [
          ['REPOSITORY', 'TAG', 'IMAGE ID', 'CREATED', 'SIZE'],
          ...rows.map((row) => [row.Repository, row.Tag, row.ID, row.CreatedSince, row.Size]),
        ],
        10,
      ),
    );
  return 0;
}

const find = (runtime: Runtime, name: string, now: number): DockerContainer | undefined =>
  dockerContainers(runtime, now, true).find((one) => one.fullID.startsWith(name) || one.Names === name);

function* inspect(process: Process, runtime: Runtime, args: Arguments): Task<number> {
  if (args.rest.length === 0) throw new UsageError('"docker inspect" requires at least 1 argument.');
  const found: object[] = [];
  const missing: string[] = [];
  for (const name of args.rest) {
    const one = find(runtime, name, process.now());
    if (one) found.push(inspectContainer(runtime, one));
    else missing.push(name);
  }
  const format = args.one('format');
  if (format !== undefined) yield* process.print(found.map((one) => `${renderTemplate(format, one)}\n`).join(''));
  else yield* process.print(`${JSON.stringify(found, undefined, 4)}\n`);
  for (const name of missing) yield* process.error(`Error: No such object: ${name}\n`);
  return missing.length > 0 ? 1 : 0;
}

function* noSuch(process: Process, name: string): Task<number> {
  yield* process.error(`Error response from daemon: No such container: ${name}\n`);
  return 1;
}

function* logs(process: Process, runtime: Runtime, args: Arguments): Task<number> {
  const [name] = args.rest;
  if (name === undefined) throw new UsageError('"docker logs" requires exactly 1 argument.');
  const container = find(runtime, name, process.now())?.container;
  if (!container) return yield* noSuch(process, name);
  const tail = args.one('tail');
  return yield* follow(
    process,
    openLogs(runtime, container, {
      follow: args.has('follow'),
      timestamps: args.has('timestamps'),
      ...(tail !== undefined && tail !== 'all' ? { tailLines: Number(tail) } : {}),
    }),
  );
}

function* exec(process: Process, runtime: Runtime, args: Arguments): Task<number> {
  const [name, ...command] = args.rest;
  if (name === undefined || command.length === 0) throw new UsageError('"docker exec" requires at least 2 arguments.');
  const one = find(runtime, name, process.now());
  if (!one?.container) return yield* noSuch(process, name);
  if (!one.running) {
    yield* process.error(`Error response from daemon: container ${one.fullID} is not running\n`);
    return 1;
  }
  if (args.has('tty') && !process.stdin.tty) {
    yield* process.error('the input device is not a TTY\n');
    return 1;
  }
  const result = yield* runSession(process, runtime, one.container, command, {
    stdin: args.has('interactive'),
    tty: args.has('tty'),
  });
  if (typeof result === 'number') return result;
  yield* process.error(`OCI runtime exec failed: ${result.slice(result.indexOf('exec failed:'))}\n`);
  return result.includes('permission denied') ? 126 : 127;
}

function* stop(process: Process, runtime: Runtime, args: Arguments): Task<number> {
  let code = 0;
  for (const name of args.rest) {
    const one = find(runtime, name, process.now());
    if (one?.container) {
      yield* runtime.stopContainer(one.fullID, args.one('signal') ? 0 : Number(args.one('time') ?? 10));
      yield* process.print(`${name}\n`);
    } else code = yield* noSuch(process, name);
  }
  return code;
}

function* remove(process: Process, runtime: Runtime, args: Arguments): Task<number> {
  let code = 0;
  for (const name of args.rest) {
    const one = find(runtime, name, process.now());
    if (!one?.container) code = yield* noSuch(process, name);
    else if (one.running && !args.has('force')) {
      yield* process.error(
        `Error response from daemon: cannot remove container "/${one.Names}": container is running: stop the container before removing or force remove\n`,
      );
      code = 1;
    } else {
      yield* runtime.stopContainer(one.fullID, 0);
      runtime.removeContainer(one.fullID);
      yield* process.print(`${name}\n`);
    }
  }
  return code;
}

function* version(process: Process): Task<number> {
  yield* process.print(
    'Client: Docker Engine - Community\n Version:           28.3.3\n API version:       1.51\n OS/Arch:           linux/amd64\n',
  );
  return 0;
}
