/** What each host's terminal has been told to show, kept until a screen is there to show it. */

export interface Screen {
  write(data: string): void;
  reset(): void;
}

export class Outputs {
  readonly #waiting = new Map<string, string[]>();
  readonly #screens = new Map<string, Screen>();

  write(host: string, data: string): void {
    const screen = this.#screens.get(host);
    const waiting = this.#waiting.get(host);
    if (screen) screen.write(data);
    else if (waiting) waiting.push(data);
    else this.#waiting.set(host, [data]);
  }

  restart(): void {
    this.#waiting.clear();
    for (const screen of this.#screens.values()) screen.reset();
  }

  attach(host: string, screen: Screen): void {
    this.#screens.set(host, screen);
    for (const data of this.#waiting.get(host) ?? []) screen.write(data);
    this.#waiting.delete(host);
  }
}
