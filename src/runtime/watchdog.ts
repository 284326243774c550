/** Notices a sandbox that has fallen silent, and one that speaks again. */

const ASK_EVERY = 3_000;
const SILENT_AFTER = 9_000;

export function watch(ping: () => Promise<unknown>, onChange: (silent: boolean) => void): () => void {
  let askedAt: number | undefined;
  let silent = false;
  const tell = (now: boolean) => {
    if (now === silent) return;
    silent = now;
    onChange(now);
  };
  const answered = () => {
    askedAt = undefined;
    tell(false);
  };
  const ask = () => {
    if (document.hidden) {
      // A tab in the background is throttled, and nobody waits for it.
      askedAt = undefined;
    } else if (askedAt === undefined) {
      askedAt = performance.now();
      ping().then(answered, () => undefined);
    } else if (performance.now() - askedAt > SILENT_AFTER) {
      tell(true);
    }
  };
  const timer = setInterval(ask, ASK_EVERY);
  return () => clearInterval(timer);
}
