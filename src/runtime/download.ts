/** Saves a session as a file, named after its lesson and the hour; returns that name. */

import { toText } from './share.ts';

export function download(log: unknown, lesson: string): string {
  const now = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString();
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([toText(log)], { type: 'application/json' }));
  link.download = `bound-${lesson}-${now.slice(0, 10)}-${now.slice(11, 16).replace(':', '')}.json`;
  link.click();
  // The browser reads it after this turn.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  return link.download;
}
