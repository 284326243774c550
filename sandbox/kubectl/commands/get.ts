/** `kubectl get`: the server's tables, or objects as -o prints them (kubectl pkg/cmd/get/get.go). */

import type { Task } from '../../sim/task.ts';
import type { Command } from '../cli/command.ts';
import { AggregateFailure, aggregate, CommandError, isNotFound, PlainError, usageError } from '../cli/errors.ts';
import { FILE_FLAGS, PRINT_FLAGS } from '../cli/flags.ts';
import { TABLE_ACCEPT } from '../client/client.ts';
import { kindWithGroup, type Mapping, resourcePath } from '../client/mapper.ts';
import { watchEvents } from '../client/watch.ts';
import { since } from '../describe/values.ts';
import { parseColumnsTemplate, parseCustomColumns, printCustomColumns } from '../printers/columns.ts';
import { type Printer, printerFor } from '../printers/output.ts';
import { sortObjects, sortTable, Unsortable } from '../printers/sort.ts';
import { type Table, TablePrinter } from '../printers/table.ts';
import { find, type Selection, selectionOf } from '../resource/builder.ts';
import { type Info, isList, type KObject } from '../resource/info.ts';
import type { Session } from '../session.ts';
import { decode, quote } from '../text.ts';

export const get: Command = {
  name: 'get',
  flags: `-A,all-namespaces=false chunk-size=500:int64 field-selector='' ignore-not-found=false -L,label-columns=[] no-headers=false output-watch-events=false raw='' -l,selector='' server-print=true show-kind=false show-labels=false sort-by='' subresource='' -w,watch=false watch-only=false ${FILE_FLAGS} ${PRINT_FLAGS}`,
  complete: 'names',
  *run(session) {
    yield* validate(session);
    if (session.flags.string('raw')) return yield* getRaw(session);
    const printing = yield* chooseOutput(session);
    if (session.flags.bool('watch') || session.flags.bool('watch-only')) return yield* watch(session, printing);
    if (printing.table) return yield* getTables(session, printing.wide);
    yield* getObjects(session, printing.print!);
  },
};

function* validate(session: Session): Task<void> {
  const { flags, args } = session;
  if (flags.string('raw')) {
    if (args.length > 0) throw new CommandError('arguments may not be passed when --raw is specified');
    if (flags.string('output')) throw new CommandError('--raw and --output are mutually exclusive');
    const uri = flags.string('raw');
    if (!uri.startsWith('/'))
      throw new CommandError(`--raw must be a valid URL path: parse ${quote(uri)}: invalid URI for request`);
    return;
  }
  const columns = flags.string('output').toLowerCase().startsWith('custom-columns');
  if (flags.bool('show-labels') && flags.string('output') && flags.string('output') !== 'wide') {
    throw new CommandError(
      `--show-labels option cannot be used with ${columns ? 'custom-columns' : flags.string('output')} printer`,
    );
  }
  if (flags.bool('output-watch-events') && !flags.bool('watch') && !flags.bool('watch-only')) {
    throw new CommandError('--output-watch-events option can only be used with --watch or --watch-only');
  }
  if (args.length === 0 && flags.list('filename').length === 0 && !flags.string('kustomize')) {
    yield* session.err(
      'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n\n',
    );
    throw usageError(
      session.path,
      'Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).',
    );
  }
}

function* getRaw(session: Session): Task<void> {
  const client = yield* session.client();
  const [path = '', query = ''] = session.flags.string('raw').split('?');
  const pairs = query
    .split('&')
    .filter(Boolean)
    .map((pair) => pair.split('=').map(decodeURIComponent));
  const parameters = pairs.map(([k = '', v = '']) => [k, v] as const);
  yield* session.out(yield* client.text('GET', path, { raw: true, query: parameters }));
}

interface Output {
  readonly table: boolean;
  readonly wide: boolean;
  /** Prints one object, or a list of all. */
  readonly print?: Printer;
}

function* chooseOutput(session: Session): Task<Output> {
  const { flags } = session;
  const given = flags.string('output');
  const format = given.includes('=') ? given : given.toLowerCase();
  if (format === '' && !flags.string('template')) return { table: true, wide: false };
  if (format === 'wide') return { table: true, wide: true };
  const columns = /^custom-columns(-file)?(?:=(.*))?$/s.exec(format);
  if (!columns) return { table: false, wide: false, print: yield* printerFor(session, format, '', true) };
  const spec = columns[1] ? yield* columnsFile(session, columns[2] ?? '') : (columns[2] ?? flags.string('template'));
  const parsed = columns[1] ? parseColumnsTemplate(spec) : parseCustomColumns(spec);
  let headers = !flags.bool('no-headers');
  const print: Printer = (object) => {
    const text = printCustomColumns(parsed, isList(object) ? (object.items as KObject[]) : [object], !headers);
    headers = false;
    return text;
  };
  return { table: false, wide: false, print };
}

