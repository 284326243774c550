import { expect, test } from 'vitest';
import { findApi, type Place } from './find-api.ts';

const api = { name: 'an API' };
/** A window; the topmost is its own parent. */
function window(more: object = {}): Place {
  const made: Record<string, unknown> = { opener: null, closed: false };
  made.parent = made;
  return Object.defineProperties(made, Object.getOwnPropertyDescriptors(more)) as Place;
}
const refusing = (parent?: Place) => ({
  ...(parent && { parent }),
  get API() {
    throw new DOMException('a frame of another origin');
  },
});

test.each<[string, Place, boolean]>([
  ['its own', window({ API: api }), true],
  ['a parent’s parent’s', window({ parent: window({ parent: window({ API: api }) }) }), true],
  ['the opener’s parent’s', window({ opener: window({ parent: window({ API: api }) }) }), true],
  ['the opener’s of a window around', window({ parent: window({ opener: window({ API: api }) }) }), true],
  ['beyond another site’s frame', window({ parent: window(refusing(window({ API: api }))) }), true],
  ['none', window({ parent: window({ opener: window() }) }), false],
  ['one of a window that was closed', window({ opener: window({ API: api, closed: true }) }), false],
])('%s', (_, from, found) => {
  expect(findApi(from, 'API')).toBe(found ? api : undefined);
});

test('windows that opened each other are looked at once', () => {
  const one: Record<string, unknown> = { closed: false };
  const other = window({ opener: one });
  Object.assign(one, { parent: one, opener: other });
  expect(findApi(one as Place, 'API')).toBeUndefined();
});
