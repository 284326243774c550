/** Which of our generated names stands for a recorded one, when a command uses it. */

const LETTER = '[bcdfghjklmnpqrstvwxz2456789]';
const GENERATED = new RegExp(`\\b[a-z][a-z0-9-]*-${LETTER}{5}\\b`, 'g');

export class Names {
  readonly #ours = new Map<string, string>();
  readonly #recordedRow = new Map<string, string>();
  readonly #ourRow = new Map<string, string>();

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
      const free = existing.filter((candidate) => !taken.has(candidate));
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

/** `web` of `web-84746db45b-k2zq4`. */
const owner = (name: string): string => name.replace(new RegExp(`(?:-${LETTER}{6,10})?-${LETTER}{5}$`), '');
