/** `--sort-by`: by numbers, quantities, or text with numbers in it (kubectl pkg/cmd/get/sorter.go). */

import { JsonPath, relaxedJsonPath } from '../../api/jsonpath/jsonpath.ts';
import { compareQuantities, isQuantity } from '../../api/quantity.ts';
import { byText, quote } from '../text.ts';
import { goSorted } from './gosort.ts';
import type { Table } from './table.ts';

export function sortObjects<T>(items: readonly T[], objectOf: (item: T) => unknown, field: string): T[] {
  if (items.length === 0) return [];
  const path = relaxedJsonPath(field);
  const parser = new JsonPath(path, true);
  const keyed = items.map((item) => ({ item, key: parser.find(objectOf(item))[0]?.[0] }));
  if (keyed.every(({ key }) => key === undefined)) {
    throw new Error(`couldn't find any field with path ${quote(path)} in the list of objects`);
  }
  const unsortable = keyed.find(({ key }) => typeof key === 'object' && key !== null);
  if (unsortable && items.length > 1) throw new Unsortable(path, unsortable.key);
  return goSorted(keyed, (a, b) => isLess(a.key, b.key)).map(({ item }) => item);
}

/** What klog.Fatalf says of a field that is a map or a list. */
export class Unsortable extends Error {
  constructor(path: string, value: unknown) {
    const type = Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}';
    super(`Field ${path} in [][][]reflect.Value is an unsortable type: interface, err: unsortable type: ${type}`);
  }
}

/** A field that no row has leaves nothing to print: `No resources found`, as the real kubectl says then. */
export function sortTable(table: Table, field: string): Table {
  const path = new JsonPath(relaxedJsonPath(field), true);
  if (!(table.rows ?? []).some((row) => path.find(row.object)[0]?.length)) return { ...table, rows: [] };
  return { ...table, rows: sortObjects(table.rows ?? [], (row) => row.object, field) };
}

/** What lacks the field is less than everything, its like included: such rows come first, the last of them at the top. */
function isLess(a: unknown, b: unknown): boolean {
  if (a === undefined) return true;
  if (b === undefined) return false;
  if (a === null || b === null) return a === null && b !== null;
  return compareKeys(a, b) < 0;
}

function compareKeys(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') {
    if (isQuantity(a) && isQuantity(b)) return compareQuantities(a, b);
    return naturalText(a, b);
  }
  return byText(String(a), String(b));
}

/** vbom.ml/util/sortorder: runs of digits compare as numbers. */
function naturalText(a: string, b: string): number {
  const x = a.match(/\d+|\D+/g) ?? [];
  const y = b.match(/\d+|\D+/g) ?? [];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const numbers = /^\d/.test(x[i]!) && /^\d/.test(y[i]!);
    const order = numbers ? Number(x[i]) - Number(y[i]) : byText(x[i]!, y[i]!);
    if (order !== 0) return order;
  }
  return x.length - y.length;
}
