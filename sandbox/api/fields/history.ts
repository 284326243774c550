/**
 * Who owns which fields of an object: every write is noted, the managedFields are worked out only when somebody asks.
 * Upstream does it on every write (apimachinery pkg/util/managedfields/internal); controllers would pay for what nobody reads.
 */

import type { KubeObject, ManagedFieldsEntry } from '../object.ts';

/** One write as the field manager sees it: before admission, without what the strategy resets. */
export interface FieldWrite {
  readonly manager: string;
  readonly operation: 'Update';
  readonly apiVersion: string;
  readonly subresource: string | undefined;
  /** Undefined for the scale subresource, whose entries carry none. */
  readonly time: string | undefined;
  readonly before: KubeObject | undefined;
  readonly after: KubeObject;
  /** The entries that the client sent, instead of those of `before`. */
  readonly base?: readonly ManagedFieldsEntry[];
}

/** Works the entries after a write out of those before it. */
export type ResolveFields = (
  entries: readonly ManagedFieldsEntry[],
  write: FieldWrite,
) => readonly ManagedFieldsEntry[];

interface Node {
  previous: Node | undefined;
  write: FieldWrite | undefined;
  depth: number;
  entries: readonly ManagedFieldsEntry[] | undefined;
}

/** Notes left unresolved at most: a lease renewed for hours must not keep all its past. */
const MAX_DEPTH = 12;

export class FieldHistory {
  readonly #resolve: ResolveFields;
  readonly #nodes = new WeakMap<KubeObject, Node>();

  constructor(resolve: ResolveFields) {
    this.#resolve = resolve;
  }

  /** `stored` came of `before` by this write; without a write, it owns what `before` owned. */
  note(stored: KubeObject, before: KubeObject | undefined, write?: FieldWrite): void {
    const previous = before && this.#nodes.get(before);
    if (!write) {
      if (previous) this.#nodes.set(stored, previous);
      return;
    }
    const node: Node = { previous, write, depth: (previous?.depth ?? 0) + 1, entries: undefined };
    if (node.depth > MAX_DEPTH) this.#settle(node);
    this.#nodes.set(stored, node);
  }

  /** The entries are known (server-side apply, or set by the client). */
  set(stored: KubeObject, entries: readonly ManagedFieldsEntry[]): void {
    this.#nodes.set(stored, { previous: undefined, write: undefined, depth: 0, entries });
  }

  /** The entries of an object that is not stored. */
  work(write: FieldWrite): readonly ManagedFieldsEntry[] {
    return this.#resolve([], write);
  }

  of(object: KubeObject): readonly ManagedFieldsEntry[] {
    const node = this.#nodes.get(object);
    if (!node) return object.metadata.managedFields ?? [];
    return this.#settle(node);
  }

  #settle(last: Node): readonly ManagedFieldsEntry[] {
    const open: Node[] = [];
    let entries: readonly ManagedFieldsEntry[] = [];
    for (let node: Node | undefined = last; node; node = node.previous) {
      if (node.entries) {
        entries = node.entries;
        break;
      }
      open.push(node);
    }
    for (const node of open.reverse()) {
      entries = this.#resolve(entries, node.write!);
      node.entries = entries;
      node.write = undefined;
      node.previous = undefined;
      node.depth = 0;
    }
    return entries;
  }
}
