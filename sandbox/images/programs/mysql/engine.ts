/** Executes statements on a data directory: a database is a folder, a table a file in it. Messages are those of MySQL's error catalogue. */

import { isErrno } from '../../../machines/errno.ts';
import type { Process } from '../../../machines/process.ts';
import type { Task } from '../../../sim/task.ts';
import {
  type Column,
  type Condition,
  NotSupported,
  parse,
  type Statement,
  SyntaxFault,
  type Table,
  type Value,
} from './sql.ts';

const DATA = '/var/lib/mysql';
/** What a data directory holds that is no database of the user's. */
const SCHEMAS = ['information_schema', 'mysql', 'performance_schema', 'sys'];

export interface Failure {
  readonly code: number;
  readonly state: string;
  readonly message: string;
}

export type Result =
  | {
      readonly columns: readonly string[];
      readonly numeric: readonly boolean[];
      readonly rows: readonly (readonly Value[])[];
    }
  | { readonly affected: number; readonly info?: string; readonly use?: string };

export class SqlError extends Error {
  readonly failure: Failure;
  constructor(code: number, state: string, message: string) {
    super(message);
    this.failure = { code, state, message };
  }
}

/** As it lies in its file, which the real one's does not: JSON. */
interface Stored {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Value[])[];
  /** The next AUTO_INCREMENT. */
  readonly next: number;
}

export interface Context {
  readonly version: string;
  readonly user: string;
}

export class Engine {
  readonly #process: Process;
  readonly #context: Context;
  database: string | undefined;

  constructor(process: Process, context: Context) {
    this.#process = process;
    this.#context = context;
  }

  *execute(sql: string): Task<Result> {
    try {
      return yield* this.#run(parse(sql));
    } catch (error) {
      if (error instanceof SyntaxFault)
        throw new SqlError(
          1064,
          '42000',
          `You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use near '${error.message}' at line 1`,
        );
      if (error instanceof NotSupported)
        throw new SqlError(1235, '42000', `This version of MySQL doesn't yet support '${error.message}'`);
      if (isErrno(error)) throw new SqlError(1030, 'HY000', `Got error ${error.message} from storage engine`);
      throw error;
    }
  }

