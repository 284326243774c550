/** kubectl as a program of a machine: its environment made of system calls, its transport of virtual time. */

import {
  type ApiRequest,
  type ApiResponse,
  type ApiServer,
  type ExecSession,
  type PortForwardConnection,
  type PortForwardStream,
  type Transport,
  TransportError,
} from '../api/http.ts';
import { complete } from '../kubectl/complete.ts';
import type {
  ClusterConnection,
  Files,
  InputStream,
  KubectlEnvironment,
  LocalConnection,
  LocalListener,
  OutputStream,
} from '../kubectl/environment.ts';
import { runKubectl } from '../kubectl/kubectl.ts';
import { isErrno } from '../machines/errno.ts';
import type { KernelMachine } from '../machines/kernel/machine.ts';
import type { OpenFile, Process, Program, Tty } from '../machines/process.ts';
import { Channel } from '../sim/channel.ts';
import { outside, type Task } from '../sim/task.ts';

/** There and back inside the lab, with the API server's own work (virtual milliseconds). */
const ROUND_TRIP = 4;

const encoder = new TextEncoder();

/** The API server, as it can be reached over the lab's network. */
export interface ServedCluster {
  readonly server: ApiServer;
  readonly machine: KernelMachine;
  readonly port: number;
}

export function kubectlProgram(cluster: ServedCluster): Program {
  return (process, argv) => runKubectl(environmentOf(process, argv.slice(1), cluster));
}

/** What Tab offers after `kubectl`. */
export const completeKubectl = (
  words: readonly string[],
  index: number,
  process: Process,
  cluster: ServedCluster,
): Task<string[]> => complete(words, index, environmentOf(process, [], cluster));

function environmentOf(process: Process, args: readonly string[], cluster: ServedCluster): KubectlEnvironment {
  return {
    pid: process.pid,
    args,
    env: process.env,
    stdin: input(process),
    stdout: output(process, process.stdout),
    stderr: output(process, process.stderr),
    files: files(process),
    now: () => process.now(),
    sleep: (ms) => process.sleep(ms),
    connect: (connection) => new LabTransport(process, connection, cluster),
    run: (argv) => run(process, argv),
    onInterrupt: (handler) => process.trap('SIGINT', handler ?? 'default'),
    load: (work) => outside(process.machine.clock, work),
    listen: (address, port, accept) => listen(process, address, port, accept),
    randomName: () => String(process.random.between(100_000_000, 4_294_967_295)),
  };
}

/** What the API server would not do is told as the pod's own failure. */
function failedStream({ body }: ApiResponse): PortForwardStream {
  const stream: PortForwardStream = { send: new Channel(), receive: new Channel(), error: new Channel() };
  if (typeof body === 'string') stream.error.push(body);
  for (const channel of [stream.send, stream.receive, stream.error]) channel.close();
  return stream;
}

/** Ports that the kernel hands out (net.ipv4.ip_local_port_range). */
const EPHEMERAL = [32_768, 60_999] as const;

/** Only this machine reaches its loopback. Nobody speaks IPv6 here: ::1 has ports, and nothing ever comes to them. */
function* listen(
  process: Process,
  address: string,
  wanted: number,
  accept: (connection: LocalConnection) => void,
): Task<LocalListener> {
  const machine = process.machine as KernelMachine;
  const { network, address: own } = machine;
  const failed = (words: string) =>
    new Error(`listen tcp${address.includes(':') ? `6 [${address}]` : `4 ${address}`}:${wanted}: bind: ${words}`);
  const loopback = address.startsWith('127.') || address === '::1';
  if (!loopback && address !== own && address !== '0.0.0.0') throw failed('cannot assign requested address');
  const where = address === '::1' ? `::1%${own}` : own;
  let port = wanted;
  while (port === 0 || (wanted === 0 && network.listening(where, port))) port = process.random.between(...EPHEMERAL);
  if (network.listening(where, port)) throw failed('address already in use');
  const close = network.listen(where, port, (connection) => {
    if (loopback && connection.peer !== own) connection.send.close();
    else accept(connection);
  });
  return { port, close };
}

class LabTransport implements Transport {
  readonly server: string;
  readonly #process: Process;
  readonly #cluster: ServedCluster;
  readonly #address: string;

  constructor(process: Process, { server }: ClusterConnection, cluster: ServedCluster) {
    this.server = server;
    this.#process = process;
    this.#cluster = cluster;
    this.#address = hostAndPort(server);
  }

  *request(request: ApiRequest): Task<ApiResponse> {
    yield* this.#reach();
    return this.#cluster.server.handle(request);
  }

  *exec(request: ApiRequest): Task<ExecSession | ApiResponse> {
    yield* this.#reach();
    return this.#cluster.server.exec(request);
  }

  *portForward(request: ApiRequest): Task<PortForwardConnection | ApiResponse> {
    yield* this.#reach();
    const { server } = this.#cluster;
    const refused = server.refusesPortForward(request);
    if (refused) return refused;
    const lost = new Channel<never>();
    return {
      lost,
      close: () => lost.close(),
      open: (port) => {
        const stream = server.portForward(request, port);
        return 'status' in stream ? failedStream(stream) : stream;
      },
    };
  }

