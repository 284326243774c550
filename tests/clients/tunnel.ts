/** The WebSocket inside which kubectl's port-forward speaks SPDY, as a plain stream: libraries refuse its protocol's name. */

import { once } from 'node:events';
import { request } from 'node:http';
import { Duplex } from 'node:stream';
import { TUNNELED_PROTOCOL } from '../../sandbox/hosts/streaming/port-forward.ts';

export async function tunnel(url: string): Promise<{ stream: Duplex; protocol: string | undefined }> {
  const asked = request(url, {
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': Buffer.alloc(16).toString('base64'),
      'sec-websocket-protocol': TUNNELED_PROTOCOL,
    },
  });
  asked.end();
  const [response, socket] = (await once(asked, 'upgrade')) as [{ headers: Record<string, string> }, Duplex];
  let waiting = Buffer.alloc(0);
  const stream = new Duplex({
    read() {},
    write: (data: Buffer, _encoding, done) => socket.write(masked(data), done),
    final: (done) => socket.end(done),
  });
  socket.on('data', (chunk: Buffer) => {
    waiting = Buffer.concat([waiting, chunk]);
    for (let message = takeMessage(waiting); message; message = takeMessage(waiting)) {
      waiting = Buffer.from(message.rest);
      stream.push(message.data);
    }
  });
  socket.on('end', () => stream.push(null));
  return { stream, protocol: response.headers['sec-websocket-protocol'] };
}

/** A binary message as a client sends it (RFC 6455, section 5.2), masked with zeros. */
function masked(data: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16BE(0x82fe);
  head.writeUInt16BE(data.length, 2);
  return Buffer.concat([head, data]);
}

function takeMessage(bytes: Buffer): { data: Buffer; rest: Buffer } | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes[1]! & 0x7f;
  const start = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < start) return undefined;
  const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  if (bytes.length < start + length) return undefined;
  return { data: bytes.subarray(start, start + length), rest: bytes.subarray(start + length) };
}
