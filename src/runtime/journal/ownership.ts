/** A session is written by one tab: the one that holds its lock. Where there are no locks, the record's owner alone decides. */

const lockName = (session: string) => `bound/session/${session}`;
/** The page that is being left by a reload may still hold the lock for a moment (milliseconds). */
const CLAIM_LIMIT = 800;
/** A tab that does not yield within this (it sleeps, or hangs) is not asked again (milliseconds). */
const YIELD_LIMIT = 1_500;

/** How often a tab that looks on looks whether the session is free (milliseconds). */
const FREE_EVERY = 1_200;

type Word = { readonly type: 'yield' | 'yielded' | 'claimed'; readonly session: string };

/** How a tab gives a session up: written down first when it is asked, at once when it is taken. */
export interface Giving {
  readonly onAsked: () => Promise<void>;
  readonly onLost: () => void;
}

export class Ownership {
  readonly session: string;
  readonly #release: () => void;
  readonly #channel = openChannel();
  #giving: Giving | undefined;
  #lost = false;

  private constructor(session: string, release: () => void) {
    this.session = session;
    this.#release = release;
    this.#channel?.addEventListener('message', ({ data }: MessageEvent<Word>) => this.#heard(data));
  }

  /** The session's lock, unless another tab holds it. */
  static claim(session: string): Promise<Ownership | undefined> {
    return Ownership.#request(session, { signal: AbortSignal.timeout(CLAIM_LIMIT) });
  }

  /** The session's lock, whoever holds it: they are asked to write down what they have first. */
  static async takeOver(session: string): Promise<Ownership | undefined> {
    await askToYield(session);
    return Ownership.#request(session, { steal: true });
  }

  static #request(session: string, options: LockOptions): Promise<Ownership | undefined> {
    let mine: Ownership | undefined;
    return new Promise((resolve) => {
      const unlocked = () => {
        mine = new Ownership(session, () => {});
        mine.#channel?.postMessage({ type: 'claimed', session } satisfies Word);
        resolve(mine);
      };
      const locks = lockManager();
      if (!locks) return unlocked();
      locks
        .request(
          lockName(session),
          options,
          () =>
            new Promise<void>((release) => {
              mine = new Ownership(session, release);
              resolve(mine);
            }),
        )
        .catch((error: unknown) => {
          // Stolen; held by another tab; or refused from the start, as in a frame of another site.
          if (mine) mine.#lose();
          else if (options.signal?.aborted && error === options.signal.reason) resolve(undefined);
          else unlocked();
        });
    });
  }

  /** Another tab has it: it may have been lost before anybody here was told. */
  get lost(): boolean {
    return this.#lost;
  }

  /** What is done when another tab wants it, or has it. */
  give(giving: Giving): void {
    this.#giving = giving;
  }

  release(): void {
    this.#giving = undefined;
    this.#channel?.close();
    this.#release();
  }

  #heard({ type, session }: Word): void {
    if (session !== this.session || this.#lost) return;
    // Without locks the last to claim it has it.
    if (type === 'claimed') this.#lose();
    if (type !== 'yield' || !this.#giving) return;
    const channel = this.#channel!;
    void this.#giving
      .onAsked()
      .finally(() => this.#lost || channel.postMessage({ type: 'yielded', session } satisfies Word));
  }

  #lose(): void {
    if (this.#lost) return;
    this.#lost = true;
    this.#channel?.close();
    this.#giving?.onLost();
  }
}

/** The sessions that some tab writes now; undefined where that cannot be known. */
export async function sessionsInUse(): Promise<ReadonlySet<string> | undefined> {
  const state = await lockManager()
    ?.query()
    .catch(() => undefined);
  if (!state) return undefined;
  const prefix = lockName('');
  return new Set(
    (state.held ?? []).flatMap(({ name }) => (name?.startsWith(prefix) ? [name.slice(prefix.length)] : [])),
  );
}

/** Calls back while nobody holds the session any more, and this tab is the one that is looked at; returns the way to stop. */
export function onFree(session: string, take: () => void): () => void {
  let free = 0;
  const timer = setInterval(async () => {
    if (document.hidden) return;
    const inUse = await sessionsInUse();
    // Twice: a tab that is reloaded lets go for a moment.
    free = inUse && !inUse.has(session) ? free + 1 : 0;
    if (free < 2) return;
    free = 0;
    take();
  }, FREE_EVERY);
  return () => clearInterval(timer);
}

function askToYield(session: string): Promise<void> {
  const channel = openChannel();
  if (!channel) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      channel.close();
      resolve();
    };
    const timer = setTimeout(end, YIELD_LIMIT);
    channel.addEventListener('message', ({ data }: MessageEvent<Word>) => {
      if (data.type === 'yielded' && data.session === session) end();
    });
    channel.postMessage({ type: 'yield', session } satisfies Word);
  });
}

/** Plain http, old browsers and sandboxed frames have none. */
export const hasLocks = (): boolean => lockManager() !== undefined;

function lockManager(): LockManager | undefined {
  try {
    return navigator.locks;
  } catch {
    return undefined;
  }
}

function openChannel(): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel('bound/sessions');
  } catch {
    return undefined;
  }
}
