/** Port-forward over SPDY: each connection is a pair of streams, data and error, under one request ID (kubelet/pkg/cri/streaming/portforward/httpstream.go). */

import type { Duplex } from 'node:stream';
import type { ApiResponse, PortForwardConnection, PortForwardStream } from '../../api/http.ts';
import { Channel } from '../../sim/channel.ts';
import type { ServedWorld } from '../http-listener.ts';
import { SpdyConnection, type SpdyStream } from '../spdy/connection.ts';

export const PORT_FORWARD_PROTOCOL = 'portforward.k8s.io';
/** The same bytes inside binary WebSocket messages (apimachinery pkg/util/portforward/constants.go). */
export const TUNNELED_PROTOCOL = `SPDY/3.1+${PORT_FORWARD_PROTOCOL}`;

export type OpenPort = (port: number) => PortForwardStream | ApiResponse;

export function servePortForward(socket: Duplex, world: ServedWorld, open: OpenPort): void {
  const pairs = new Map<string, { error?: SpdyStream; data?: SpdyStream }>();
  const running = new Set<PortForwardStream>();
  const connection = new SpdyConnection(socket, (stream) => {
    const { headers } = stream;
    const port = headers.get('port') ?? '';
    const type = headers.get('streamtype');
    if (!isPort(port) || (type !== 'error' && type !== 'data')) return false;
    const id = headers.get('requestid') ?? '';
    const pair = { ...pairs.get(id), [type]: stream };
    pairs.set(id, pair);
    if (pair.error && pair.data) {
      pairs.delete(id);
      join(pair.data, pair.error, Number(port));
    }
    return true;
  });
  connection.onClose = () => {
    for (const stream of running) hangUp(stream);
    world.driver.wake();
  };

  function join(data: SpdyStream, error: SpdyStream, port: number): void {
    world.driver.catchUp();
    const stream = open(port);
    if ('status' in stream) {
      error.write(Buffer.from(messageOf(stream)));
      for (const each of [error, data]) each.end();
      return;
    }
    running.add(stream);
    const over = () => {
      running.delete(stream);
      hangUp(stream);
      world.driver.wake();
    };
    data.onReset = over;
    data.listen((bytes) => {
      world.driver.catchUp();
      if (bytes) stream.send.push(new Uint8Array(bytes));
      else stream.send.close();
      world.driver.wake();
    });
    stream.receive.listen(() => {
      for (let bytes = stream.receive.take(); bytes; bytes = stream.receive.take()) data.write(bytes);
      if (!stream.receive.closed) return;
      data.end();
      running.delete(stream);
    });
    stream.error.listen(() => {
      for (let text = stream.error.take(); text !== undefined; text = stream.error.take())
        error.write(Buffer.from(text));
      if (stream.error.closed) error.end();
    });
    world.driver.wake();
  }
}

/** The client's end: for each local connection a pair of streams, under a request ID of its own. */
export function dialedPorts(socket: Duplex, wake: () => void): PortForwardConnection {
  const connection = new SpdyConnection(socket);
  const lost = new Channel<never>();
  let requests = 0;
  connection.onClose = () => {
    lost.close();
    wake();
  };
  return {
    lost,
    close: () => connection.close(),
    open(port) {
      const named = [
        ['port', String(port)],
        ['requestid', String(requests++)],
      ] as const;
      const error = connection.open(new Map([['streamtype', 'error'], ...named]));
      error.end();
      const data = connection.open(new Map([['streamtype', 'data'], ...named]));
      const stream: PortForwardStream = { send: new Channel(), receive: new Channel(), error: new Channel() };
      data.onReset = () => {
        stream.receive.close();
        wake();
      };
      data.listen((bytes) => {
        if (bytes) stream.receive.push(new Uint8Array(bytes));
        else stream.receive.close();
        wake();
      });
      error.listen((bytes) => {
        if (bytes) stream.error.push(bytes.toString());
        else stream.error.close();
        wake();
      });
      stream.send.listen(() => {
        for (let bytes = stream.send.take(); bytes; bytes = stream.send.take()) data.write(bytes);
        if (stream.send.closed) data.end();
      });
      return stream;
    },
  };
}

/** The client has gone: the pod's end sees its connection end. */
export function hangUp(stream: PortForwardStream): void {
  stream.send.close();
  stream.receive.cancel();
}

export const isPort = (text: string): boolean => /^\d+$/.test(text) && Number(text) > 0 && Number(text) < 65_536;

function messageOf({ body }: ApiResponse): string {
  if (typeof body !== 'string') return '';
  return body.startsWith('{') ? (JSON.parse(body) as { message: string }).message : body;
}
