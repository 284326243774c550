/** Which of two equal nodes the recorded scheduler drew for a pod, read off the recordings. */

import { readFileSync } from 'node:fs';
import type { Pod } from '../../sandbox/api/types.ts';
import { GENERATED, owner } from './names.ts';
import type { RecordedCommand } from './transcript.ts';

export interface Placement {
  /** When the pod was made or first told of, in milliseconds of the transcript. */
  readonly at: number;
  readonly pod: string;
  readonly node: string;
}

/** A row with a NODE column, an event of the scheduler, a description. */
const TOLD = [
  /^\S*?\b([a-z][a-z0-9-]*) +\d+\/\d+ .* (node0\d) /,
  /Successfully assigned default\/(\S+) to (node0\d)/,
  /^Name: +(\S+)\n(?:.*\n){1,6}?Node: +(node0\d)\//,
];
/** The recorded creation times are whole seconds, and the replay is not to the millisecond. */
const EARLIER_MS = 3_000;

export class Choices {
  readonly #placements: readonly Placement[];
  readonly #taken = new Set<string>();
  readonly #now: () => number;

  /** `now` tells the milliseconds of the transcript. */
  constructor(name: string, commands: readonly RecordedCommand[], now: () => number) {
    this.#now = now;
    this.#placements = placementsOf(name, commands);
  }

  /** Of `nodes`, the one that the next recorded pod of this name, or of this owner, was given. */
  readonly node = ({ metadata }: Pod, nodes: readonly string[]): string | undefined => {
    const earliest = this.#now() - EARLIER_MS;
    const generated = isGenerated(metadata.name);
    const found = this.#placements.find(
      ({ at, pod }) =>
        at >= earliest &&
        (generated
          ? isGenerated(pod) && owner(pod) === owner(metadata.name) && !this.#taken.has(pod)
          : pod === metadata.name),
    );
    if (found && generated) this.#taken.add(found.pod);
    return found && nodes.includes(found.node) ? found.node : undefined;
  };
}

/** What is known of a transcript's placements, in their order. */
export function placementsOf(name: string, commands: readonly RecordedCommand[]): Placement[] {
  const watched = streams[name] ?? [];
  const known = new Set(watched.map(({ pod }) => pod));
  const told = commands.flatMap(tellings(Date.parse(commands[0]!.at))).filter(({ pod }) => !known.has(pod));
  return [...watched, ...told].sort((a, b) => a.at - b.at);
}

const streams = JSON.parse(readFileSync(new URL('testdata/placements.json', import.meta.url), 'utf8')) as Record<
  string,
  Placement[]
>;

const tellings =
  (began: number) =>
  ({ at, stdout }: RecordedCommand): Placement[] =>
    TOLD.flatMap((pattern) =>
      [...stdout.matchAll(new RegExp(pattern, 'gm'))].map(([, pod, node]) => ({
        at: Date.parse(at) - began,
        pod: pod!,
        node: node!,
      })),
    );

export const isGenerated = (name: string): boolean => name.replace(GENERATED, '') === '';
