/** Listening for port-forward: each local connection becomes a stream to the pod, until somebody interrupts or the pod is lost (client-go tools/portforward/portforward.go). */

import type { PortForwardConnection, PortForwardStream } from '../../api/http.ts';
import { Channel } from '../../sim/channel.ts';
import { firstOf, type Task } from '../../sim/task.ts';
import { ApiError, CommandError } from '../cli/errors.ts';
import type { KubectlEnvironment, LocalConnection, LocalListener } from '../environment.ts';
import type { KObject } from '../resource/info.ts';
import type { Session } from '../session.ts';
import { quote } from '../text.ts';

export interface Ports {
  readonly local: number;
  readonly remote: number;
}

interface Arrival {
  readonly connection: LocalConnection;
  readonly ports: Ports;
}

export function* forwardPorts(session: Session, pod: KObject, wanted: readonly Ports[]): Task<void> {
  const addresses = listenAddresses(session.flags.list('address'));
  const pods = yield* dial(session, pod);
  const arrivals = new Channel<Arrival>();
  // Ctrl-C is how it ends, and no failure.
  session.environment.onInterrupt(() => arrivals.close());
  const listeners: LocalListener[] = [];
  try {
    let listening = 0;
    for (const ports of wanted) if (yield* listenOn(session, addresses, ports, arrivals, listeners)) listening++;
    if (listening === 0) {
      const list = wanted.map(({ local, remote }) => `{${local} ${remote}}`).join(' ');
      throw new CommandError(`unable to listen on any of the requested ports: [${list}]`);
    }
    yield* serve(session, pods, arrivals);
  } finally {
    session.environment.onInterrupt(undefined);
    for (const listener of listeners) listener.close();
    pods.close();
  }
}

function* dial(session: Session, pod: KObject): Task<PortForwardConnection> {
  const client = yield* session.client();
  const { name, namespace } = pod.metadata!;
  try {
    return yield* client.portForward(`/api/v1/namespaces/${namespace}/pods/${name}/portforward`);
  } catch (error) {
    if (error instanceof ApiError) throw new CommandError(`error upgrading connection: ${error.message}`);
    throw error;
  }
}

interface ListenAddress {
  readonly address: string;
  /** localhost is content with one of its two; an address that was named must do. */
  readonly must: boolean;
}

function listenAddresses(given: readonly string[]): readonly ListenAddress[] {
  const all = new Map<string, ListenAddress>();
  for (const address of given) {
    if (address === 'localhost') for (const each of ['127.0.0.1', '::1']) all.set(each, { address: each, must: false });
    else if (/^\d+(\.\d+){3}$/.test(address) || address.includes(':')) all.set(address, { address, must: true });
    else throw new CommandError(`${address} is not a valid IP`);
  }
  return [...all.values()].sort((a, b) => (a.address < b.address ? -1 : 1));
}

function* listenOn(
  session: Session,
  addresses: readonly ListenAddress[],
  wanted: Ports,
  arrivals: Channel<Arrival>,
  listeners: LocalListener[],
): Task<boolean> {
  let ports = wanted;
  const errors: string[] = [];
  let [optional, missed] = [0, false];
  for (const { address, must } of addresses) {
    try {
      const listener = yield* session.environment.listen(address, ports.local, (connection) =>
        arrivals.push({ connection, ports }),
      );
      listeners.push(listener);
      if (!must) optional++;
      // The second address gets the port that was free for the first.
      ports = { ...ports, local: listener.port };
      const host = address.includes(':') ? `[${address}]` : address;
      yield* session.out(`Forwarding from ${host}:${listener.port} -> ${ports.remote}\n`);
    } catch (error) {
      errors.push(`unable to create listener: Error ${(error as Error).message}`);
      missed ||= must;
    }
  }
  const failed = missed || (optional === 0 && errors.length > 0);
  if (failed)
    yield* session.err(
      `Unable to listen on port ${wanted.local}: Listeners failed to create with the following errors: [${errors.join(' ')}]\n`,
    );
  return !failed;
}

function* serve(session: Session, pods: PortForwardConnection, arrivals: Channel<Arrival>): Task<void> {
  const failures = new Channel<string>();
  for (;;) {
    yield* firstOf(arrivals.readable, failures.readable, pods.lost.readable);
    for (let arrival = arrivals.take(); arrival; arrival = arrivals.take()) {
      const { connection, ports } = arrival;
      yield* session.out(`Handling connection for ${ports.local}\n`);
      join(connection, pods.open(ports.remote), (message) =>
        failures.push(`an error occurred forwarding ${ports.local} -> ${ports.remote}: ${message}`),
      );
    }
    const failure = failures.take();
    if (failure !== undefined) yield* session.err(unhandled(failure, session.environment));
    if (failure !== undefined || pods.lost.closed) throw new CommandError('lost connection to pod');
    if (arrivals.closed) return;
  }
}

/** Copies both ways; what the error stream says is the end of all forwarding. */
function join(connection: LocalConnection, stream: PortForwardStream, fail: (message: string) => void): void {
  connection.receive.listen(() => {
    for (let data = connection.receive.take(); data; data = connection.receive.take()) stream.send.push(data);
    if (connection.receive.closed) stream.send.close();
  });
  stream.receive.listen(() => {
    for (let data = stream.receive.take(); data; data = stream.receive.take()) connection.send.push(data);
    if (stream.receive.closed) connection.send.close();
  });
  let message = '';
  stream.error.listen(() => {
    for (let text = stream.error.take(); text !== undefined; text = stream.error.take()) message += text;
    if (stream.error.closed && message !== '') fail(message);
  });
}

/** klog's line for an error that nobody handles: month and day, time, process. */
function unhandled(error: string, { now, pid }: KubectlEnvironment): string {
  const [, month, day, time] = /^\d+-(\d\d)-(\d\d)T([\d:.]+)Z$/.exec(new Date(now()).toISOString())!;
  return `E${month}${day} ${time}000 ${String(pid).padStart(7)} portforward.go:424] "Unhandled Error" err=${quote(error)}\n`;
}
