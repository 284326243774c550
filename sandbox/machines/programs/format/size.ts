/** Sizes for people: `4.0K`, `14G`, rounded up as coreutils round. */

const UNITS = ['', 'K', 'M', 'G', 'T', 'P', 'E'];

/** As `ls -h`, `du -h` and `df -h` print a number of bytes. */
export function humanSize(bytes: number, base = 1024): string {
  let value = bytes;
  let unit = 0;
  while (value >= base && unit < UNITS.length - 1) {
    value /= base;
    unit++;
  }
  if (unit === 0) return String(bytes);
  let rounded = value < 10 ? Math.ceil(value * 10) / 10 : Math.ceil(value);
  if (rounded >= base && unit < UNITS.length - 1) {
    rounded = 1;
    unit++;
  }
  const suffix = base === 1000 && unit === 1 ? 'k' : UNITS[unit]!;
  return rounded < 10 ? `${rounded.toFixed(1)}${suffix}` : `${rounded}${suffix}`;
}

const MULTIPLES: Readonly<Record<string, number>> = {
  '': 1,
  b: 512,
  c: 1,
  w: 2,
  kB: 1000,
  K: 1024,
  k: 1024,
  KiB: 1024,
  MB: 1000 ** 2,
  M: 1024 ** 2,
  MiB: 1024 ** 2,
  GB: 1000 ** 3,
  G: 1024 ** 3,
  GiB: 1024 ** 3,
  TB: 1000 ** 4,
  T: 1024 ** 4,
  TiB: 1024 ** 4,
};

/** `10M`, `1kB`, `2b`; undefined if it is no size. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+)([a-zA-Z]*)$/.exec(text);
  const multiple = match ? MULTIPLES[match[2]!] : undefined;
  return multiple === undefined ? undefined : Number(match![1]) * multiple;
}
