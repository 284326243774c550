/** Judges how the sandbox fares: whether it answers, whether its world gets anywhere, and whether it waits for code. */

import type { Pulse } from '../../sandbox/channel/messages.ts';

const ASK_EVERY = 3_000;
const SILENT_AFTER = 9_000;
/** Over so long a world is judged by how far its clock came (real milliseconds) … */
const JUDGED_OVER = 9_000;
/** … which is at least this part of real time, whatever the speed. */
const LEAST_PROGRESS = 0.1;

/** `silent`: it does not answer. `slow`: it answers, and its clock hardly moves. `loading`: its clock waits for code. */
export type Health = 'well' | 'silent' | 'slow' | 'loading';

export function watch(pulse: () => Promise<Pulse>, onChange: (health: Health) => void): () => void {
  let askedAt: number | undefined;
  let health: Health = 'well';
  let samples: { readonly at: number; readonly now: number }[] = [];
  let loadingSince: number | undefined;
  const tell = (now: Health) => {
    if (now === health) return;
    health = now;
    onChange(now);
  };
  const heard = ({ now, loading, skipping }: Pulse) => {
    askedAt = undefined;
    const at = performance.now();
    loadingSince = loading ? (loadingSince ?? at) : undefined;
    if (loading || skipping > 0) samples = [];
    else samples.push({ at, now });
    if (loadingSince !== undefined) return tell(at - loadingSince >= JUDGED_OVER ? 'loading' : 'well');
    const since = samples.findLast((sample) => at - sample.at >= JUDGED_OVER);
    if (since) samples = samples.slice(samples.indexOf(since));
    tell(since && now - since.now < (at - since.at) * LEAST_PROGRESS ? 'slow' : 'well');
  };
  const ask = () => {
    if (document.hidden) {
      // A tab in the background is throttled, and nobody waits for it.
      askedAt = undefined;
      samples = [];
    } else if (askedAt === undefined) {
      askedAt = performance.now();
      pulse().then(heard, () => undefined);
    } else if (performance.now() - askedAt > SILENT_AFTER) {
      tell('silent');
    }
  };
  const timer = setInterval(ask, ASK_EVERY);
  return () => clearInterval(timer);
}
