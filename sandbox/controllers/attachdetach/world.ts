/** What should be attached and what is: the desired and the actual state of the world (pkg/controller/volume/attachdetach/cache). */

import type { PersistentVolume, Pod } from '../../api/types.ts';
import { uniqueNameOf } from './csi-volume.ts';

/** A volume that pods of a node want. */
export interface ToAttach {
  readonly volume: PersistentVolume;
  readonly node: string;
  /** By uid. */
  readonly pods: Map<string, Pod>;
  /** They have been told that it is in use elsewhere: once, while it is. */
  multiAttachErrorReported: boolean;
}

export interface Attached {
  readonly volume: PersistentVolume;
  readonly node: string;
  /** The attacher has said so; until then, who knows. */
  confirmed: boolean;
  /** Assumed until the node says otherwise. */
  mounted: boolean;
  /** Listed in the node's status, so that the kubelet may mount it. */
  reported: boolean;
  /** When nobody wanted it any more. */
  detachRequested?: number;
}

/** Both worlds are looked up by a volume's unique name, then by node. */
export class World {
  readonly #desired = new Map<string, Map<string, ToAttach>>();
  readonly #actual = new Map<string, Map<string, Attached>>();
  readonly #volumesOfPod = new Map<string, ToAttach[]>();

  desired = (name: string): Iterable<ToAttach> => this.#desired.get(name)?.values() ?? [];
  actual = (name: string): Iterable<Attached> => this.#actual.get(name)?.values() ?? [];
  wanted = (name: string, node: string): ToAttach | undefined => this.#desired.get(name)?.get(node);
  attached = (name: string, node: string): Attached | undefined => this.#actual.get(name)?.get(node);

  /** Of a node, in the order in which they were attached. */
  *on(node: string): Generator<Attached> {
    for (const nodes of this.#actual.values()) {
      const attached = nodes.get(node);
      if (attached) yield attached;
    }
  }

  /** The pod wants exactly these; says which volumes that concerns. */
  setVolumes(pod: Pod, volumes: readonly PersistentVolume[]): Set<string> {
    const { uid } = pod.metadata;
    const before = this.#volumesOfPod.get(uid) ?? [];
    const concerned = new Set<string>();
    const after = volumes.map((volume) => this.#want(volume, pod, concerned));
    for (const each of before) {
      if (after.includes(each)) continue;
      each.pods.delete(uid);
      concerned.add(uniqueNameOf(each.volume));
      if (each.pods.size === 0) forget(this.#desired, uniqueNameOf(each.volume), each.node);
    }
    if (after.length > 0) this.#volumesOfPod.set(uid, after);
    else this.#volumesOfPod.delete(uid);
    return concerned;
  }

  #want(volume: PersistentVolume, pod: Pod, concerned: Set<string>): ToAttach {
    const node = pod.spec!.nodeName!;
    const nodes = entry(this.#desired, uniqueNameOf(volume));
    const found = nodes.get(node) ?? { volume, node, pods: new Map(), multiAttachErrorReported: false };
    nodes.set(node, found);
    if (!found.pods.has(pod.metadata.uid)) concerned.add(uniqueNameOf(volume));
    found.pods.set(pod.metadata.uid, pod);
    return found;
  }

  /** AddVolumeNode. */
  add(volume: PersistentVolume, node: string, confirmed: boolean): Attached {
    const nodes = entry(this.#actual, uniqueNameOf(volume));
    const found = nodes.get(node) ?? { volume, node, confirmed, mounted: true, reported: confirmed };
    found.confirmed = confirmed;
    found.reported ||= confirmed;
    nodes.set(node, found);
    return found;
  }

  remove({ volume, node }: Attached): void {
    forget(this.#actual, uniqueNameOf(volume), node);
  }
}

function entry<T>(world: Map<string, Map<string, T>>, name: string): Map<string, T> {
  const nodes = world.get(name) ?? new Map<string, T>();
  world.set(name, nodes);
  return nodes;
}

function forget<T>(world: Map<string, Map<string, T>>, name: string, node: string): void {
  const nodes = world.get(name);
  nodes?.delete(node);
  if (nodes?.size === 0) world.delete(name);
}
