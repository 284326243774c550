/** Lengths of time as the standards write them. */

/** SCORM 1.2's CMITimespan: HHHH:MM:SS.SS. */
export function timespan(ms: number): string {
  const hundredths = Math.floor(ms / 10);
  const two = (n: number) => String(n).padStart(2, '0');
  const minutes = Math.floor(hundredths / 6_000);
  const hours = Math.min(9_999, Math.floor(minutes / 60));
  return `${String(hours).padStart(4, '0')}:${two(minutes % 60)}:${two(Math.floor(hundredths / 100) % 60)}.${two(hundredths % 100)}`;
}

/** ISO 8601, as SCORM 2004's timeinterval(second,10,2) and xAPI have it. */
export function isoDuration(ms: number): string {
  const seconds = Math.floor(ms / 10) / 100;
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = Math.round((seconds % 60) * 100) / 100;
  return `PT${hours ? `${hours}H` : ''}${minutes ? `${minutes}M` : ''}${rest}S`;
}
