/**
 * A fixed sample of `npm run conformance` among the tests: a node that stops answering, a node out of service whose volumes move,
 * and, with BOUND_LONG=1, dynamic provisioning to jobs. Every command agrees, or stands in on-purpose.ts with its reason. Without the real kubectl (scripts/test.ts fetches it) nothing is compared.
 */

import { describe, expect, test } from 'vitest';
import { compareClients } from './client.ts';
import { unifiedDiff } from './diff.ts';
import { deviation } from './on-purpose.ts';
import { replayExchanges } from './raw.ts';
import { hasRealKubectl } from './real-kubectl.ts';
import { replay } from './replay.ts';

const LONG = 300_000;

describe.skipIf(!hasRealKubectl())('the real kubectl against our API server, as recorded', () => {
  test.each([
    ['nodedown', 74] as const,
    ['ownership-oos', 39] as const,
    ...(process.env.BOUND_LONG ? [['beyond', 107] as const] : []),
  ])('%s', { timeout: LONG }, async (file, commands) => {
    const open: string[] = [];
    let compared = 0;
    for await (const { recorded, agrees, expected, actual } of replay(file)) {
      compared++;
      if (agrees || deviation('server', file, recorded.n, recorded.cmd)) continue;
      open.push(`${recorded.n} ${recorded.cmd}\n${unifiedDiff(expected, actual)}`);
    }
    expect(open).toEqual([]);
    expect(compared).toBe(commands);
  });
});

test('single HTTP exchanges, as recorded', { timeout: LONG }, async () => {
  const open: string[] = [];
  let compared = 0;
  for await (const { recorded, agrees, expected, actual } of replayExchanges()) {
    compared++;
    const request = `${recorded.method} ${recorded.path}`;
    if (!agrees && !deviation('server', 'raw', recorded.n, request))
      open.push(`${recorded.n} ${request}\n${unifiedDiff(expected, actual)}`);
  }
  expect(open).toEqual([]);
  expect(compared).toBe(123);
});

test.skipIf(!hasRealKubectl())('our kubectl and the real one, byte for byte', { timeout: LONG }, async () => {
  const open: string[] = [];
  let compared = 0;
  for await (const { recorded, agrees, real, ours } of compareClients('ownership-oos')) {
    compared++;
    if (!agrees) open.push(`${recorded.n} ${recorded.cmd}\n${unifiedDiff(real, ours)}`);
  }
  expect(open).toEqual([]);
  expect(compared).toBe(39);
});
