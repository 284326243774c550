import fc from 'fast-check';
import { expect, test } from 'vitest';
import { frame, unframe } from './framing.ts';

test('messages survive any cutting of the stream', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue().filter((v) => v !== null)), fc.array(fc.nat(40)), (messages, cuts) => {
      const seen: unknown[] = [];
      const feed = unframe((message) => seen.push(message));
      let rest = messages.map(frame).join('');
      for (const cut of cuts) {
        feed(rest.slice(0, cut));
        rest = rest.slice(cut);
      }
      feed(rest);
      expect(JSON.stringify(seen)).toEqual(JSON.stringify(messages));
    }),
  );
});

test('noise between messages and torn records are skipped', () => {
  const seen: unknown[] = [];
  const feed = unframe((message) => seen.push(message));
  feed(`a warning of Node\n${frame({ a: 1 })}\x1e{"torn":\n${frame({ b: 2 })}`);
  expect(seen).toEqual([{ a: 1 }, { b: 2 }]);
});