  /** Throws in Go's words where nothing answers (net.OpError). */
  *#reach(): Task<void> {
    const { machine, port } = this.#cluster;
    yield* this.#process.sleep(ROUND_TRIP);
    const [host = '', wanted] = split(this.#address);
    const local = host === 'localhost' || host === '127.0.0.1' || host === '[::1]';
    const address = local ? this.#process.machine.address : host;
    const name = host === 'localhost' ? '127.0.0.1' : host;
    if (address !== machine.address && address !== machine.hostname) {
      const other = machine.network.host(address);
      if (!other?.up) throw new TransportError(`dial tcp ${this.#address}: connect: no route to host`);
      throw new TransportError(`dial tcp ${name}:${wanted}: connect: connection refused`);
    }
    if (!machine.up) throw new TransportError(`dial tcp ${this.#address}: connect: no route to host`);
    if (Number(wanted) !== port) throw new TransportError(`dial tcp ${name}:${wanted}: connect: connection refused`);
  }
}

function hostAndPort(server: string): string {
  const match = /^(https?):\/\/([^/]+)/.exec(server);
  if (!match) return server;
  return /:\d+$/.test(match[2]!) ? match[2]! : `${match[2]}:${match[1] === 'https' ? 443 : 80}`;
}

const split = (address: string): [string, string] => {
  const at = address.lastIndexOf(':');
  return [address.slice(0, at), address.slice(at + 1)];
};

function input(process: Process): InputStream {
  const { tty } = process.stdin;
  let cooked: Tty['modes'] | undefined;
  return {
    isTerminal: tty !== undefined,
    read: () => process.stdin.read(),
    setRaw(raw) {
      if (!tty) return;
      if (raw) {
        cooked ??= tty.modes;
        tty.modes = { canonical: false, echo: false, signals: false };
      } else if (cooked) {
        tty.modes = cooked;
        cooked = undefined;
      }
    },
  };
}

function output(process: Process, file: OpenFile): OutputStream {
  return {
    isTerminal: file.tty !== undefined,
    get columns() {
      return file.tty?.columns ?? 80;
    },
    get rows() {
      return file.tty?.rows ?? 24;
    },
    write: (text) => file.write(typeof text === 'string' ? encoder.encode(text) : text),
    onResize: (handler) => process.trap('SIGWINCH', handler ?? 'default'),
  };
}

function files(process: Process): Files {
  return {
    get cwd() {
      return process.cwd;
    },
    home: process.env.get('HOME') ?? '/root',
    read: (path) => inGo(process.readFile(path)),
    *write(path, data, mode) {
      yield* inGo(makeParents(process, path));
      yield* inGo(process.writeFile(path, data, mode === undefined ? {} : { mode }));
    },
    list: (path) => inGo(process.readdir(path)),
    *stat(path) {
      try {
        const { type, size, mode, mtime } = yield* process.stat(path);
        return { directory: type === 'directory', size, mode, mtime };
      } catch (error) {
        if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined;
        throw words(error);
      }
    },
    makeDirectory: (path) => inGo(makeDirectories(process, path)),
    remove: (path) => inGo(remove(process, path)),
  };
}

function* makeParents(process: Process, path: string): Task<void> {
  const parent = path.slice(0, path.lastIndexOf('/'));
  if (parent) yield* makeDirectories(process, parent);
}

function* makeDirectories(process: Process, path: string): Task<void> {
  try {
    yield* process.stat(path);
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
    yield* makeParents(process, path);
    yield* process.mkdir(path);
  }
}

function* remove(process: Process, path: string): Task<void> {
  if ((yield* process.lstat(path)).type !== 'directory') {
    yield* process.unlink(path);
    return;
  }
  for (const name of yield* process.readdir(path)) yield* remove(process, `${path}/${name}`);
  yield* process.rmdir(path);
}

/** Go prints errors of system calls in lower case. */
function* inGo<T>(task: Task<T>): Task<T> {
  try {
    return yield* task;
  } catch (error) {
    throw words(error);
  }
}

function words(error: unknown): unknown {
  return isErrno(error) ? new Error(error.message[0]!.toLowerCase() + error.message.slice(1)) : error;
}

function* run(process: Process, argv: readonly string[]): Task<number> {
  const [name = ''] = argv;
  const folders = name.includes('/') ? [''] : (process.env.get('PATH') ?? '').split(':').map((folder) => `${folder}/`);
  for (const folder of folders) {
    try {
      const child = yield* process.spawn(folder + name, argv);
      const status = yield* process.wait(child.pid);
      if ('code' in status) return status.code;
      return 130;
    } catch (error) {
      if (!isErrno(error, 'ENOENT', 'EACCES', 'ENOTDIR')) throw error;
    }
  }
  return 127;
}
