/**
 * Why something happens: the clock remembers what is being run because of what, and whoever writes keeps that beside what was written.
 * A cause is a small record and holds no object; from each one comes to the one before, down to what was put in from outside.
 */

/** What was done. */
export type Deed =
  /** An input of the session's log that is no key stroke: a solution, a power button, a request from outside. */
  | { readonly type: 'input'; readonly input: string; readonly host: string; readonly text: string }
  /** A command line that a shell read, from its terminal or from `lab script`. */
  | { readonly type: 'command'; readonly host: string; readonly text: string }
  /** A write of the API server's store. */
  | {
      readonly type: 'write';
      readonly verb: 'ADDED' | 'MODIFIED' | 'DELETED';
      readonly resource: string;
      readonly namespace: string;
      readonly name: string;
      readonly revision: number;
      /** Who wrote: a component by the name that it reports under, or a client's field manager. */
      readonly by: string;
    };

/** What repeats itself for ever (a container that crashes again and again) is remembered no longer than this many causes back. */
const LONGEST = 64;

export class Cause {
  /** Virtual milliseconds since the epoch. */
  readonly at: number;
  readonly deed: Deed;
  readonly because: Cause | undefined;
  /** Where it all began: itself when nothing is known before it. */
  readonly root: Cause;
  /** Causes between `because` and this one that were forgotten. */
  readonly skipped: number;
  readonly #length: number;

  constructor(at: number, deed: Deed, because: Cause | undefined) {
    this.at = at;
    this.deed = deed;
    this.root = because?.root ?? this;
    const full = because !== undefined && because.#length >= LONGEST;
    this.because = full ? because.root : because;
    this.skipped = full ? LONGEST - 1 : 0;
    this.#length = full ? 2 : because === undefined ? 1 : because.#length + 1;
  }
}
