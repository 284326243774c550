/** Where the recorded pods ran: which of two equal nodes was drawn is their only difference that no rule makes. */

import type { TieBreak } from '../../sandbox/controllers/scheduler/algorithm.ts';
import { isGenerated, type Placement, placementsOf } from '../conformance/choices.ts';
import { owner } from '../conformance/names.ts';
import { transcript } from '../conformance/transcript.ts';

/** The recorded times are whole seconds of creation, or that of a command which tells of the pod later. */
const EARLIER_MS = 10_000;
const LATER_MS = 10_000;

/** `web-84746db45b` of `web-84746db45b-k2zq4`. */
const setOf = (pod: string): string => pod.replace(/-[^-]+$/, '');

export class Placements {
  readonly #placements: readonly Placement[];
  readonly #taken = new Set<Placement>();
  /** Recorded sets by ours. */
  readonly #sets = new Map<string, string>();
  readonly #now: () => number;

  /** `now` tells the milliseconds of the transcript. */
  constructor(name: string, now: () => number) {
    this.#placements = placementsOf(name, transcript(name));
    this.#now = now;
  }

  /** That of the recorded pod of this name, or owner, which came nearest to now. */
  readonly node: TieBreak = ({ metadata: { name } }, nodes) => {
    const generated = isGenerated(name);
    const distance = ({ at }: Placement) => Math.abs(at + 500 - this.#now());
    const [nearest] = this.#placements
      .filter(
        (each) => !this.#taken.has(each) && each.at > this.#now() - EARLIER_MS && each.at < this.#now() + LATER_MS,
      )
      .filter(({ pod }) => (generated ? isGenerated(pod) && this.#areAlike(pod, name) : pod === name))
      .sort((a, b) => distance(a) - distance(b));
    if (nearest) this.#taken.add(nearest);
    if (nearest && generated) this.#sets.set(setOf(name), setOf(nearest.pod));
    return nearest && nodes.includes(nearest.node) ? nearest.node : undefined;
  };

  /** Pods of one set here were pods of one set there. */
  #areAlike(recorded: string, ours: string): boolean {
    if (owner(recorded) !== owner(ours)) return false;
    const known = this.#sets.get(setOf(ours));
    return known ? known === setOf(recorded) : ![...this.#sets.values()].includes(setOf(recorded));
  }

  nodeOf(pod: string): string | undefined {
    return this.#placements.find((each) => each.pod === pod)?.node;
  }
}
