/** Where everything of the picture stands: its layers as columns when there is room, as rows when there is not. Pure arithmetic. */

import type { Picture } from '../../../sandbox/channel/messages.ts';
import { type Edge, edgesBetween } from './edges.ts';
import { type Item, itemId } from './items.ts';
import { type Block, ITEM, type LabelName, type Layer, layersOf, type Machine } from './layers.ts';

/** A machine's frame around what it holds. */
export interface Frame {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Label {
  readonly label: LabelName;
  readonly x: number;
  readonly y: number;
}

/** Things that are only counted, by their ids. */
export interface More {
  readonly id: string;
  readonly hidden: readonly string[];
  readonly x: number;
  readonly y: number;
  readonly width: number;
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

const GAP = 8;
/** A machine's name, and each line below it. */
export const FRAME_TOP = 19;
export const FACT = 13;
const FRAME_PADDING = 6;
const LABEL = 20;
const ROW_LABEL = 16;
const MORE = 16;
/** Below this width the layers are rows. */
const ROWS_BELOW = 560;
/** A wider column would only be emptier. */
const WIDEST_COLUMN = 250;

export function layOut(picture: Picture, width: number): Layout {
  const layers = layersOf(picture);
  const vertical = width < ROWS_BELOW;
  const placed = vertical ? placeRows(layers, width) : placeColumns(layers, width);
  return { ...placed, width, edges: edgesBetween(picture, placed.items, vertical) };
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
  const least = Math.max(18, Math.round(width * 0.03));
  const weights = layers.reduce((sum, { weight }) => sum + weight, 0);
  const unit = (width - 2 - least * (layers.length - 1)) / weights;
  const widths = layers.map(({ weight }) => Math.min(WIDEST_COLUMN, unit * weight));
  const gap = (width - 2 - widths.reduce((sum, one) => sum + one, 0)) / (layers.length - 1);
  const heights = layers.map(({ blocks }) => stackHeight(blocks));
  const tallest = Math.max(ITEM, ...heights);
  const placed = empty(LABEL + tallest + 2);
  let x = 1;
  layers.forEach(({ label, blocks }, index) => {
    placed.labels.push({ label, x, y: 12 });
    stack(placed, label, blocks, { x, y: LABEL + (tallest - heights[index]!) / 2, width: widths[index]! });
    x += widths[index]! + gap;
  });
  return placed;
}

/** Top to bottom; blocks and boxes two abreast. */
function placeRows(layers: readonly Layer[], width: number): Placed {
  const rowGap = 18;
  const half = (width - 2 - GAP) / 2;
  const placed = empty(0);
  let y = 0;
  for (const { label, blocks } of layers) {
    placed.labels.push({ label, x: 1, y: y + 11 });
    y += ROW_LABEL;
    // Machines stand side by side; loose boxes pair up.
    const units = blocks.flatMap((one) => (one.machine ? [one] : single(one)));
    const alone = units.length === 1 && units[0]!.machine;
    const columns: Block[][] = alone ? [[...units]] : [[], []];
    if (!alone) for (const [index, unit] of units.entries()) columns[index % 2]!.push(unit);
    for (const [index, column] of columns.entries())
      stack(placed, label, column, { x: 1 + index * (half + GAP), y, width: alone ? width - 2 : half });
    y += Math.max(...columns.map(stackHeight)) + rowGap;
  }
  return { ...placed, height: Math.max(ITEM, y - rowGap + 2) };
}

/** Each box a block of its own, and one for what is only counted. */
const single = ({ boxes, hidden }: Block): Block[] => [
  ...boxes.map((only) => ({ boxes: [only], hidden: [] })),
  ...(hidden.length > 0 ? [{ boxes: [], hidden }] : []),
];

const empty = (height: number): Placed => ({ height, labels: [], items: [], frames: [], more: [] });

const headHeight = ({ facts }: Machine): number => FRAME_TOP + facts * FACT + (facts > 0 ? 3 : 0);

function blockHeight({ boxes, machine, hidden }: Block): number {
  const inner =
    boxes.reduce((sum, { height }) => sum + height, 0) +
    Math.max(0, boxes.length - 1) * GAP +
    (hidden.length > 0 ? MORE : 0);
  return machine ? headHeight(machine) + inner + (inner > 0 ? FRAME_PADDING : 2) : inner;
}

function stackHeight(blocks: readonly Block[]): number {
  return blocks.reduce((sum, one) => sum + blockHeight(one), 0) + Math.max(0, blocks.length - 1) * GAP;
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

function stack(placed: Placed, label: LabelName, blocks: readonly Block[], { x, y: top, width }: Place): void {
  let y = top;
  for (const one of blocks) {
    const { machine, boxes, hidden } = one;
    const inset = machine ? FRAME_PADDING : 0;
    let at = y;
    if (machine) {
      const { name, kind } = machine;
      const height = headHeight(machine);
      placed.frames.push({ name, x, y, width, height: blockHeight(one) });
      placed.items.push({ id: itemId('machines', name), layer: 'machines', kind, name, x, y, width, height });
      at += height;
    }
    for (const { id, layer, kind, name, height } of boxes) {
      placed.items.push({ id, layer, kind, name, x: x + inset, y: at, width: width - 2 * inset, height });
      at += height + GAP;
    }
    if (hidden.length > 0) {
      const id = `${label}/${machine?.name ?? ''}`;
      const ids = hidden.map((box) => box.id);
      placed.more.push({
        id,
        hidden: ids,
        x: x + inset + 2,
        y: boxes.length > 0 ? at - 4 : at,
        width: width - 2 * inset,
      });
    }
    y += blockHeight(one) + GAP;
  }
}
