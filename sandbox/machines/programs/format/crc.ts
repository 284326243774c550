/** POSIX cksum: CRC-32 with the length appended, fed chunk by chunk. */

export class Crc {
  #crc = 0;
  length = 0;

  update(bytes: Uint8Array): void {
    this.length += bytes.length;
    for (const byte of bytes) this.#feed(byte);
  }

  finish(): number {
    for (let length = this.length; length > 0; length = Math.floor(length / 256)) this.#feed(length % 256);
    return ~this.#crc >>> 0;
  }

  #feed(byte: number): void {
    this.#crc = (this.#crc << 8) ^ CRC_TABLE[((this.#crc >>> 24) ^ byte) & 255]!;
  }
}

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc;
});
