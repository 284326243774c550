import { expect, test } from 'vitest';
import { isoDuration, timespan } from './durations.ts';

test.each([
  [0, '0000:00:00.00', 'PT0S'],
  [1_239, '0000:00:01.23', 'PT1.23S'],
  [61_000, '0000:01:01.00', 'PT1M1S'],
  [3_600_000, '0001:00:00.00', 'PT1H0S'],
  [90_061_570, '0025:01:01.57', 'PT25H1M1.57S'],
])('%i ms', (ms, scorm12, iso) => {
  expect([timespan(ms), isoDuration(ms)]).toEqual([scorm12, iso]);
});
