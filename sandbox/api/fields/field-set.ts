/**
 * Sets of field paths in the form managedFields has them (FieldsV1): `f:name` a field, `k:{…}` a list item by key,
 * `v:…` one by value; `.` or nothing below says that the path itself is a member (sigs.k8s.io/structured-merge-diff fieldpath).
 */

export interface FieldSet {
  readonly [element: string]: FieldSet;
}

type Mutable = Record<string, FieldSet>;

export const EMPTY: FieldSet = Object.freeze({});

const SELF = '.';

/**
 * A path that is a member, with nothing below it.
 * @alias
 */
export const LEAF: FieldSet = EMPTY;

export const isEmpty = (set: FieldSet): boolean => {
  for (const _element in set) return false;
  return true;
};

/** Whether the node's own path is in the set. */
export const isMember = (node: FieldSet): boolean => SELF in node || isEmpty(node);

/** A node from its parts; undefined if nothing is left of it. */
export function node(member: boolean, children: FieldSet): FieldSet | undefined {
  if (isEmpty(children)) return member ? LEAF : undefined;
  return member ? { [SELF]: LEAF, ...children } : children;
}

function childrenOf(set: FieldSet): FieldSet {
  if (!(SELF in set)) return set;
  const { [SELF]: _, ...children } = set;
  return children;
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b || isEmpty(b)) return a;
  if (isEmpty(a)) return b;
  const out: Mutable = { ...a };
  for (const element in b) {
    const mine = out[element];
    const theirs = b[element]!;
    out[element] = mine === undefined ? theirs : unionNodes(mine, theirs);
  }
  return out;
}

const unionNodes = (a: FieldSet, b: FieldSet): FieldSet =>
  node(isMember(a) || isMember(b), union(childrenOf(a), childrenOf(b)))!;

/** The members of `a` that are not members of `b`. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmpty(b)) return a;
  const out: Mutable = {};
  for (const element in a) {
    const mine = a[element]!;
    const theirs = b[element];
    const left =
      theirs === undefined
        ? mine
        : node(isMember(mine) && !isMember(theirs), difference(childrenOf(mine), childrenOf(theirs)));
    if (left) out[element] = left;
  }
  return out;
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const out: Mutable = {};
  for (const element in a) {
    const theirs = b[element];
    if (theirs === undefined) continue;
    const mine = a[element]!;
    const both = node(isMember(mine) && isMember(theirs), intersection(childrenOf(mine), childrenOf(theirs)));
    if (both) out[element] = both;
  }
  return out;
}

/** The set without a field and all below it. */
export function without(set: FieldSet, ...path: readonly string[]): FieldSet {
  const [first, ...rest] = path;
  if (first === undefined || !(first in set)) return set;
  const { [first]: inner, ...others } = set;
  if (rest.length === 0) return others;
  const left = without(inner!, ...rest);
  return isEmpty(left) && !isEmpty(inner!) ? others : { ...others, [first]: left };
}

/** The members as Go prints paths: `.spec.containers[name="c"].image`. */
export function* paths(set: FieldSet, prefix = ''): Generator<string> {
  for (const element of Object.keys(set).sort()) {
    if (element === SELF) continue;
    const inner = set[element]!;
    const path = prefix + printed(element);
    if (isMember(inner)) yield path;
    yield* paths(inner, path);
  }
}

function printed(element: string): string {
  const rest = element.slice(2);
  if (element.startsWith('f:')) return `.${rest}`;
  if (element.startsWith('v:')) return `[=${rest}]`;
  const keys = JSON.parse(rest) as Record<string, unknown>;
  return `[${Object.entries(keys)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',')}]`;
}
