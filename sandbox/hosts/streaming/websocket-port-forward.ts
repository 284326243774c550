/** Port-forward over WebSocket channels, one connection a port (kubelet/pkg/cri/streaming/portforward/websocket.go): what other clients than kubectl speak. */

import type { WebSocket } from 'ws';
import type { PortForwardStream } from '../../api/http.ts';
import type { ServedWorld } from '../http-listener.ts';
import { hangUp, isPort } from './port-forward.ts';

/** The ports a request names, or what is wrong with them. */
export function portsOf(query: readonly (readonly [string, string])[]): number[] | string {
  const given = query.filter(([name]) => name === 'ports').flatMap(([, value]) => value.split(','));
  if (given.length === 0) return 'query parameter "port" is required';
  for (const port of given) {
    if (port === '') return 'query parameter "port" cannot be empty';
    if (!/^\d+$/.test(port))
      return `unable to parse "${port}" as a port: strconv.ParseUint: parsing "${port}": invalid syntax`;
    if (Number(port) === 0) return `port "${port}" must be > 0`;
    if (!isPort(port))
      return `unable to parse "${port}" as a port: strconv.ParseUint: parsing "${port}": value out of range`;
  }
  return given.map(Number);
}

/** Channel 2i carries the data of port i, 2i+1 its error; each begins with its port, little-endian. */
export function forwardPorts(
  ws: WebSocket,
  world: ServedWorld,
  forwards: readonly { port: number; stream: PortForwardStream }[],
): void {
  let open = forwards.length;
  const send = (channel: number, data: Uint8Array) => ws.send(Buffer.concat([Buffer.of(channel), data]));
  forwards.forEach(({ port, stream }, i) => {
    const [data, error] = [2 * i, 2 * i + 1];
    for (const channel of [data, error]) send(channel, Buffer.of(port & 0xff, port >> 8));
    stream.receive.listen(() => {
      for (let bytes = stream.receive.take(); bytes; bytes = stream.receive.take()) send(data, bytes);
    });
    stream.error.listen(() => {
      for (let text = stream.error.take(); text !== undefined; text = stream.error.take())
        send(error, Buffer.from(text));
      if (stream.error.closed && --open === 0) ws.close(1000);
    });
  });
  ws.on('message', (message: Buffer) => {
    const forward = forwards[message[0]! / 2];
    if (!forward || message.length === 1) return;
    world.driver.catchUp();
    forward.stream.send.push(new Uint8Array(message.subarray(1)));
    world.driver.wake();
  });
  ws.on('close', () => {
    for (const { stream } of forwards) hangUp(stream);
    world.driver.wake();
  });
}