function* columnsFile(session: Session, path: string): Task<string> {
  if (path === '') throw new CommandError('custom-columns format specified but no custom columns given');
  try {
    return decode(yield* session.environment.files.read(path));
  } catch (error) {
    throw new CommandError(`error reading template ${path}, open ${path}: ${(error as Error).message}`);
  }
}

const selection = (session: Session): Selection => ({
  ...selectionOf(session),
  typeAloneIsAll: true,
  latest: true,
  chunkSize: session.flags.string('sort-by') ? 0 : session.flags.int('chunk-size'),
});

function tableSelection(session: Session): Selection {
  if (!session.flags.bool('server-print')) return { ...selection(session), continueOnError: true };
  const sortBy = session.flags.string('sort-by');
  return {
    ...selection(session),
    continueOnError: true,
    accept: TABLE_ACCEPT,
    query: sortBy ? [['includeObject', 'Object']] : [],
  };
}

function withoutNotFound(session: Session, errors: readonly unknown[]): readonly unknown[] {
  return session.flags.bool('ignore-not-found') ? errors.filter((e) => !isNotFound(e)) : errors;
}

function* getTables(session: Session, wide: boolean): Task<void> {
  const { flags } = session;
  const found = yield* find(session, tableSelection(session));
  const errors = withoutNotFound(session, found.errors);
  let infos = found.infos;
  const sortBy = flags.string('sort-by');
  // RuntimeSorter looks for the field in the Tables themselves as soon as there are several.
  if (sortBy && infos.length > 1) infos = sortObjects(infos, (info) => info.object, sortBy);
  const withKind = flags.bool('show-kind') || new Set(infos.map((info) => info.mapping)).size > 1;
  let group: { printer: TablePrinter; mapping: Mapping } | undefined;
  let withNamespace = false;
  let written = false;
  let allNamespaced = !flags.bool('all-namespaces');
  const flush = function* (separate: boolean): Task<void> {
    const text = group?.printer.flush() ?? '';
    if (text === '') return;
    yield* session.out((separate && written && !flags.bool('no-headers') ? '\n' : '') + text);
    written = true;
  };
  for (const info of infos) {
    allNamespaced &&= info.mapping.namespaced;
    if (group?.mapping !== info.mapping) {
      yield* flush(true);
      // EnsureWithNamespace sticks to the flags that all printers share.
      withNamespace ||= flags.bool('all-namespaces') && info.mapping.namespaced;
      group = { printer: tablePrinter(session, info.mapping, wide, withKind, withNamespace), mapping: info.mapping };
    }
    const table = asTable(info, session.environment.now());
    try {
      group.printer.add(sortBy && isTable(info.object) ? sortTable(table, sortBy) : table);
    } catch (error) {
      if (error instanceof Unsortable) throw new PlainError(`${session.klog('F', 'sorter.go:375')} ${error.message}`);
      // What goes wrong while printing a table is not looked at.
    }
  }
  yield* flush(true);
  if (!written && !flags.bool('ignore-not-found') && errors.length === 0) {
    yield* session.err(
      allNamespaced ? `No resources found in ${yield* session.namespace()} namespace.\n` : 'No resources found\n',
    );
  }
  if (errors.length > 0) throw new AggregateFailure(errors);
}

const isTable = (object: KObject | undefined): boolean => object?.kind === 'Table';

function tablePrinter(
  session: Session,
  mapping: Mapping,
  wide: boolean,
  withKind: boolean,
  withNamespace = session.flags.bool('all-namespaces') && mapping.namespaced,
): TablePrinter {
  const { flags } = session;
  return new TablePrinter({
    wide,
    noHeaders: flags.bool('no-headers'),
    withNamespace,
    withKind: withKind ? kindWithGroup(mapping) : undefined,
    showLabels: flags.bool('show-labels'),
    labelColumns: flags.list('label-columns'),
  });
}

