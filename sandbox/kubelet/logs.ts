/** Container logs as `kubectl logs` asks for them: cut, dated, and followed (k8s.io/cri-client/pkg/logs/logs.go). */

import type { LogOptions } from '../api/http.ts';
import { Channel } from '../sim/channel.ts';
import { readFile } from './host-files.ts';
import type { Container } from './runtime/container.ts';
import type { Runtime } from './runtime/containerd.ts';
import { type LogEntry, parseLog } from './runtime/log.ts';

const WHOLE = 1 << 24;
const encoder = new TextEncoder();

export function openLogs(runtime: Runtime, container: Container, options: LogOptions): string | Channel<string> {
  const all = parseLog(readFile(runtime.machine.init, container.log.path, WHOLE));
  const text = limit(render(select(all, options, runtime.machine.clock.now), options), options.limitBytes);
  if (!options.follow || container.log.closed) return text;
  const channel = new Channel<string>();
  if (text !== '') channel.push(text);
  let left = options.limitBytes === undefined ? undefined : options.limitBytes - byteLength(text);
  const end = () => {
    stop();
    channel.close();
  };
  const stop = container.log.listen((written) => {
    const fresh = limit(render(parseLog(written), options), left);
    if (fresh !== '') channel.push(fresh);
    if (left !== undefined) left -= byteLength(fresh);
    if (container.log.closed || left === 0) end();
  });
  channel.onCancel = stop;
  if (left === 0) end();
  return channel;
}

function select(entries: readonly LogEntry[], options: LogOptions, now: number): readonly LogEntry[] {
  const since =
    options.sinceTime ??
    (options.sinceSeconds === undefined ? undefined : new Date(now - options.sinceSeconds * 1000).toISOString());
  const recent = since === undefined ? entries : entries.filter((entry) => entry.time >= since.replace(/Z$/, ''));
  const { tailLines } = options;
  return tailLines === undefined || tailLines < 0 ? recent : tailLines === 0 ? [] : recent.slice(-tailLines);
}

const render = (entries: readonly LogEntry[], { timestamps }: LogOptions): string =>
  entries.map(({ time, text, partial }) => `${timestamps ? `${time} ` : ''}${text}${partial ? '' : '\n'}`).join('');

function limit(text: string, bytes: number | undefined): string {
  if (bytes === undefined) return text;
  return new TextDecoder().decode(encoder.encode(text).subarray(0, bytes));
}

const byteLength = (text: string): number => encoder.encode(text).length;
