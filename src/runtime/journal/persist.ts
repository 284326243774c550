/** Asks the browser not to clear the sessions away by itself (navigator.storage.persist). */

let asked = false;
/** There is work worth keeping: the browser is asked not to clear it away by itself. */
export function askToPersist(): void {
  if (asked) return;
  asked = true;
  try {
    void navigator.storage?.persist?.().catch(() => undefined);
  } catch {
    // Refused where storage is.
  }
}
