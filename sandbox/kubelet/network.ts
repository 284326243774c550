/** The kubelet's own connections to its pods: HTTP and TCP, with Go's words for what fails (net/http, net). */

import { Errno } from '../machines/errno.ts';
import type { Connection } from '../machines/network/network.ts';
import type { Clock } from '../sim/clock.ts';
import { firstOf, type Resume, type Task } from '../sim/task.ts';
import type { KubeletContext } from './kubelet-context.ts';

const WORDS: Readonly<Partial<Record<string, string>>> = {
  ECONNREFUSED: 'connect: connection refused',
  EHOSTUNREACH: 'connect: no route to host',
  ETIMEDOUT: 'connect: connection timed out',
};

const after =
  (clock: Clock, ms: number) =>
  (resume: Resume): (() => void) => {
    const timer = clock.after(ms, () => resume(), { background: true });
    return () => timer.cancel();
  };

/** Returns why it did not connect to `host:port`; undefined if it did. */
export function* connectTcp(node: KubeletContext, address: string): Task<string | undefined> {
  const opened = yield* dial(node, address);
  if (typeof opened === 'string') return opened;
  opened.send.close();
  opened.receive.cancel();
  return undefined;
}

export type HttpAnswer = { readonly status: number; readonly body: string } | { readonly error: string };

export function* httpGet(
  node: KubeletContext,
  url: string,
  headers: readonly { readonly name: string; readonly value: string }[],
  timeout: number,
): Task<HttpAnswer> {
  const [, address, path] = /^https?:\/\/([^/]+)(\/.*)$/.exec(url)!;
  const opened = yield* dial(node, address!);
  if (typeof opened === 'string') return { error: opened };
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: ${address}`,
    'User-Agent: kube-probe/1.36',
    'Accept: */*',
    'Connection: close',
  ];
  for (const { name, value } of headers) lines.push(`${name}: ${value}`);
  opened.send.push(new TextEncoder().encode(`${lines.join('\r\n')}\r\n\r\n`));
  const late = after(node.clock, timeout);
  let text = '';
  const decoder = new TextDecoder();
  while (!opened.receive.closed || opened.receive.size > 0) {
    const { index } = yield* firstOf(opened.receive.readable, late);
    if (index === 1) {
      opened.receive.cancel();
      return { error: 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)' };
    }
    const chunk = opened.receive.take();
    if (chunk) text += decoder.decode(chunk, { stream: true });
  }
  const end = text.indexOf('\r\n\r\n');
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(text);
  if (!status) return { error: text === '' ? 'EOF' : 'malformed HTTP response' };
  return { status: Number(status[1]), body: end < 0 ? '' : text.slice(end + 4) };
}

function* dial(node: KubeletContext, address: string): Task<Connection | string> {
  const at = address.lastIndexOf(':');
  const host = address.slice(0, at);
  try {
    return yield* node.runtime.machine.network.connect(node.address, host, Number(address.slice(at + 1)));
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return `dial tcp ${address}: ${WORDS[error.code] ?? error.message.toLowerCase()}`;
  }
}