  *#run(statement: Statement): Task<Result> {
    switch (statement.kind) {
      case 'show databases':
        return table(
          ['Database'],
          (yield* this.#databases()).map((name) => [name]),
        );
      case 'show tables':
        return table(
          [`Tables_in_${this.#current()}`],
          (yield* this.#tables(this.#current())).map((name) => [name]),
        );
      case 'use':
        if (!(yield* this.#databases()).includes(statement.name))
          throw new SqlError(1049, '42000', `Unknown database '${statement.name}'`);
        this.database = statement.name;
        return { affected: 0, use: statement.name };
      case 'create database':
      case 'drop database':
        return yield* this.#changeDatabase(statement.kind, statement.name, statement.lenient);
      case 'create table':
        return yield* this.#createTable(statement);
      case 'drop table':
        return yield* this.#dropTable(statement.table, statement.lenient);
      case 'describe':
        return described((yield* this.#read(statement.table)).columns);
      case 'insert':
        return yield* this.#insert(statement);
      case 'select':
        return yield* this.#select(statement);
      case 'update':
        return yield* this.#update(statement);
      case 'delete': {
        const stored = yield* this.#read(statement.table);
        const kept = stored.rows.filter((row) => !matches(stored.columns, row, statement.where));
        yield* this.#write(statement.table, { ...stored, rows: kept });
        return { affected: stored.rows.length - kept.length };
      }
    }
  }

  *#changeDatabase(kind: 'create database' | 'drop database', name: string, lenient: boolean): Task<Result> {
    const there = (yield* this.#databases()).includes(name);
    if (kind === 'create database') {
      if (there && !lenient) throw new SqlError(1007, 'HY000', `Can't create database '${name}'; database exists`);
      if (!there) yield* this.#process.mkdir(`${DATA}/${name}`, 0o750);
      return { affected: 1 };
    }
    if (!there) {
      if (lenient) return { affected: 0 };
      throw new SqlError(1008, 'HY000', `Can't drop database '${name}'; database doesn't exist`);
    }
    const tables = yield* this.#tables(name);
    for (const one of tables) yield* this.#process.unlink(`${DATA}/${name}/${one}.ibd`);
    yield* this.#process.rmdir(`${DATA}/${name}`);
    if (this.database === name) this.database = undefined;
    return { affected: tables.length };
  }

  *#createTable(statement: Extract<Statement, { kind: 'create table' }>): Task<Result> {
    const { table: named, columns, lenient } = statement;
    const { database, name } = yield* this.#placeOf(named);
    if ((yield* this.#tables(database)).includes(name)) {
      if (lenient) return { affected: 0 };
      throw new SqlError(1050, '42S01', `Table '${name}' already exists`);
    }
    yield* this.#write(named, { columns, rows: [], next: 1 });
    return { affected: 0 };
  }

  *#dropTable(named: Table, lenient: boolean): Task<Result> {
    const { database, name } = yield* this.#placeOf(named);
    if ((yield* this.#tables(database)).includes(name)) yield* this.#process.unlink(`${DATA}/${database}/${name}.ibd`);
    else if (!lenient) throw new SqlError(1051, '42S02', `Unknown table '${database}.${name}'`);
    return { affected: 0 };
  }

  *#insert({ table: named, columns: given, rows }: Extract<Statement, { kind: 'insert' }>): Task<Result> {
    const stored = yield* this.#read(named);
    const { columns } = stored;
    const targets = (given ?? columns.map(({ name }) => name)).map((name) => indexOf(columns, name, 'field list'));
    let { next } = stored;
    const all = [...stored.rows];
    for (const [n, values] of rows.entries()) {
      if (values.length !== targets.length)
        throw new SqlError(1136, '21S01', `Column count doesn't match value count at row ${n + 1}`);
      const row = columns.map((column, i): Value => {
        const at = targets.indexOf(i);
        const value = at < 0 ? null : coerced(column, values[at]!);
        if (value !== null) return value;
        if (column.autoIncrement) return next;
        if (!column.notNull) return null;
        if (at < 0) throw new SqlError(1364, 'HY000', `Field '${column.name}' doesn't have a default value`);
        throw new SqlError(1048, '23000', `Column '${column.name}' cannot be null`);
      });
      const counter = columns.findIndex(({ autoIncrement }) => autoIncrement);
      if (counter >= 0) next = Math.max(next, Number(row[counter]) + 1);
      const key = columns.findIndex(({ primary }) => primary);
      if (key >= 0 && all.some((other) => other[key] === row[key]))
        throw new SqlError(1062, '23000', `Duplicate entry '${row[key]}' for key '${named.name}.PRIMARY'`);
      all.push(row);
    }
    yield* this.#write(named, { columns, rows: all, next });
    const info = rows.length > 1 ? { info: `Records: ${rows.length}  Duplicates: 0  Warnings: 0` } : {};
    return { affected: rows.length, ...info };
  }

  *#select({ items, table: named, where, order, limit }: Extract<Statement, { kind: 'select' }>): Task<Result> {
    const stored: Stored = named ? yield* this.#read(named) : { columns: [], rows: [[]], next: 1 };
    const { columns } = stored;
    if (!named && items.some(({ kind }) => kind === 'all')) throw new SqlError(1096, 'HY000', 'No tables used');
    let rows = stored.rows.filter((row) => matches(columns, row, where));
    if (order) {
      const at = indexOf(columns, order.column, 'order clause');
      rows = [...rows].sort((a, b) => compare(a[at]!, b[at]!) * (order.descending ? -1 : 1));
    }
    if (items.some(({ kind }) => kind === 'count')) rows = [rows.map(() => null)];
    const matching = stored.rows.filter((row) => matches(columns, row, where)).length;
    const cells = items.flatMap((item): { title: string; numeric: boolean; of: (row: readonly Value[]) => Value }[] => {
      if (item.kind === 'all')
        return columns.map(({ name, numeric }, at) => ({ title: name, numeric, of: (row) => row[at] ?? null }));
      const { title } = item;
      if (item.kind === 'count') return [{ title, numeric: true, of: () => matching }];
      if (item.kind === 'column') {
        const at = indexOf(columns, item.name, 'field list');
        return [{ title, numeric: columns[at]!.numeric, of: (row) => row[at] ?? null }];
      }
      const value = item.kind === 'value' ? item.value : this.#function(item.name, item.title);
      return [{ title, numeric: typeof value === 'number', of: () => value }];
    });
    return {
      columns: cells.map(({ title }) => title),
      numeric: cells.map(({ numeric }) => numeric),
      rows: rows.slice(0, limit).map((row) => cells.map(({ of }) => of(row))),
    };
  }

  #function(name: string, title: string): Value {
    const { version, user } = this.#context;
    switch (name) {
      case 'version()':
      case '@@version':
        return version;
      case 'now()':
        return new Date(this.#process.now()).toISOString().slice(0, 19).replace('T', ' ');
      case 'database()':
        return this.database ?? null;
      case 'user()':
      case 'current_user()':
        return user;
      case '@@hostname':
        return this.#process.hostname;
      default:
        if (name.startsWith('@@')) throw new SqlError(1193, 'HY000', `Unknown system variable '${name.slice(2)}'`);
        throw new NotSupported(title);
    }
  }

  *#update({ table: named, set, where }: Extract<Statement, { kind: 'update' }>): Task<Result> {
    const stored = yield* this.#read(named);
    const { columns } = stored;
    const targets = set.map(({ column, value }) => [indexOf(columns, column, 'field list'), value] as const);
    let [found, changed] = [0, 0];
    const rows = stored.rows.map((row) => {
      if (!matches(columns, row, where)) return row;
      found++;
      const next = [...row];
      for (const [at, value] of targets) next[at] = coerced(columns[at]!, value);
      if (next.some((value, i) => value !== row[i])) changed++;
      return next;
    });
    yield* this.#write(named, { ...stored, rows });
    return { affected: changed, info: `Rows matched: ${found}  Changed: ${changed}  Warnings: 0` };
  }

  // Files

  *#databases(): Task<string[]> {
    const folders: string[] = [];
    for (const name of yield* this.#process.readdir(DATA)) {
      if (name.startsWith('#') || name.startsWith('.') || name === 'lost+found') continue;
      if ((yield* this.#process.stat(`${DATA}/${name}`)).type === 'directory') folders.push(name);
    }
    return [...new Set([...SCHEMAS, ...folders])].sort();
  }

  *#tables(database: string): Task<string[]> {
    if (database === 'information_schema') return [];
    const files = yield* this.#process.readdir(`${DATA}/${database}`);
    return files
      .filter((name) => name.endsWith('.ibd'))
      .map((name) => name.slice(0, -'.ibd'.length))
      .sort();
  }

  *#placeOf({ database: given, name }: Table): Task<{ database: string; name: string }> {
    const database = given ?? this.#current();
    if (!(yield* this.#databases()).includes(database))
      throw new SqlError(1049, '42000', `Unknown database '${database}'`);
    return { database, name };
  }

  #current(): string {
    if (this.database === undefined) throw new SqlError(1046, '3D000', 'No database selected');
    return this.database;
  }

  *#read(named: Table): Task<Stored> {
    const { database, name } = yield* this.#placeOf(named);
    if (!(yield* this.#tables(database)).includes(name))
      throw new SqlError(1146, '42S02', `Table '${database}.${name}' doesn't exist`);
    return JSON.parse(yield* this.#process.readText(`${DATA}/${database}/${name}.ibd`)) as Stored;
  }

  *#write(named: Table, stored: Stored): Task<void> {
    const { database, name } = yield* this.#placeOf(named);
    try {
      yield* this.#process.writeFile(`${DATA}/${database}/${name}.ibd`, JSON.stringify(stored), { mode: 0o640 });
    } catch (error) {
      if (!isErrno(error, 'ENOSPC')) throw error;
      throw new SqlError(1114, 'HY000', `The table '${name}' is full`);
    }
  }
}

const table = (columns: readonly string[], rows: readonly (readonly Value[])[]): Result => ({
  columns,
  numeric: columns.map(() => false),
  rows,
});

const described = (columns: readonly Column[]): Result =>
  table(
    ['Field', 'Type', 'Null', 'Key', 'Default', 'Extra'],
    columns.map(({ name, type, notNull, primary, autoIncrement }) => [
      name,
      type,
      notNull ? 'NO' : 'YES',
      primary ? 'PRI' : '',
      null,
      autoIncrement ? 'auto_increment' : '',
    ]),
  );

function indexOf(columns: readonly Column[], name: string, where: string): number {
  const at = columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase());
  if (at < 0) throw new SqlError(1054, '42S22', `Unknown column '${name}' in '${where}'`);
  return at;
}

function coerced({ name, numeric }: Column, value: Value): Value {
  if (value === null) return null;
  if (!numeric) return String(value);
  const number = Number(value);
  if (Number.isNaN(number))
    throw new SqlError(1366, 'HY000', `Incorrect integer value: '${value}' for column '${name}' at row 1`);
  return number;
}

const compare = (a: Value, b: Value): number => {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  if (typeof a === 'number' || typeof b === 'number') return Number(a) - Number(b);
  // The default collation does not tell cases apart.
  const [x, y] = [a.toLowerCase(), b.toLowerCase()];
  return x < y ? -1 : x > y ? 1 : 0;
};

const matches = (columns: readonly Column[], row: readonly Value[], where: readonly Condition[]): boolean =>
  where.every(({ column, operator, value }) => {
    const own = row[indexOf(columns, column, 'where clause')]!;
    if (own === null || value === null) return false;
    const order = compare(own, value);
    if (operator === '=') return order === 0;
    if (operator === '<>') return order !== 0;
    if (operator === '<') return order < 0;
    if (operator === '>') return order > 0;
    return operator === '<=' ? order <= 0 : order >= 0;
  });
