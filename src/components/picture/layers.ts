/** What stands in each layer of the picture, in which order, and what of a crowd is only counted. */

import type { Picture } from '../../../sandbox/channel/messages.ts';
import { workloadOf } from './edges.ts';
import { factsOf } from './facts.ts';
import { itemId, type LayerName } from './items.ts';
import { toneOf } from './state.ts';

/** What stands above a layer: the first two say what they are of while nothing of the learner's stands in them. */
export type LabelName = 'control' | 'nodes' | Exclude<LayerName, 'machines'>;

/** A thing to be placed, not yet anywhere. */
export interface Box {
  readonly id: string;
  readonly layer: LayerName;
  readonly kind: string;
  readonly name: string;
  readonly height: number;
  /** It is not as it should be: of a crowd it is shown. */
  readonly telling: boolean;
}

/** A machine around what it holds. */
export interface Machine {
  readonly name: string;
  readonly kind: 'Node' | 'Server';
  readonly facts: number;
}

/** Boxes that stand together; with a machine when they are in it. */
export interface Block {
  readonly machine?: Machine;
  readonly boxes: readonly Box[];
  readonly hidden: readonly Box[];
}

export interface Layer {
  readonly label: LabelName;
  /** Its part of the width: with machines alone, as much as the article's first names and states need at a window of 1024 px. */
  readonly weight: number;
  readonly blocks: readonly Block[];
}

export const ITEM = 38;
/** With a line of file names. */
const ITEM_WITH_FILES = 52;
/** More than these of one block are only counted; in a crowd of pods, fewer on each node. */
const MOST = 6;
const CROWD = 12;
const MOST_IN_CROWD = 3;

/** Ordered so that joined things stand near each other; layers of objects that there are none of are left out. */
export function layersOf(picture: Picture): Layer[] {
  const workloads = [...picture.workloads].sort(by(({ name }) => name));
  const ownerRank = rank(workloads.map(({ name }) => name));
  const pods = [...picture.pods].sort(by((pod) => [ownerRank(workloadOf(picture, pod)), pod.name]));
  const claimRank = rank(pods.flatMap(({ claims }) => claims));
  const claims = [...picture.claims].sort(by(({ name }) => [claimRank(name), name]));
  const volumeRank = rank(claims.map(({ volume }) => volume));
  const volumes = [...picture.volumes].sort(by(({ name }) => [volumeRank(name), name]));
  const pathRank = rank(volumes.map(({ path }) => path));
  const exports = [...picture.exports].sort(by(({ path }) => [pathRank(path), path]));

  const podBoxes = (node: string) => pods.filter((pod) => pod.node === node).map(podBox);
  const most = pods.length > CROWD ? MOST_IN_CROWD : MOST;
  const nodeBlock = ({ name }: { readonly name: string }) =>
    block(podBoxes(name), most, { name, kind: 'Node', facts: factsOf(picture, name).length });
  const workers = picture.nodes.filter(({ controlPlane }) => !controlPlane);
  const control = picture.nodes.filter(({ controlPlane }) => controlPlane);
  const { server } = picture;
  const layers: Layer[] = [
    {
      label: workloads.length > 0 ? 'workloads' : 'control',
      weight: workloads.length > 0 ? 1.2 : 0.95,
      blocks: [...control.map(nodeBlock), ...loose(workloads.map(workloadBox))],
    },
    {
      label: pods.length > 0 ? 'pods' : 'nodes',
      weight: pods.length > 0 ? 1.35 : 0.95,
      blocks: [...loose(podBoxes(''), most), ...workers.map(nodeBlock)],
    },
    { label: 'claims', weight: pods.length > 0 ? 1.25 : 1.16, blocks: loose(claims.map(claimBox)) },
    { label: 'volumes', weight: 0.92, blocks: loose(volumes.map(volumeBox)) },
    {
      label: 'exports',
      weight: 1.34,
      blocks: [
        block(exports.map(exportBox), MOST, {
          name: server.name,
          kind: 'Server',
          facts: factsOf(picture, server.name).length,
        }),
      ],
    },
  ];
  return layers.filter(({ blocks }) => blocks.length > 0);
}

const workloadBox = ({ kind, name, ready, replicas }: Picture['workloads'][number]): Box =>
  box('workloads', kind, name, ready < replicas);
const podBox = ({ name, status, ready }: Picture['pods'][number]): Box =>
  box('pods', 'Pod', name, toneOf(status) !== 'well' || !ready);
const claimBox = ({ name, status }: Picture['claims'][number]): Box =>
  box('claims', 'PersistentVolumeClaim', name, status !== 'Bound');
const volumeBox = ({ name, status }: Picture['volumes'][number]): Box =>
  box('volumes', 'PersistentVolume', name, toneOf(status) === 'bad');
const exportBox = ({ path, files }: Picture['exports'][number]): Box => ({
  ...box('exports', 'Directory', path, false),
  height: files.length > 0 ? ITEM_WITH_FILES : ITEM,
});

const box = (layer: LayerName, kind: string, name: string, telling: boolean): Box => ({
  id: itemId(layer, name),
  layer,
  kind,
  name,
  height: ITEM,
  telling,
});

const loose = (boxes: readonly Box[], most = MOST): Block[] => (boxes.length > 0 ? [block(boxes, most)] : []);

function block(boxes: readonly Box[], most: number, machine?: Machine): Block {
  const first = boxes.length > most ? [...boxes].sort(by(({ telling }) => [telling ? 0 : 1])).slice(0, most) : boxes;
  const shown = new Set(first);
  return {
    ...(machine && { machine }),
    boxes: boxes.filter((one) => shown.has(one)),
    hidden: boxes.filter((one) => !shown.has(one)),
  };
}

/** Order of first appearance; what never appears comes last. */
function rank(names: readonly string[]): (name: string) => number {
  const order = new Map<string, number>();
  for (const name of names) if (!order.has(name)) order.set(name, order.size);
  return (name) => order.get(name) ?? order.size;
}

type Key = string | readonly (string | number)[];

function by<T>(key: (item: T) => Key): (a: T, b: T) => number {
  return (a, b) => compare(key(a), key(b));
}

function compare(a: Key, b: Key): number {
  if (typeof a === 'string' || typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  for (const [index, value] of a.entries()) {
    const other = b[index]!;
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}
