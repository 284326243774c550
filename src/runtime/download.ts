/** Saves a session as a file. */

export function download(log: unknown): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([`${JSON.stringify(log)}\n`], { type: 'application/json' }));
  link.download = 'bound-session.json';
  link.click();
  // The browser reads it after this turn.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
