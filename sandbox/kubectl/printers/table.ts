/** The server's Tables on a terminal: chosen columns, aligned, with the columns kubectl itself adds (cli-runtime pkg/printers/tableprinter.go). */

import { formatGo } from '../../api/gofmt.ts';
import { byText } from '../text.ts';
import { RememberingTabWriter } from './tabwriter.ts';

export interface Table {
  readonly kind: 'Table';
  readonly metadata?: {
    readonly resourceVersion?: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
  readonly columnDefinitions?: readonly TableColumn[] | null;
  readonly rows?: readonly TableRow[] | null;
}

export interface TableColumn {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly priority?: number;
}

export interface TableRow {
  readonly cells: readonly unknown[];
  readonly object?: unknown;
}

export interface TableOptions {
  readonly wide: boolean;
  readonly noHeaders: boolean;
  readonly withNamespace: boolean;
  /** `pod`, `deployment.apps`: printed before the name. */
  readonly withKind?: string;
  readonly showLabels: boolean;
  readonly labelColumns: readonly string[];
}

interface Meta {
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

const metaOf = (row: TableRow): Meta => (row.object as { metadata?: Meta } | undefined)?.metadata ?? {};

/** Prints table after table (the events of a watch, the pages of a list); headers come when the columns change. */
export class TablePrinter {
  readonly #options: TableOptions;
  #columns: readonly TableColumn[] = [];
  #headersPrinted = false;
  #tabs = new RememberingTabWriter();
  readonly #pending: string[][] = [];

  constructor(options: TableOptions) {
    this.#options = options;
  }

  /** One batch after the other, as a watch prints them: columns never become narrower. */
  print(table: Table, eventType?: string): string {
    return this.#tabs.align(this.#lines(table, eventType));
  }

  /** Kept until `flush`, which aligns all that was added. */
  add(table: Table): void {
    this.#pending.push(...this.#lines(table, undefined));
  }

  flush(): string {
    return this.#tabs.align(this.#pending.splice(0));
  }

  #lines(table: Table, eventType: string | undefined): string[][] {
    let noHeaders = this.#options.noHeaders;
    const given = table.columnDefinitions ?? [];
    const same = given.length === 0 || sameColumns(given, this.#columns);
    if (this.#headersPrinted && same) noHeaders = true;
    if (!same) {
      this.#columns = given;
      this.#headersPrinted = false;
    }
    const rows = table.rows ?? [];
    if (rows.length > 0) this.#headersPrinted = true;
    const layout = this.#layout(eventType);
    const lines = rows.map((row) => layout.map((column) => column.cell(row)));
    if (!noHeaders && rows.length > 0) lines.unshift(layout.map((column) => column.title));
    return lines;
  }

  #layout(eventType: string | undefined): { title: string; cell(row: TableRow): string }[] {
    const { wide, withNamespace, withKind, showLabels, labelColumns } = this.#options;
    const layout: { title: string; cell(row: TableRow): string }[] = [];
    if (eventType !== undefined) layout.push({ title: 'EVENT', cell: () => eventType });
    if (withNamespace) layout.push({ title: 'NAMESPACE', cell: (row) => metaOf(row).namespace ?? '' });
    const nameColumn = this.#columns.findIndex((column) => column.format === 'name' && column.type === 'string');
    this.#columns.forEach((column, i) => {
      if (!wide && (column.priority ?? 0) !== 0) return;
      const prefix = i === nameColumn && withKind ? `${withKind}/` : '';
      layout.push({ title: column.name.toUpperCase(), cell: (row) => prefix + cellText(row.cells[i]) });
    });
    for (const label of labelColumns) {
      layout.push({ title: label.split('/').pop()!.toUpperCase(), cell: (row) => metaOf(row).labels?.[label] ?? '' });
    }
    if (showLabels) layout.push({ title: 'LABELS', cell: (row) => formatLabels(metaOf(row).labels) });
    return layout;
  }
}

const sameColumns = (a: readonly TableColumn[], b: readonly TableColumn[]): boolean =>
  a === b ||
  (a.length === b.length && a.every((column, i) => column.name === b[i]!.name && column.priority === b[i]!.priority));

/** Cut at the first line break; escapes made visible (printers/terminal.go). */
function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : formatGo(value);
  const end = text.search(/[\f\n\r]/);
  const line = end < 0 ? text : `${text.slice(0, end)}...`;
  return line.includes('\x1b') ? line.replaceAll('\x1b', '^[') : line;
}

/** labels.FormatLabels. */
function formatLabels(labels: Readonly<Record<string, string>> | undefined): string {
  const entries = Object.entries(labels ?? {}).sort(([a], [b]) => byText(a, b));
  return entries.length === 0 ? '<none>' : entries.map(([k, v]) => `${k}=${v}`).join(',');
}