/** An answer that is no Table prints as NAME and AGE (tableprinter.go's default handler). */
function asTable(info: Info, now: number): Table {
  if (isTable(info.object)) return info.object as unknown as Table;
  const objects = isList(info.object!) ? (info.object!.items as KObject[]) : [info.object!];
  return {
    kind: 'Table',
    columnDefinitions: [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Age', type: 'string' },
    ],
    rows: objects.map((object) => {
      const { name = '', creationTimestamp } = object.metadata ?? {};
      return { cells: [name, since(creationTimestamp, now)], object };
    }),
  };
}

function* getObjects(session: Session, print: Printer): Task<void> {
  const found = yield* find(session, { ...selection(session), continueOnError: true });
  const errors = withoutNotFound(session, found.errors);
  if (found.single && errors.length > 0) throw aggregate(errors);
  if (found.infos.length === 0 && session.flags.bool('ignore-not-found')) {
    const failure = aggregate(errors);
    if (failure) throw failure;
    return;
  }
  const sortBy = session.flags.string('sort-by');
  const infos = sortBy ? sortObjects(found.infos, (info) => info.object, sortBy) : found.infos;
  const [first] = infos;
  const perObject = session.flags.string('output') === 'name';
  if (found.single && infos.length === 1) yield* session.out(print(first!.object!, first!.mapping));
  else if (perObject) for (const info of infos) yield* session.out(print(info.object!, info.mapping));
  else
    yield* session.out(
      print({
        apiVersion: 'v1',
        items: infos.map((info) => info.object),
        kind: 'List',
        metadata: { resourceVersion: '' },
      } as KObject),
    );
  if (errors.length > 0) throw aggregate(errors) ?? new AggregateFailure(errors);
}

function* watch(session: Session, output: Output): Task<void> {
  const { flags } = session;
  const chosen: Selection =
    output.table && flags.bool('server-print') ? { ...selection(session), accept: TABLE_ACCEPT } : selection(session);
  const found = yield* findForWatch(session, { ...chosen, flatten: false, singleType: true });
  if (!found) return;
  const { infos, single } = found;
  const [info] = infos;
  if (!info) throw new CommandError('watch is only supported on individual resources and resource collections');
  const tables = output.table ? tablePrinter(session, info.mapping, output.wide, flags.bool('show-kind')) : undefined;
  const withEvents = flags.bool('output-watch-events');
  const print = (object: KObject, type: string): string => {
    if (tables)
      return tables.print(asTable({ ...info, object }, session.environment.now()), withEvents ? type : undefined);
    return output.print!(
      withEvents ? ({ object, type } as unknown as KObject) : object,
      withEvents ? undefined : info.mapping,
    );
  };
  const list = !single && !flags.list('filename').length;
  if (!flags.bool('watch-only')) {
    for (const each of infos) {
      const objects = list && isList(each.object!) ? (each.object!.items as KObject[]) : [each.object!];
      for (const object of objects) yield* session.out(print(object, 'ADDED'));
    }
  }
  // A watch of one object begins with an ADDED of what has just been printed.
  let silent = !list && !flags.bool('watch-only');
  const query: [string, string][] = [];
  if (!list) query.push(['fieldSelector', `metadata.name=${info.name || nameInTable(info.object)}`]);
  else {
    if (flags.string('field-selector')) query.push(['fieldSelector', flags.string('field-selector')]);
    if (flags.string('selector')) query.push(['labelSelector', flags.string('selector')]);
  }
  query.push([
    'resourceVersion',
    list ? String(infos[infos.length - 1]!.object?.metadata?.resourceVersion ?? '0') : '0',
  ]);
  yield* watchEvents<KObject>(
    session,
    resourcePath(info.mapping, info.namespace),
    query,
    chosen.accept,
    function* (event) {
      if (event.type === 'BOOKMARK') return false;
      if (!silent) yield* session.out(print(event.object, event.type));
      silent = false;
      return false;
    },
  );
}

function nameInTable(object: KObject | undefined): string {
  const [row] = (object as unknown as Table | undefined)?.rows ?? [];
  return (row?.object as KObject | undefined)?.metadata?.name ?? String(row?.cells[0] ?? '');
}

function* findForWatch(
  session: Session,
  selection: Selection,
): Task<{ infos: readonly Info[]; single: boolean } | undefined> {
  const { infos, errors, single } = yield* find(session, { ...selection, continueOnError: true });
  if (errors.length > 0) {
    if (session.flags.bool('ignore-not-found') && errors.every(isNotFound)) return undefined;
    throw errors[0];
  }
  return { infos, single };
}
