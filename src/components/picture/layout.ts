/** Where everything of the picture stands: five layers, as columns when there is room, as rows when there is not. Pure arithmetic. */

import type { Picture } from '../../../sandbox/channel/messages.ts';

export type LayerName = 'workloads' | 'pods' | 'claims' | 'volumes' | 'exports';

export interface Item {
  readonly id: string;
  readonly layer: LayerName;
  readonly kind: string;
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A node's frame around its pods. */
export interface Frame {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Edge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly path: string;
  /** A fact (bound, mounted, exported), not only an intention. */
  readonly holds: boolean;
}

export interface Label {
  readonly layer: LayerName;
  readonly x: number;
  readonly y: number;
}

export interface More {
  readonly id: string;
  readonly count: number;
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly labels: readonly Label[];
  readonly items: readonly Item[];
  readonly frames: readonly Frame[];
  readonly edges: readonly Edge[];
  readonly more: readonly More[];
}

const ITEM = 38;
/** With a line of file names. */
const ITEM_WITH_FILES = 52;
const GAP = 8;
const FRAME_TOP = 18;
const FRAME_PADDING = 6;
const LABEL = 20;
const ROW_LABEL = 16;
/** Below this width the layers are rows. */
const ROWS_BELOW = 560;
/** More than these of one block are only counted. */
const MOST = 6;

/** A thing to be placed, not yet anywhere. */
interface Box {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly height: number;
}

/** Boxes that stand together; with a frame when they are a node's. */
interface Block {
  readonly frame?: string;
  readonly boxes: readonly Box[];
  readonly hidden: number;
}

interface Layer {
  readonly name: LayerName;
  readonly weight: number;
  readonly blocks: readonly Block[];
}

export const itemId = (layer: LayerName, name: string): string => `${layer}/${name}`;

export function layOut(picture: Picture, width: number): Layout {
  const layers = layersOf(picture);
  const placed = width < ROWS_BELOW ? placeRows(layers, width) : placeColumns(layers, width);
  const items = new Map(placed.items.map((item) => [item.id, item]));
  const vertical = width < ROWS_BELOW;
  return { ...placed, width, edges: edgesOf(picture).flatMap((edge) => drawEdge(edge, items, vertical)) };
}

/** What is shown in each layer, ordered so that joined things stand near each other. */
function layersOf(picture: Picture): Layer[] {
  const workloads = [...picture.workloads].sort(by(({ name }) => name));
  const ownerRank = rank(workloads.map(({ name }) => name));
  const pods = [...picture.pods].sort(by((pod) => [ownerRank(workloadOf(picture, pod)), pod.name]));
  const claimRank = rank(pods.flatMap(({ claims }) => claims));
  const claims = [...picture.claims].sort(by(({ name }) => [claimRank(name), name]));
  const volumeRank = rank(claims.map(({ volume }) => volume));
  const volumes = [...picture.volumes].sort(by(({ name }) => [volumeRank(name), name]));
  const pathRank = rank(volumes.map(({ path }) => path));
  const exports = [...picture.exports].sort(by(({ path }) => [pathRank(path), path]));

  const plain = (boxes: readonly Box[]): Block[] => (boxes.length > 0 ? [block(boxes)] : []);
  return [
    { name: 'workloads', weight: 1.15, blocks: plain(workloads.map(({ kind, name }) => box('workloads', kind, name))) },
    { name: 'pods', weight: 1.35, blocks: podBlocks(picture, pods) },
    {
      name: 'claims',
      weight: 1.25,
      blocks: plain(claims.map(({ name }) => box('claims', 'PersistentVolumeClaim', name))),
    },
    {
      name: 'volumes',
      weight: 0.9,
      blocks: plain(volumes.map(({ name }) => box('volumes', 'PersistentVolume', name))),
    },
    {
      name: 'exports',
      weight: 1.1,
      blocks: plain(exports.map(({ path, files }) => box('exports', 'Directory', path, files.length > 0))),
    },
  ];
}

/** The pods of each node in its frame; those without a node first. A node that takes no pods and has none is left out. */
function podBlocks(picture: Picture, pods: Picture['pods']): Block[] {
  const boxes = (node: string) => pods.filter((pod) => pod.node === node).map(({ name }) => box('pods', 'Pod', name));
  const waiting = boxes('');
  const nodes = picture.nodes.map(({ name }) => ({ name, boxes: boxes(name) }));
  return [
    ...(waiting.length > 0 ? [block(waiting)] : []),
    ...nodes
      .filter(({ name, boxes }) => boxes.length > 0 || isWorker(name))
      .map(({ name, boxes }) => block(boxes, name)),
  ];
}

/** The lab's control plane takes no pods of the learner's; its frame would always be empty. */
const isWorker = (node: string): boolean => !node.startsWith('master');

const box = (layer: LayerName, kind: string, name: string, files = false): Box => ({
  id: itemId(layer, name),
  kind,
  name,
  height: files ? ITEM_WITH_FILES : ITEM,
});

function block(boxes: readonly Box[], frame?: string): Block {
  return { ...(frame && { frame }), boxes: boxes.slice(0, MOST), hidden: Math.max(0, boxes.length - MOST) };
}

interface Placed {
  readonly height: number;
  readonly labels: Label[];
  readonly items: Item[];
  readonly frames: Frame[];
  readonly more: More[];
}

/** Left to right; every column centred on the tallest. */
function placeColumns(layers: readonly Layer[], width: number): Placed {
  const gap = Math.max(22, Math.round(width * 0.045));
  const weights = layers.reduce((sum, { weight }) => sum + weight, 0);
  const unit = (width - 2 - gap * (layers.length - 1)) / weights;
  const heights = layers.map(({ blocks }) => stackHeight(blocks));
  const tallest = Math.max(ITEM, ...heights);
  const placed = empty(LABEL + tallest + 2);
  let x = 1;
  layers.forEach((layer, index) => {
    const columnWidth = unit * layer.weight;
    placed.labels.push({ layer: layer.name, x, y: 12 });
    stack(placed, layer, x, LABEL + (tallest - heights[index]!) / 2, columnWidth);
    x += columnWidth + gap;
  });
  return placed;
}

/** Top to bottom; blocks and boxes two abreast. */
function placeRows(layers: readonly Layer[], width: number): Placed {
  const rowGap = 18;
  const half = (width - 2 - GAP) / 2;
  const placed = empty(0);
  let y = 0;
  for (const layer of layers) {
    if (layer.blocks.length === 0) continue;
    placed.labels.push({ layer: layer.name, x: 1, y: y + 11 });
    y += ROW_LABEL;
    // Nodes stand side by side; loose boxes pair up.
    const columns: Block[][] = [[], []];
    const loose = layer.blocks.flatMap((b) => (b.frame ? [] : b.boxes.map((only) => block([only]))));
    const framed = layer.blocks.filter((b) => b.frame);
    const hidden = layer.blocks.reduce((sum, b) => sum + (b.frame ? 0 : b.hidden), 0);
    const units = [...loose, ...framed];
    if (hidden > 0) units.push({ boxes: [], hidden });
    for (const [index, unit] of units.entries()) columns[index % 2]!.push(unit);
    for (const [index, blocks] of columns.entries()) {
      stack(placed, { ...layer, blocks }, 1 + index * (half + GAP), y, half);
    }
    y += Math.max(...columns.map(stackHeight)) + rowGap;
  }
  return { ...placed, height: Math.max(ITEM, y - rowGap + 2) };
}

const empty = (height: number): Placed => ({ height, labels: [], items: [], frames: [], more: [] });

function blockHeight({ boxes, frame, hidden }: Block): number {
  const inner =
    boxes.reduce((sum, { height }) => sum + height, 0) + Math.max(0, boxes.length - 1) * GAP + (hidden > 0 ? 16 : 0);
  return frame === undefined ? inner : FRAME_TOP + inner + (boxes.length > 0 ? FRAME_PADDING : 4);
}

function stackHeight(blocks: readonly Block[]): number {
  return blocks.reduce((sum, b) => sum + blockHeight(b), 0) + Math.max(0, blocks.length - 1) * GAP;
}

function stack(placed: Placed, { name: layer, blocks }: Layer, x: number, top: number, width: number): void {
  let y = top;
  for (const b of blocks) {
    const framed = b.frame !== undefined;
    if (framed) placed.frames.push({ name: b.frame!, x, y, width, height: blockHeight(b) });
    let at = framed ? y + FRAME_TOP : y;
    const inset = framed ? FRAME_PADDING : 0;
    for (const { id, kind, name, height } of b.boxes) {
      placed.items.push({ id, layer, kind, name, x: x + inset, y: at, width: width - 2 * inset, height });
      at += height + GAP;
    }
    if (b.hidden > 0)
      placed.more.push({ id: `${layer}/${b.frame ?? ''}`, count: b.hidden, x: x + inset + 2, y: at + 4 });
    y += blockHeight(b) + GAP;
  }
}

interface Relation {
  readonly from: string;
  readonly to: string;
  readonly holds: boolean;
}

/** What belongs to, uses, is bound to, or stands for what. */
function edgesOf(picture: Picture): Relation[] {
  const mounted = new Set(picture.mounts.map(({ pod }) => pod));
  const relations: Relation[] = [];
  for (const pod of picture.pods) {
    const workload = workloadOf(picture, pod);
    const id = itemId('pods', pod.name);
    if (workload) relations.push({ from: itemId('workloads', workload), to: id, holds: true });
    const holds = mounted.has(pod.name) || mounted.has(pod.uid);
    for (const claim of pod.claims) relations.push({ from: id, to: itemId('claims', claim), holds });
  }
  for (const { name, status, volume } of picture.claims) {
    if (volume)
      relations.push({ from: itemId('claims', name), to: itemId('volumes', volume), holds: status === 'Bound' });
  }
  for (const { name, path } of picture.volumes) {
    const found = picture.exports.find((candidate) => candidate.path === path);
    if (found) relations.push({ from: itemId('volumes', name), to: itemId('exports', path), holds: found.exported });
  }
  return relations;
}

/** The workload a pod belongs to: its owner, or the Deployment its ReplicaSet is named after. */
function workloadOf(picture: Picture, { owner }: { readonly owner: string }): string {
  return picture.workloads.find(({ name }) => owner === name || owner.replace(/-[^-]*$/, '') === name)?.name ?? '';
}

function drawEdge({ from, to, holds }: Relation, items: ReadonlyMap<string, Item>, vertical: boolean): Edge[] {
  const a = items.get(from);
  const b = items.get(to);
  if (!a || !b) return [];
  const path = vertical ? downCurve(a, b) : rightCurve(a, b);
  return [{ id: `${from}>${to}`, from, to, path, holds }];
}

function rightCurve(a: Item, b: Item): string {
  const [x1, y1, x2, y2] = [a.x + a.width, a.y + a.height / 2, b.x, b.y + b.height / 2];
  const bend = (x2 - x1) / 2;
  return `M${n(x1)} ${n(y1)}C${n(x1 + bend)} ${n(y1)} ${n(x2 - bend)} ${n(y2)} ${n(x2)} ${n(y2)}`;
}

function downCurve(a: Item, b: Item): string {
  const [x1, y1, x2, y2] = [a.x + a.width / 2, a.y + a.height, b.x + b.width / 2, b.y];
  const bend = Math.max(12, (y2 - y1) / 2);
  return `M${n(x1)} ${n(y1)}C${n(x1)} ${n(y1 + bend)} ${n(x2)} ${n(y2 - bend)} ${n(x2)} ${n(y2)}`;
}

const n = (value: number): number => Math.round(value * 10) / 10;

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
