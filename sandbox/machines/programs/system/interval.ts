/** Intervals of time as sleep, timeout and tail take them. */

const UNITS: Readonly<Record<string, number>> = { '': 1000, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `1.5m`, `1e3`, `0x10`, `infinity`, in milliseconds; undefined if it is no interval. */
export function parseInterval(text: string): number | undefined {
  if (/^\s*\+?inf(inity)?[smhd]?$/i.test(text)) return Number.POSITIVE_INFINITY;
  const match = /^\s*\+?((?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|0[xX][\da-fA-F]+)([smhd]?)$/.exec(text);
  return match ? Number(match[1]) * UNITS[match[2]!]! : undefined;
}
