/** What a client said, without what differs between two runs of one program. */

import type { Answer } from './scratch.ts';

const RULES: readonly (readonly [what: string, pattern: RegExp, put: string])[] = [
  ['its folder', /\/tmp\/conformance-\w+/g, '/scratch'],
  ["its server's port", /\b127\.0\.0\.1:(?!9\b|102)\d{4,5}\b/g, '127.0.0.1:PORT'],
  ['what a reflector says of its watch, or not', /^[EI]\d{4} [\d:.]+ +\d+ reflector\.go:.*\n/gm, ''],
  ["klog's clock and process number", /^([EWIF])\d{4} \d\d:\d\d:\d\d\.\d{6} +\d+ /gm, '$1TIME PID '],
  [
    'names of temporary files and of debuggers',
    /\b(kubectl-edit|debugger|LIVE|MERGED)-\w+(?:-[a-z0-9]{5}\b)?/g,
    '$1-NAME',
  ],
  ['names of events, which end in nanoseconds', /(?<=\.)[0-9a-f]{16}\b/g, 'EVENT'],
  ['moments to the nanosecond', /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ [+-]\d{4}/g, 'TIME'],
  ["Go's addresses", /0xc000[0-9a-f]{6}/g, '0xc000POINTER'],
];

export const told = ({ stdout, stderr, rc }: Answer): string =>
  RULES.reduce(
    (text, [, pattern, put]) => text.replace(pattern, put),
    `${stdout}--- stderr, exit code ${rc}\n${stderr}`,
  );
