/** Many streams over one socket: the part of SPDY/3.1 that moby/spdystream speaks (no flow control, no priorities). */

import type { Duplex } from 'node:stream';
import { CONTROL, controlFrame, dataFrame, type Frame, takeFrames } from './frames.ts';
import { HeaderReader, type Headers, HeaderWriter } from './headers.ts';

/** RST_STREAM's status codes. */
const CANCEL = 5;

/** Larger writes are cut: a frame's length has 24 bits, and the other end reads a frame whole. */
const DATA_MAX = 1 << 16;

export class SpdyStream {
  readonly headers: Headers;
  readonly #id: number;
  readonly #send: (frame: Buffer) => void;
  readonly #forget: () => void;
  #over = false;
  #heardAll = false;
  #early: (Buffer | undefined)[] = [];
  #listener: ((data: Buffer | undefined) => void) | undefined;
  /** The other end gave the stream up. */
  onReset: () => void = () => {};

  constructor(id: number, headers: Headers, send: (frame: Buffer) => void, forget: () => void) {
    this.#id = id;
    this.headers = headers;
    this.#send = send;
    this.#forget = forget;
  }

  /** Called with what arrives, undefined at the end; with what came before at once. */
  listen(listener: (data: Buffer | undefined) => void): void {
    this.#listener = listener;
    for (const data of this.#early.splice(0)) listener(data);
  }

  write(data: Uint8Array): void {
    if (this.#over) return;
    for (let at = 0; at < data.length; at += DATA_MAX)
      this.#send(dataFrame(this.#id, data.subarray(at, at + DATA_MAX)));
  }

  /** No more from this end. */
  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#send(dataFrame(this.#id, Buffer.alloc(0), true));
    if (this.#heardAll) this.#forget();
  }

  reset(): void {
    this.#over = true;
    this.#send(controlFrame(CONTROL.RST_STREAM, this.#id, CANCEL));
    this.#forget();
  }

  /** For the connection only. */
  arrived(data: Buffer | undefined): void {
    this.#heardAll ||= data === undefined;
    if (this.#listener) this.#listener(data);
    else this.#early.push(data);
    if (this.#heardAll && this.#over) this.#forget();
  }
}

export class SpdyConnection {
  readonly #socket: Duplex;
  readonly #streams = new Map<number, SpdyStream>();
  readonly #reader = new HeaderReader();
  readonly #writer = new HeaderWriter();
  readonly #accept: ((stream: SpdyStream) => boolean) | undefined;
  #nextId = 1;
  #closed = false;
  onClose: () => void = () => {};

  /** A server's `accept` says whether a stream that the client opened is wanted; a client has none. */
  constructor(socket: Duplex, accept?: (stream: SpdyStream) => boolean) {
    this.#socket = socket;
    this.#accept = accept;
    void this.#read();
  }

  /** The client's: odd numbers are its own. */
  open(headers: Headers): SpdyStream {
    const id = this.#nextId;
    this.#nextId += 2;
    const stream = this.#add(id, headers);
    this.#send(controlFrame(CONTROL.SYN_STREAM, id, 0, Buffer.alloc(2), this.#writer.write(headers)));
    return stream;
  }

  close(): void {
    if (!this.#closed) this.#socket.end();
  }

  #add(id: number, headers: Headers): SpdyStream {
    const stream = new SpdyStream(
      id,
      headers,
      (frame) => this.#send(frame),
      () => this.#streams.delete(id),
    );
    this.#streams.set(id, stream);
    return stream;
  }

  #send(frame: Buffer): void {
    if (!this.#closed && this.#socket.writable) this.#socket.write(frame);
  }

  async #read(): Promise<void> {
    let waiting = Buffer.alloc(0);
    try {
      for await (const chunk of this.#socket as AsyncIterable<Buffer>) {
        const { frames, rest } = takeFrames(Buffer.concat([waiting, chunk]));
        waiting = rest as Buffer<ArrayBuffer>;
        for (const frame of frames) await this.#take(frame);
      }
    } catch {
      // A broken socket or a broken header block: the connection is over either way.
      this.#socket.destroy();
    }
    this.#closed = true;
    for (const stream of this.#streams.values()) stream.onReset();
    this.onClose();
  }

  async #take(frame: Frame): Promise<void> {
    if ('data' in frame) {
      const stream = this.#streams.get(frame.stream);
      if (frame.data.length > 0) stream?.arrived(frame.data);
      if (frame.fin) stream?.arrived(undefined);
      return;
    }
    const { control, body, fin } = frame;
    if (control === CONTROL.SYN_STREAM) await this.#opened(body, fin);
    else if (control === CONTROL.RST_STREAM) {
      const id = body.readUInt32BE();
      this.#streams.get(id)?.onReset();
      this.#streams.delete(id);
    } else if (control === CONTROL.PING) {
      // The client's are odd: one's own numbers come back as answers.
      if ((body.readUInt32BE() % 2 === 1) === (this.#accept !== undefined)) this.#send(controlFrame(control, body));
    } else if (control === CONTROL.GOAWAY) this.close();
    // The blocks of replies are not wanted, and nothing else is compressed by the end that answers.
  }

  async #opened(body: Buffer, fin: boolean): Promise<void> {
    const id = body.readUInt32BE();
    const stream = this.#add(id, await this.#reader.read(body.subarray(10)));
    if (!this.#accept?.(stream)) return stream.reset();
    this.#send(controlFrame(CONTROL.SYN_REPLY, id, this.#writer.write(new Map())));
    if (fin) stream.arrived(undefined);
  }
}
