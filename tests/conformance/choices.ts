/** Which of two equal nodes the recorded scheduler drew for a pod, read off the transcript. */

import type { Pod } from '../../sandbox/api/types.ts';
import { GENERATED, owner } from './names.ts';
import type { RecordedCommand } from './transcript.ts';

/** A row with a NODE column, an event of the scheduler, a description. */
const PLACED = [
  /^\S*?\b([a-z][a-z0-9-]*) +\d+\/\d+ .* (node0\d) /,
  /Successfully assigned default\/(\S+) to (node0\d)/,
  /^Name: +(\S+)\n(?:.*\n){1,6}?Node: +(node0\d)\//,
];

interface Placement {
  readonly command: number;
  readonly pod: string;
  readonly node: string;
}

export class Choices {
  /** In the order in which the transcript tells of them. */
  readonly #placements: readonly Placement[];
  readonly #taken = new Set<string>();
  /** The command that runs now. */
  command = 0;

  constructor(commands: readonly RecordedCommand[]) {
    this.#placements = commands.flatMap(({ n, stdout }) =>
      PLACED.flatMap((pattern) =>
        [...stdout.matchAll(new RegExp(pattern, 'gm'))].map(([, pod, node]) => ({
          command: n,
          pod: pod!,
          node: node!,
        })),
      ),
    );
  }

  /** Of `nodes`, the one that the next recorded pod of this name, or of this owner, was given. */
  readonly node = ({ metadata }: Pod, nodes: readonly string[]): string | undefined => {
    const generated = isGenerated(metadata.name);
    const found = this.#placements.find(
      ({ command, pod }) =>
        command >= this.command &&
        (generated
          ? isGenerated(pod) && owner(pod) === owner(metadata.name) && !this.#taken.has(pod)
          : pod === metadata.name),
    );
    if (found && generated) this.#taken.add(found.pod);
    return found && nodes.includes(found.node) ? found.node : undefined;
  };
}

const isGenerated = (name: string): boolean => name.replace(GENERATED, '') === '';
