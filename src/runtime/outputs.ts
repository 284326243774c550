/** What each host's terminal has been told to show, kept until a screen is there to show it. */

export interface Screen {
  write(data: string): void;
  reset(): void;
}

export class Outputs {
  readonly #waiting = new Map<string, string[]>();
  readonly #screens = new Map<string, Screen>();
  /** What each terminal shows since its world began, as a length and a sum. */
  readonly #shown = new Map<string, Sum>();
  /** While a session is replayed elsewhere: what that replay writes. */
  #replayed: Map<string, string[]> | undefined;

  write(host: string, data: string): void {
    if (this.#replayed) push(this.#replayed, host, data);
    else this.#show(host, data);
  }

  restart(): void {
    if (this.#replayed) {
      this.#replayed.clear();
      return;
    }
    this.#waiting.clear();
    this.#shown.clear();
    for (const screen of this.#screens.values()) screen.reset();
  }

  attach(host: string, screen: Screen): void {
    this.#screens.set(host, screen);
    for (const data of this.#waiting.get(host) ?? []) screen.write(data);
    this.#waiting.delete(host);
  }

  detach(host: string): void {
    this.#screens.delete(host);
    this.#waiting.delete(host);
    this.#shown.delete(host);
  }

  /** The same session is about to be replayed by another sandbox: the screens stay as they are until `release`. */
  hold(): void {
    this.#replayed = new Map();
  }

  /** Goes on with what was replayed. A screen that shows its beginning already gets only the rest, without a flash. */
  release(): void {
    const replayed = this.#replayed ?? new Map<string, string[]>();
    this.#replayed = undefined;
    for (const host of new Set([...this.#shown.keys(), ...replayed.keys()])) {
      const text = (replayed.get(host) ?? []).join('');
      const { length } = this.#shown.get(host) ?? NOTHING;
      if (sameSum(sumOf(text.slice(0, length)), this.#shown.get(host) ?? NOTHING)) {
        this.#show(host, text.slice(length));
      } else {
        this.#waiting.delete(host);
        this.#shown.delete(host);
        this.#screens.get(host)?.reset();
        this.#show(host, text);
      }
    }
  }

  #show(host: string, data: string): void {
    if (data === '') return;
    this.#shown.set(host, sumOf(data, this.#shown.get(host)));
    const screen = this.#screens.get(host);
    if (screen) screen.write(data);
    else push(this.#waiting, host, data);
  }
}

function push(map: Map<string, string[]>, host: string, data: string): void {
  const texts = map.get(host);
  if (texts) texts.push(data);
  else map.set(host, [data]);
}

interface Sum {
  readonly length: number;
  /** FNV-1a over UTF-16 code units. */
  readonly hash: number;
}

const NOTHING: Sum = { length: 0, hash: 0x811c9dc5 };

function sumOf(text: string, before = NOTHING): Sum {
  let { hash } = before;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return { length: before.length + text.length, hash };
}

const sameSum = (a: Sum, b: Sum): boolean => a.length === b.length && a.hash === b.hash;
