/** Which of our generated names stands for a recorded one, when a command uses it. */

import { NAME_LETTERS } from '../../sandbox/sim/random.ts';

export const LETTER = `[${NAME_LETTERS}]`;
/** Of a pod, or of a ReplicaSet. */
export const GENERATED = new RegExp(`\\b[a-z][a-z0-9-]*-${LETTER}{5}\\b|\\b[a-z][a-z0-9-]*-${LETTER}{8,10}\\b`, 'g');

export const UID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;

export class Names {
  readonly #uids = new Map<string, string>();
  readonly #ours = new Map<string, string>();
  readonly #recordedRow = new Map<string, string>();
  readonly #ourRow = new Map<string, string>();

  /** The same text with our uids in it. */
  withUids(text: string): string {
    return text.replace(UID, (uid) => this.#uids.get(uid) ?? uid);
  }

  /** Uids stand in the same places of answers that agree. */
  agreed(recorded: string, ours: string): void {
    const theirs = recorded.match(UID) ?? [];
    const mine = ours.match(UID) ?? [];
    if (theirs.length === mine.length) for (const [i, uid] of theirs.entries()) this.#uids.set(uid, mine[i]!);
  }

  /** Remembers in which rows the names were last seen. */
  saw(recorded: string, ours: string): void {
    for (const [text, rows] of [
      [recorded, this.#recordedRow],
      [ours, this.#ourRow],
    ] as const) {
      for (const line of text.split('\n')) {
        const name = line.match(GENERATED)?.[0];
        if (name) rows.set(name, line);
      }
    }
  }

  /** The command with our names; `existing` are the cluster's pods now. */
  translate(command: string, existing: readonly string[]): string {
    return command.replace(GENERATED, (name) => {
      const known = this.#ours.get(name);
      if (known) return known;
      const taken = new Set(this.#ours.values());
      const free = existing.filter((candidate) => !taken.has(candidate) && isPod(candidate) === isPod(name));
      const sameTemplate = free.filter((candidate) => candidate.slice(0, -6) === name.slice(0, -6));
      const alike =
        sameTemplate.length > 0 ? sameTemplate : free.filter((candidate) => owner(candidate) === owner(name));
      const best = alike.sort((a, b) => this.#likeness(name, b) - this.#likeness(name, a))[0];
      if (!best) return name;
      this.#ours.set(name, best);
      return best;
    });
  }

  /** How many words the rows of the two have in common. */
  #likeness(recorded: string, ours: string): number {
    const words = new Set(this.#recordedRow.get(recorded)?.split(/\s+/));
    return (this.#ourRow.get(ours) ?? '').split(/\s+/).filter((word) => words.has(word)).length;
  }
}

/** The recorder looked a claim's uid up before it wrote a volume for it, as a provisioner does: the text with ours. */
export function withClaimUid(text: string, uidOf: (claim: string) => string | undefined): string {
  const [, claim, uid] = /claimRef: \{.*\bname: (\S+), uid: (\S+)\}/.exec(text) ?? [];
  const ours = claim && uidOf(claim);
  return ours ? text.replaceAll(uid!, ours) : text;
}

const isPod = (name: string): boolean => new RegExp(`-${LETTER}{5}$`).test(name);

/** `web` of `web-84746db45b-k2zq4`. */
export const owner = (name: string): string =>
  name.replace(new RegExp(`(?:-${LETTER}{6,10})?-(?:${LETTER}{5}|${LETTER}{8,10})$`), '');
