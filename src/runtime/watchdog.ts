/** Notices a sandbox that has fallen silent, and one that speaks again. */

const ASK_EVERY = 3_000;
const SILENT_AFTER = 9_000;

export function watch(ping: () => Promise<unknown>, onChange: (silent: boolean) => void): () => void {
  let askedAt: number | undefined;
  let silent = false;
  const answer = () => {
    askedAt = undefined;
    if (silent) onChange((silent = false));
  };
  const timer = setInterval(() => {
    // A tab in the background is throttled, and nobody waits for it.
    if (document.hidden) return void (askedAt = undefined);
    if (askedAt === undefined) {
      askedAt = performance.now();
      ping().then(answer, () => undefined);
    } else if (!silent && performance.now() - askedAt > SILENT_AFTER) {
      onChange((silent = true));
    }
  }, ASK_EVERY);
  return () => clearInterval(timer);
}
