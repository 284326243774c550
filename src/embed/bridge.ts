/** The frame's end of the protocol: hears the page around it, and nobody else, and speaks to that page's origin only. */

import { type FromLab, readToLab, refusal, type ToLab, VERSION } from './protocol.ts';

export interface Heard {
  run(host: string, command: string): void;
  theme(theme: Extract<ToLab, { type: 'theme' }>['theme']): void;
  /** Where a command may be typed. */
  hosts(): readonly string[];
}

/** The origin of the page around this one, where the browser tells: a page may also hide it from its frames. */
export function originAround(): string | undefined {
  const [around] = location.ancestorOrigins ?? [];
  if (around) return around;
  return document.referrer ? new URL(document.referrer).origin : undefined;
}

export class Bridge {
  /** Known from the beginning, or from the first message: browsers tell truly who sent one. */
  #origin = parent === window ? undefined : location.ancestorOrigins?.[0];
  /** The last of each type: said again to a page whose script came later than ours. */
  readonly #said = new Map<FromLab['type'], FromLab>();
  #heard: Heard | undefined;

  constructor() {
    if (parent === window) return;
    addEventListener('message', (event) => this.#hear(event));
    parent.postMessage({ bound: VERSION, type: 'here' } satisfies FromLab & { bound: number }, '*');
  }

  /** From now on commands can be typed. */
  listen(heard: Heard): void {
    this.#heard = heard;
  }

  say(message: FromLab): void {
    if (message.type !== 'ran') this.#said.set(message.type, message);
    this.#post(message);
  }

  #post(message: FromLab): void {
    if (this.#origin === undefined) return;
    // A page without an origin (a sandbox) cannot be named.
    parent.postMessage({ bound: VERSION, ...message }, this.#origin === 'null' ? '*' : this.#origin);
  }

  #hear({ source, origin, data }: MessageEvent<unknown>): void {
    if (source !== parent) return;
    if (this.#origin !== undefined && this.#origin !== 'null' && origin !== this.#origin) return;
    const read = readToLab(data);
    if (!read) return;
    if ('malformed' in read) {
      console.warn(`bound: a message was ignored: ${read.malformed}`);
      return;
    }
    this.#origin ??= origin;
    const { message } = read;
    if (message.type === 'hello') for (const said of this.#said.values()) this.#post(said);
    else if (message.type === 'theme') this.#heard?.theme(message.theme);
    else this.#run(message);
  }

  #run({ id, host, command }: Extract<ToLab, { type: 'run' }>): void {
    const hosts = this.#heard?.hosts() ?? [];
    const problem =
      refusal(command) ??
      (hosts.includes(host) ? undefined : `there is no host "${host}" here; there are: ${hosts.join(', ')}`);
    if (problem === undefined) this.#heard!.run(host, command);
    this.#post(problem === undefined ? { type: 'ran', id, ok: true } : { type: 'ran', id, ok: false, problem });
  }
}
