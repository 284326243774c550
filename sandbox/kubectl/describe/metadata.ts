/** Labels, annotations, taints and tolerations, one to a line under their title. */

import type { Node, Pod } from '../../api/types.ts';
import { byText } from '../text.ts';
import { sortedEntries } from './values.ts';
import type { Writer } from './writer.ts';

type Labels = Readonly<Record<string, string>> | undefined;
type Taint = NonNullable<NonNullable<Node['spec']>['taints']>[number];
type Toleration = NonNullable<NonNullable<Pod['spec']>['tolerations']>[number];

const MAX_ANNOTATION = 140;
/** Not shown: it is the whole object once more. */
const SKIPPED = new Set(['kubectl.kubernetes.io/last-applied-configuration']);

/** A title, then each item on its own line in the same column. */
export function multiline(w: Writer, title: string, items: readonly string[], indent = ''): void {
  if (items.length === 0) w.line(0, `${indent}${title}:\t<none>`);
  for (const [i, item] of items.entries()) w.line(0, i === 0 ? `${indent}${title}:\t${item}` : `${indent}\t${item}`);
}

export function labels(w: Writer, title: string, map: Labels, indent = ''): void {
  multiline(
    w,
    title,
    sortedEntries(map).map(([key, value]) => `${key}=${value}`),
    indent,
  );
}

export function annotations(w: Writer, title: string, map: Labels): void {
  const shown = sortedEntries(map).filter(([key]) => !SKIPPED.has(key));
  if (shown.length === 0) {
    w.line(0, `${title}:\t<none>`);
    return;
  }
  w.write(0, `${title}:\t`);
  shown.forEach(([key, text], i) => {
    if (i > 0) w.write(0, '\t');
    const value = text.replace(/\n$/, '');
    if (value.length + key.length + 2 <= MAX_ANNOTATION && !value.includes('\n')) {
      w.line(0, `${key}: ${value}`);
      return;
    }
    w.line(0, `${key}:`);
    for (const part of value.split('\n')) w.line(0, `\t  ${shorten(part, MAX_ANNOTATION - 2)}`);
  });
}

const shorten = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length)}...` : text);

export function taints(w: Writer, list: readonly Taint[] | undefined): void {
  const sorted = [...(list ?? [])].sort((a, b) => byText(`${a.effect},${a.key}`, `${b.effect},${b.key}`));
  multiline(
    w,
    'Taints',
    sorted.map(({ key, value, effect }) => (effect ? `${key}${value ? `=${value}` : ''}:${effect}` : key)),
  );
}

export function tolerations(w: Writer, title: string, list: readonly Toleration[] | undefined): void {
  const sorted = [...(list ?? [])].sort((a, b) => byText(a.key ?? '', b.key ?? ''));
  multiline(w, title, sorted.map(toleration));
}

function toleration({ key = '', value, effect, operator, tolerationSeconds }: Toleration): string {
  let text = key + (value ? `=${value}` : '') + (effect ? `:${effect}` : '');
  if (operator === 'Exists' && !value) text += key || effect ? ' op=Exists' : 'op=Exists';
  return tolerationSeconds === undefined ? text : `${text} for ${tolerationSeconds}s`;
}
