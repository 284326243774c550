/** What has changed in the picture since the last command: what is new, what is otherwise, what is gone. */

import type { Picture } from '../../../sandbox/channel/messages.ts';
import { type Item, itemId, type LayerName } from './items.ts';

/** A thing as a change speaks of it: each aspect of its state by name, as a word that reads the same in every language, or as a list. */
interface Thing {
  readonly layer: LayerName;
  readonly kind: string;
  readonly name: string;
  readonly aspects: Readonly<Record<string, string | readonly string[]>>;
  /** Another object of the same name is another thing. */
  readonly uid?: string;
}

export type Aspect =
  /** A word for the state: `Pending`, `1/2`. */
  | { readonly aspect: string; readonly from: string; readonly to: string }
  /** What came into a list and what left it: files, mounts. */
  | { readonly aspect: string; readonly came: readonly string[]; readonly went: readonly string[] };

export interface Change extends Pick<Item, 'id' | 'layer' | 'kind' | 'name'> {
  readonly what: 'added' | 'changed' | 'replaced' | 'gone';
  readonly aspects: readonly Aspect[];
}

/** In the order of the layers, those that are gone last. */
export function changesBetween(before: Picture, now: Picture): Change[] {
  const was = thingsOf(before);
  const is = thingsOf(now);
  const changes = [...is].flatMap(([id, thing]): Change[] => {
    const known = was.get(id);
    const { layer, kind, name } = thing;
    if (!known) return [{ id, layer, kind, name, what: 'added', aspects: [] }];
    if (known.uid !== thing.uid) return [{ id, layer, kind, name, what: 'replaced', aspects: [] }];
    const aspects = Object.entries(thing.aspects).flatMap(([aspect, to]) =>
      difference(aspect, known.aspects[aspect]!, to),
    );
    return aspects.length > 0 ? [{ id, layer, kind, name, what: 'changed', aspects }] : [];
  });
  const gone = [...was].flatMap(([id, { layer, kind, name }]): Change[] =>
    is.has(id) ? [] : [{ id, layer, kind, name, what: 'gone', aspects: [] }],
  );
  return [...changes, ...gone];
}

function difference(aspect: string, from: string | readonly string[], to: string | readonly string[]): Aspect[] {
  if (typeof from === 'string' || typeof to === 'string')
    return from === to ? [] : [{ aspect, from: String(from), to: String(to) }];
  const came = to.filter((one) => !from.includes(one));
  const went = from.filter((one) => !to.includes(one));
  return came.length + went.length > 0 ? [{ aspect, came, went }] : [];
}

const flag = (word: string, holds: boolean): string => (holds ? word : `!${word}`);

function thingsOf(picture: Picture): Map<string, Thing> {
  const mountsBy = (node: string) =>
    picture.handMounts.filter((mount) => mount.node === node).map(({ from, path }) => `${from} → ${path}`);
  const things: Thing[] = [
    ...picture.nodes.map((node) => ({
      layer: 'machines' as const,
      kind: 'Node',
      name: node.name,
      aspects: {
        ready: flag('Ready', node.ready),
        schedulable: flag('schedulable', node.schedulable),
        power: flag('up', node.up),
        client: flag('client', node.nfsClient),
        mounts: mountsBy(node.name),
      },
    })),
    {
      layer: 'machines',
      kind: 'Server',
      name: picture.server.name,
      aspects: { power: flag('up', picture.server.up), serving: flag('serving', picture.server.serving) },
    },
    ...picture.workloads.map((one) => ({
      layer: 'workloads' as const,
      kind: one.kind,
      name: one.name,
      aspects: { replicas: `${one.ready}/${one.replicas}` },
    })),
    ...picture.pods.map(({ name, uid, status, ready, node }) => ({
      layer: 'pods' as const,
      kind: 'Pod',
      name,
      uid,
      aspects: { status: status === 'Running' && !ready ? 'Running, 0/1' : status, node },
    })),
    ...picture.claims.map(({ name, status, volume }) => ({
      layer: 'claims' as const,
      kind: 'PersistentVolumeClaim',
      name,
      aspects: { status, volume },
    })),
    ...picture.volumes.map(({ name, status }) => ({
      layer: 'volumes' as const,
      kind: 'PersistentVolume',
      name,
      aspects: { status },
    })),
    ...picture.exports.map(({ path, grants, files }) => ({
      layer: 'exports' as const,
      kind: 'Directory',
      name: path,
      aspects: { grants, files },
    })),
  ];
  return new Map(things.map((thing) => [itemId(thing.layer, thing.name), thing]));
}

/** Keeps what the picture was when the last command was given. */
export class SinceCommand {
  #before: Picture | undefined;
  #last: Picture | undefined;
  #commands = -1;
  #world = -1;

  /** `world`: which of the page's worlds it is of; in another one nothing has changed yet. */
  see(picture: Picture, commands: number, world: number): Change[] {
    if (world !== this.#world) this.#before = picture;
    else if (commands !== this.#commands) this.#before = this.#last;
    this.#world = world;
    this.#commands = commands;
    this.#last = picture;
    return this.#before ? changesBetween(this.#before, picture) : [];
  }
}
