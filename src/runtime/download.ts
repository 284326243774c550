/** Saves a session as a file. */

import { toText } from './share.ts';

export function download(log: unknown): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([toText(log)], { type: 'application/json' }));
  link.download = 'bound-session.json';
  link.click();
  // The browser reads it after this turn.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
