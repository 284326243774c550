/** Saves a session as a file, named after its lesson and the hour; returns that name. */

import { hand } from './hand.ts';
import { toText } from './share.ts';

export function download(log: unknown, lesson: string): string {
  const now = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString();
  const name = `bound-${lesson}-${now.slice(0, 10)}-${now.slice(11, 16).replace(':', '')}.json`;
  hand(name, 'application/json', toText(log));
  return name;
}
