/** `-o custom-columns=NAME:.metadata.name,…` (kubectl pkg/cmd/get/customcolumn.go). */

import { formatGo } from '../../api/gofmt.ts';
import { JsonPath, relaxedJsonPath } from '../../api/jsonpath/jsonpath.ts';
import { alignTabs } from './tabwriter.ts';

export interface CustomColumn {
  readonly header: string;
  readonly path: JsonPath;
}

export function parseCustomColumns(spec: string): CustomColumn[] {
  if (spec === '') throw new Error('custom-columns format specified but no custom columns given');
  return spec.split(',').map((part) => {
    const colon = part.indexOf(':');
    if (colon < 0) throw new Error(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`);
    return { header: part.slice(0, colon), path: new JsonPath(relaxedJsonPath(part.slice(colon + 1)), true) };
  });
}

/** The file of `custom-columns-file`: a line of headers and a line of paths. */
export function parseColumnsTemplate(text: string): CustomColumn[] {
  const [first = '', second = ''] = text.split('\n');
  for (const [line, what] of [
    [first, 'header'],
    [second, 'spec'],
  ])
    if (line === '')
      throw new Error(
        `invalid template, missing ${what} line. Expected format is one line of space separated headers, one line of space separated column specs.`,
      );
  const [headers = [], paths = []] = [first, second].map((line) => line.split(/\s+/).filter(Boolean));
  if (headers.length !== paths.length) {
    throw new Error(`number of headers (${headers.length}) and field specifications (${paths.length}) don't match`);
  }
  return headers.map((header, i) => ({ header, path: new JsonPath(relaxedJsonPath(paths[i]!), true) }));
}

export function printCustomColumns(
  columns: readonly CustomColumn[],
  objects: readonly unknown[],
  noHeaders: boolean,
): string {
  const lines = objects.map((object) => columns.map(({ path }) => cell(path, object)));
  if (!noHeaders) lines.unshift(columns.map((column) => column.header));
  return alignTabs(lines.map((cells) => `${cells.join('\t')}\n`).join(''));
}

function cell(path: JsonPath, object: unknown): string {
  const values = path.find(object).flat();
  return values.length === 0 ? '<none>' : values.map(formatGo).join(',');
}
