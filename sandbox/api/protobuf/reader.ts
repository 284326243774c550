/** The protobuf wire format: fields one after another, each with its number and one of four encodings. */

const VARINT = 0;
const FIXED64 = 1;
const DELIMITED = 2;

export class Field {
  readonly number: number;
  readonly varint: bigint;
  readonly bytes: Uint8Array;
  readonly #delimited: boolean;

  constructor(number: number, varint: bigint, bytes: Uint8Array, delimited: boolean) {
    this.number = number;
    this.varint = varint;
    this.bytes = bytes;
    this.#delimited = delimited;
  }

  /** Numbers: one, or the list that a packed field is. */
  packed(): bigint[] {
    if (!this.#delimited) return [this.varint];
    const reader = new Reader(this.bytes);
    const out: bigint[] = [];
    while (!reader.done) out.push(reader.varint());
    return out;
  }
}

export class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  *fields(): Generator<Field> {
    while (!this.done) yield this.field();
  }

  field(): Field {
    const tag = Number(this.varint());
    const number = tag >> 3;
    const encoding = tag & 7;
    if (encoding === VARINT) return new Field(number, this.varint(), new Uint8Array(), false);
    const length = encoding === DELIMITED ? Number(this.varint()) : encoding === FIXED64 ? 8 : 4;
    const bytes = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return new Field(number, 0n, bytes, encoding === DELIMITED);
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; !this.done; shift += 7n) {
      const byte = this.#bytes[this.#at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    return value;
  }
}
