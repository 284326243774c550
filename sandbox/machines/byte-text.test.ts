import { expect, test } from 'vitest';
import { ByteDecoder, decodeBytes, encodeBytes, joinBytes, splitBytes } from './byte-text.ts';

const bytes = (...values: number[]) => new Uint8Array(values);

test('any bytes survive the way there and back', () => {
  let seed = 1;
  const next = () => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return seed >> 8;
  };
  for (let round = 0; round < 500; round++) {
    const input = Uint8Array.from({ length: next() % 40 }, () => (next() % 3 === 0 ? next() % 128 : next() % 256));
    expect(encodeBytes(decodeBytes(input))).toEqual(input);
    const decoder = new ByteDecoder();
    const cut = next() % (input.length + 1);
    expect(decoder.write(input.subarray(0, cut)) + decoder.write(input.subarray(cut)) + decoder.end()).toBe(
      decodeBytes(input),
    );
  }
});

test('UTF-8 is characters, what is not is one escape a byte, and both come together again', () => {
  expect(decodeBytes(bytes(0x63, 0xc3, 0xa9, 0xff))).toBe('cé\udcff');
  expect(joinBytes('\udcc3\udca9')).toBe('é');
  expect(splitBytes('é')).toBe('\udcc3\udca9');
  expect(encodeBytes('😀\udcff')).toEqual(bytes(0xf0, 0x9f, 0x98, 0x80, 0xff));
});
