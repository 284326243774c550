/** Which session a lab in a frame begins with: the one that its place in that page was in, unless another tab has that open, or a fresh one. */

import type { Library, OpenSession } from '../runtime/journal/library.ts';
import { Openings } from '../runtime/openings.ts';
import { readPreference, writePreference } from '../runtime/preferences.ts';

export interface FramePlace {
  readonly lesson: string;
  readonly step: string;
  readonly seed: number | undefined;
  readonly name: string;
  /** The origin of the page around it: no other page's labs are gone on with. */
  readonly around: string;
}

const keyOf = ({ around, lesson, step, seed, name }: FramePlace) =>
  `frame.${around} ${lesson}/${step} ${seed ?? ''} ${name}`;

/** Where storage is refused nothing is remembered: the next visit begins afresh. */
export const rememberSession = (place: FramePlace, id: string): void => writePreference(keyOf(place), id);

export function framedOpenings(place: FramePlace): typeof Openings {
  return class FramedOpenings extends Openings {
    readonly #library: Library;

    constructor(...given: ConstructorParameters<typeof Openings>) {
      super(...given);
      [this.#library] = given;
    }

    override async found(): Promise<OpenSession | undefined> {
      const id = readPreference(keyOf(place));
      const opened = id === undefined ? undefined : await this.#library.open(id);
      // Several labs are several sessions, and the same page in two tabs too: nobody came to look on.
      return opened?.journal.taken ? undefined : opened;
    }

    override fresh(): Promise<OpenSession> {
      const { lesson, step, seed } = place;
      return this.#library.begin({ origin: 'begun', place: { lesson, step }, ...(seed !== undefined && { seed }) });
    }
  };
}
