/**
 * Code that is loaded when it is first called for, by name. The world's clock is held meanwhile (`outside`), so loading takes no
 * virtual time; but a network may fail, and a replay must not depend on it: what a session has used is loaded before its replay.
 */

/** Loads the part, or gives it again. Rejects as `import()` does, unless the host is patient. */
export type Part<T> = () => Promise<T>;

/** Ends when the part should be asked for again (real time, so only a host has one); rejects to give it up. */
export type Patience = (part: string, error: unknown, attempt: number) => Promise<void>;

const known = new Map<string, Part<unknown>>();
const inUse = new Set<string>();
let patience: Patience = (_, error) => Promise.reject(error);
let onUse: (part: string) => void = () => {};

/** Declares a part. A name stands for one module wherever it is declared. */
export function part<T>(name: string, load: () => Promise<T>): Part<T> {
  let loading: Promise<T> | undefined;
  const get: Part<T> = () => {
    loading ??= persist(name, load).then(
      (loaded) => {
        if (!inUse.has(name)) {
          inUse.add(name);
          onUse(name);
        }
        return loaded;
      },
      (error) => {
        loading = undefined;
        throw error;
      },
    );
    return loading;
  };
  known.set(name, get);
  return get;
}

/** How this host meets a part that cannot be loaded, and who is told of each part's first use. */
export function loadParts(options: { readonly patience: Patience; readonly onUse: (part: string) => void }): void {
  patience = options.patience;
  onUse = options.onUse;
}

/** Loads parts by their names, in the order in which they were first used (some are declared by others). Unknown names are passed over. */
export async function preload(names: readonly string[]): Promise<void> {
  let waiting = names;
  for (;;) {
    const declared = waiting.filter((name) => known.has(name));
    if (declared.length === 0) return;
    await Promise.all(declared.map((name) => known.get(name)!()));
    waiting = waiting.filter((name) => !declared.includes(name));
  }
}

async function persist<T>(name: string, load: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await load();
    } catch (error) {
      await patience(name, error, attempt);
    }
  }
}
