/** SPDY's frames, headers and streams, two ends of one socket in this process. */

import { duplexPair } from 'node:stream';
import { constants, createDeflate, createInflate } from 'node:zlib';
import { expect, test } from 'vitest';
import { SpdyConnection, type SpdyStream } from './connection.ts';
import { HEADER_DICTIONARY } from './dictionary.ts';
import { CONTROL, controlFrame, dataFrame, takeFrames } from './frames.ts';
import { HeaderReader, HeaderWriter } from './headers.ts';

const headers = (...pairs: [string, string][]) => new Map(pairs);

test('the dictionary is the protocol’s: 1423 bytes under their checksum', async () => {
  expect(HEADER_DICTIONARY).toHaveLength(1423);
  // What a zlib stream made with it begins with (DICTID, RFC 1950).
  const block = new HeaderWriter().write(new Map());
  expect(block.subarray(0, 6).toString('hex')).toBe('7820e3c6a7c2');
});

test('zlib reads the headers that are written, block by block', async () => {
  const writer = new HeaderWriter();
  const inflate = createInflate({ dictionary: HEADER_DICTIONARY });
  for (const port of ['80', '8080']) {
    await new Promise<void>((done) => inflate.write(writer.write(headers(['Port', port])), () => done()));
    expect((inflate.read() as Buffer).toString('latin1')).toBe(
      `\0\0\0\x01\0\0\0\x04port\0\0\0${String.fromCharCode(port.length)}${port}`,
    );
  }
});

test('headers that zlib compressed are read, block by block', async () => {
  const deflate = createDeflate({ dictionary: HEADER_DICTIONARY });
  const reader = new HeaderReader();
  for (const type of ['error', 'data']) {
    const text = `\0\0\0\x01\0\0\0\x0astreamtype\0\0\0${String.fromCharCode(type.length)}${type}`;
    deflate.write(Buffer.from(text, 'latin1'));
    await new Promise<void>((done) => deflate.flush(constants.Z_SYNC_FLUSH, () => done()));
    expect(await reader.read(deflate.read() as Buffer)).toEqual(headers(['streamtype', type]));
  }
});

test('frames are taken whole, wherever the bytes are cut', () => {
  const bytes = Buffer.concat([
    controlFrame(CONTROL.PING, 7),
    dataFrame(5, Buffer.from('hello')),
    dataFrame(5, Buffer.alloc(0), true),
  ]);
  const expected = [
    { control: CONTROL.PING, fin: false, body: Buffer.from([0, 0, 0, 7]) },
    { stream: 5, fin: false, data: Buffer.from('hello') },
    { stream: 5, fin: true, data: Buffer.alloc(0) },
  ];
  for (let cut = 0; cut <= bytes.length; cut++) {
    const first = takeFrames(bytes.subarray(0, cut));
    const second = takeFrames(Buffer.concat([first.rest, bytes.subarray(cut)]));
    expect([...first.frames, ...second.frames]).toEqual(expected);
    expect(second.rest).toHaveLength(0);
  }
});

const text = (stream: SpdyStream): Promise<string> =>
  new Promise((done) => {
    let all = '';
    stream.listen((data) => {
      if (data) all += data.toString();
      else done(all);
    });
  });

test('streams both ways, their ends, and those that are not wanted', async () => {
  const [near, far] = duplexPair();
  const client = new SpdyConnection(near);
  new SpdyConnection(far, (stream) => {
    if (stream.headers.get('streamtype') !== 'echo') return false;
    stream.listen((data) => (data ? stream.write(Buffer.from(data.toString().toUpperCase())) : stream.end()));
    return true;
  });
  const streams = ['one', 'two'].map((word) => {
    const stream = client.open(headers(['StreamType', 'echo']));
    stream.write(Buffer.from(word));
    stream.end();
    return text(stream);
  });
  expect(await Promise.all(streams)).toEqual(['ONE', 'TWO']);
  const refused = client.open(headers(['streamtype', 'other']));
  await new Promise<void>((done) => {
    refused.onReset = done;
  });
  const closed = new Promise<void>((done) => {
    client.onClose = done;
  });
  near.end();
  far.end();
  await closed;
});

test('a client’s ping is answered under its number', async () => {
  const [near, far] = duplexPair();
  new SpdyConnection(far, () => false);
  const answers = near[Symbol.asyncIterator]();
  for (const number of [3, 5]) {
    near.write(controlFrame(CONTROL.PING, number));
    const { value } = await answers.next();
    expect(takeFrames(value as Buffer).frames).toEqual([
      { control: CONTROL.PING, fin: false, body: Buffer.from([0, 0, 0, number]) },
    ]);
  }
});
