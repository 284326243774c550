/** Writes the protobuf wire format: what reader.ts reads. */

const encoder = new TextEncoder();

export class Message {
  readonly #parts: Uint8Array[] = [];

  text(field: number, value: unknown): this {
    if (typeof value === 'string') this.#delimited(field, encoder.encode(value));
    return this;
  }

  texts(field: number, values: unknown): this {
    if (Array.isArray(values)) for (const value of values) this.text(field, value);
    return this;
  }

  message(field: number, value: Message | undefined): this {
    if (value) this.#delimited(field, value.bytes());
    return this;
  }

  messages(field: number, values: Iterable<Message>): this {
    for (const value of values) this.message(field, value);
    return this;
  }

  bytes(): Uint8Array {
    const out = new Uint8Array(this.#parts.reduce((length, part) => length + part.length, 0));
    let at = 0;
    for (const part of this.#parts) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  }

  #delimited(field: number, bytes: Uint8Array): void {
    this.#parts.push(varint((field << 3) | 2), varint(bytes.length), bytes);
  }
}

function varint(value: number): Uint8Array {
  const out: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return Uint8Array.from([...out, rest]);
    out.push((rest & 0x7f) | 0x80);
  }
}
