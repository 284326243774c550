/** What belongs to, uses, is bound to, or stands for what: the picture's lines. */

import type { Picture } from '../../../sandbox/channel/messages.ts';
import { type Item, itemId } from './items.ts';

export interface Edge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly path: string;
  /** A fact (bound, mounted, exported), not only an intention. */
  readonly holds: boolean;
}

interface Relation {
  readonly from: string;
  readonly to: string;
  readonly holds: boolean;
}

/** Between things that are drawn; those that are only counted have no line. */
export function edgesBetween(picture: Picture, items: readonly Item[], vertical: boolean): Edge[] {
  const placed = new Map(items.map((item) => [item.id, item]));
  return relationsOf(picture).flatMap(({ from, to, holds }) => {
    const a = placed.get(from);
    const b = placed.get(to);
    if (!a || !b) return [];
    return [{ id: `${from}>${to}`, from, to, path: vertical ? downCurve(a, b) : rightCurve(a, b), holds }];
  });
}

function relationsOf(picture: Picture): Relation[] {
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
  for (const { node, from } of picture.handMounts)
    relations.push({ from: itemId('machines', node), to: itemId('exports', from), holds: true });
  return relations;
}

/** The workload a pod belongs to: its owner, or the Deployment its ReplicaSet is named after. */
export function workloadOf(picture: Picture, { owner }: { readonly owner: string }): string {
  return picture.workloads.find(({ name }) => owner === name || owner.replace(/-[^-]*$/, '') === name)?.name ?? '';
}

function rightCurve(a: Item, b: Item): string {
  const [x1, y1, x2, y2] = [a.x + a.width, a.y + a.height / 2, b.x, b.y + b.height / 2];
  const bend = Math.max(12, (x2 - x1) / 2);
  return `M${n(x1)} ${n(y1)}C${n(x1 + bend)} ${n(y1)} ${n(x2 - bend)} ${n(y2)} ${n(x2)} ${n(y2)}`;
}

function downCurve(a: Item, b: Item): string {
  const [x1, y1, x2, y2] = [a.x + a.width / 2, a.y + a.height, b.x + b.width / 2, b.y];
  const bend = Math.max(12, (y2 - y1) / 2);
  return `M${n(x1)} ${n(y1)}C${n(x1)} ${n(y1 + bend)} ${n(x2)} ${n(y2 - bend)} ${n(x2)} ${n(y2)}`;
}

const n = (value: number): number => Math.round(value * 10) / 10;
