/** Bytes that repeat: a run of them is described, not held, however long it is. */

/** A read of zeros up to this length gives a view of one buffer that everybody shares: nobody writes into what was read. */
const SHARED = 2 ** 20;
/** Writes below this are not looked at; those below the other only at where they come from. */
const SHORT = 256;
const SHORTEST = 4096;
/** A longer period is not looked for: a line of a text. */
const LONGEST_PERIOD = 1024;

/** Buffers that were made as runs: what all their bytes repeat. */
const known = new WeakMap<ArrayBufferLike, Pattern>();
let shared: Uint8Array | undefined;

/** What repeats: one byte, or as many as a line has. */
export type Pattern = Uint8Array;

const patterns = new Map<number, Pattern>();

const ofByte = (byte: number): Pattern => {
  let pattern = patterns.get(byte);
  if (!pattern) {
    pattern = Uint8Array.of(byte);
    patterns.set(byte, pattern);
  }
  return pattern;
};

export const ZERO: Pattern = ofByte(0);

/** So many zeros; not to be written into. */
export function zeros(length: number): Uint8Array {
  if (length > SHARED) {
    const own = new Uint8Array(length);
    known.set(own.buffer, ZERO);
    return own;
  }
  if (!shared) {
    shared = new Uint8Array(SHARED);
    known.set(shared.buffer, ZERO);
  }
  return shared.subarray(0, length);
}

/** What all of `data` is a repetition of, from its first byte on; undefined if it is plain data, or too short to ask. */
export function patternOf(data: Uint8Array): Pattern | undefined {
  if (data.length < SHORT) return undefined;
  const made = known.get(data.buffer);
  if (made) return rotated(made, data.byteOffset % made.length);
  if (data.length < SHORTEST) return undefined;
  const period = data[0] === data[1] ? 1 : data.indexOf(data[0]!, 1);
  for (let at = period; at > 0 && at <= LONGEST_PERIOD; at = data.indexOf(data[0]!, at + 1)) {
    if (repeats(data, at)) return at === 1 ? ofByte(data[0]!) : data.slice(0, at);
  }
  return undefined;
}

/** A stretch of a run: `phase` is where in the pattern its first byte is. */
export function stretch(pattern: Pattern, phase: number, length: number): Uint8Array {
  if (pattern === ZERO) return zeros(length);
  const data = new Uint8Array(length);
  const start = rotated(pattern, phase);
  known.set(data.buffer, start);
  if (start.length === 1) return data.fill(start[0]!);
  data.set(start.subarray(0, length));
  for (let done = start.length; done < length; done *= 2) data.copyWithin(done, 0, Math.min(done, length - done));
  return data;
}

/** The same repetition, begun at another of its bytes. */
function rotated(pattern: Pattern, by: number): Pattern {
  if (by === 0) return pattern;
  const turned = new Uint8Array(pattern.length);
  turned.set(pattern.subarray(by));
  turned.set(pattern.subarray(0, by), pattern.length - by);
  return turned;
}

/** Whether two patterns are the same bytes. */
export const samePattern = (a: Pattern, b: Pattern): boolean =>
  a === b || (a.length === b.length && a.every((byte, i) => byte === b[i]));

function repeats(data: Uint8Array, period: number): boolean {
  for (let i = period; i < data.length; i++) if (data[i] !== data[i - period]) return false;
  return true;
}
