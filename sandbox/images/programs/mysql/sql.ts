/** The SQL that the lab's MySQL understands: enough to put rows somewhere and find them again (MySQL 8.4 Reference Manual, chapter 15). */

export type Value = string | number | null;

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly numeric: boolean;
  readonly notNull: boolean;
  readonly primary: boolean;
  readonly autoIncrement: boolean;
}

export type Operator = '=' | '<>' | '<' | '>' | '<=' | '>=';

export interface Condition {
  readonly column: string;
  readonly operator: Operator;
  readonly value: Value;
}

/** One of a SELECT's items. */
export type Item =
  | { readonly kind: 'all' }
  | { readonly kind: 'count'; readonly title: string }
  | { readonly kind: 'column'; readonly name: string; readonly title: string }
  | { readonly kind: 'value'; readonly value: Value; readonly title: string }
  | { readonly kind: 'function'; readonly name: string; readonly title: string };

export interface Table {
  readonly database: string | undefined;
  readonly name: string;
}

export type Statement =
  | { readonly kind: 'show databases' | 'show tables' }
  | { readonly kind: 'use'; readonly name: string }
  | { readonly kind: 'create database' | 'drop database'; readonly name: string; readonly lenient: boolean }
  | {
      readonly kind: 'create table';
      readonly table: Table;
      readonly columns: readonly Column[];
      readonly lenient: boolean;
    }
  | { readonly kind: 'drop table'; readonly table: Table; readonly lenient: boolean }
  | { readonly kind: 'describe'; readonly table: Table }
  | {
      readonly kind: 'insert';
      readonly table: Table;
      readonly columns: readonly string[] | undefined;
      readonly rows: readonly (readonly Value[])[];
    }
  | {
      readonly kind: 'select';
      readonly items: readonly Item[];
      readonly table: Table | undefined;
      readonly where: readonly Condition[];
      readonly order: { readonly column: string; readonly descending: boolean } | undefined;
      readonly limit: number | undefined;
    }
  | {
      readonly kind: 'update';
      readonly table: Table;
      readonly set: readonly { readonly column: string; readonly value: Value }[];
      readonly where: readonly Condition[];
    }
  | { readonly kind: 'delete'; readonly table: Table; readonly where: readonly Condition[] };

/** Words a statement can begin with; what else stands there is a syntax error. */
const VERBS = new Set(
  `alter analyze begin call change check commit create deallocate delete describe desc do drop execute explain flush grant
  handler insert install kill load lock optimize prepare purge rename repair replace reset revoke rollback savepoint select
  set show start stop table truncate uninstall unlock update use values with xa`.split(/\s+/),
);
const NUMERIC = /^(?:tinyint|smallint|mediumint|int|integer|bigint|decimal|numeric|float|double|bool|boolean)\b/i;
const TOKEN =
  /\s*(?:(--\s.*|#.*)|('(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*")|(`[^`]*`)|(-?\d+(?:\.\d+)?)|(@@?[\w.]+|\w+)|(<>|<=|>=|!=|[^\s\w]))/y;

/** `near` is where MySQL would point at. */
export class SyntaxFault extends Error {}

/** A statement that MySQL has and the lab has not. */
export class NotSupported extends Error {}

interface Token {
  readonly kind: 'string' | 'name' | 'number' | 'word' | 'sign';
  readonly text: string;
  readonly at: number;
}

export function parse(sql: string): Statement {
  const parser = new Parser(sql);
  const verb = parser.peekWord();
  if (verb === undefined || !VERBS.has(verb)) throw new SyntaxFault(sql.trim().slice(0, 80));
  const statement = parser.statement();
  if (!statement || !parser.done) throw new NotSupported(verb.toUpperCase());
  return statement;
}

function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(sql); match; match = TOKEN.exec(sql)) {
    const [, comment, string, name, number, word, sign] = match;
    const at = TOKEN.lastIndex;
    if (comment !== undefined) continue;
    if (string !== undefined) tokens.push({ kind: 'string', text: unquoted(string), at });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name.slice(1, -1), at });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, at });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, at });
    else if (sign !== ';') tokens.push({ kind: 'sign', text: sign!, at });
  }
  return tokens;
}

const unquoted = (text: string): string =>
  text
    .slice(1, -1)
    .replace(/''|""/g, (pair) => pair[0]!)
    .replace(/\\(.)/g, (_, letter: string) => ({ n: '\n', t: '\t', '0': '\0' })[letter] ?? letter);

class Parser {
  readonly #sql: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(sql: string) {
    this.#sql = sql;
    this.#tokens = tokensOf(sql);
  }

  get done(): boolean {
    return this.#at >= this.#tokens.length;
  }

  peekWord(): string | undefined {
    const token = this.#tokens[this.#at];
    return token?.kind === 'word' ? token.text.toLowerCase() : undefined;
  }

  /** Undefined: none of ours. */
  statement(): Statement | undefined {
    if (this.#take('show')) {
      if (this.#take('databases') || this.#take('schemas')) return { kind: 'show databases' };
      if (this.#take('tables')) return { kind: 'show tables' };
      return this.#take('columns', 'from') ? { kind: 'describe', table: this.#table() } : undefined;
    }
    if (this.#take('use')) return { kind: 'use', name: this.#name() };
    if (this.#take('describe') || this.#take('desc')) return { kind: 'describe', table: this.#table() };
    if (this.#take('create')) return this.#create();
    if (this.#take('drop')) return this.#drop();
    if (this.#take('insert', 'into')) return this.#insert();
    if (this.#take('select')) return this.#select();
    if (this.#take('update')) return this.#update();
    if (this.#take('delete', 'from')) return { kind: 'delete', table: this.#table(), where: this.#where() };
    return undefined;
  }

  #create(): Statement | undefined {
    if (this.#take('database') || this.#take('schema')) {
      const lenient = this.#take('if', 'not', 'exists');
      return { kind: 'create database', name: this.#name(), lenient };
    }
    if (!this.#take('table')) return undefined;
    const lenient = this.#take('if', 'not', 'exists');
    const table = this.#table();
    const columns: Column[] = [];
    let primary: string | undefined;
    this.#sign('(');
    do {
      if (this.#take('primary', 'key')) {
        this.#sign('(');
        primary = this.#name();
        this.#sign(')');
      } else columns.push(this.#column());
    } while (this.#takeSign(','));
    this.#sign(')');
    // Engine and character set make no difference here.
    while (this.peekWord() !== undefined) this.#at += this.#tokens[this.#at + 1]?.text === '=' ? 3 : 1;
    const own = columns.map((one) => (one.name === primary ? { ...one, primary: true, notNull: true } : one));
    return { kind: 'create table', table, columns: own, lenient };
  }

  #column(): Column {
    const name = this.#name();
    let type = this.#name().toLowerCase();
    if (this.#takeSign('(')) {
      const size = this.#until(')');
      type += `(${size})`;
    }
    let [notNull, primary, autoIncrement] = [false, false, false];
    for (;;) {
      if (this.#take('not', 'null')) notNull = true;
      else if (this.#take('auto_increment')) autoIncrement = true;
      else if (this.#take('primary', 'key')) primary = true;
      else if (!this.#take('null') && !this.#take('unsigned')) break;
    }
    return { name, type, numeric: NUMERIC.test(type), notNull: notNull || primary, primary, autoIncrement };
  }

  #drop(): Statement | undefined {
    if (this.#take('database') || this.#take('schema')) {
      const lenient = this.#take('if', 'exists');
      return { kind: 'drop database', name: this.#name(), lenient };
    }
    if (!this.#take('table')) return undefined;
    const lenient = this.#take('if', 'exists');
    return { kind: 'drop table', table: this.#table(), lenient };
  }

  #insert(): Statement {
    const table = this.#table();
    const columns = this.#takeSign('(') ? this.#list(() => this.#name()) : undefined;
    if (!this.#take('values') && !this.#take('value')) this.#fail();
    const rows: Value[][] = [];
    do {
      this.#sign('(');
      rows.push(this.#list(() => this.#value()));
    } while (this.#takeSign(','));
    return { kind: 'insert', table, columns, rows };
  }

  #select(): Statement {
    const items: Item[] = [];
    do items.push(this.#item());
    while (this.#takeSign(','));
    const table = this.#take('from') ? this.#table() : undefined;
    const where = this.#where();
    const order = this.#take('order', 'by') ? this.#order() : undefined;
    const limit = this.#take('limit') ? Number(this.#value()) : undefined;
    return { kind: 'select', items, table, where, order, limit };
  }

  #order(): { column: string; descending: boolean } {
    const column = this.#name();
    const descending = this.#take('desc');
    if (!descending) this.#take('asc');
    return { column, descending };
  }

  #item(): Item {
    if (this.#takeSign('*')) return { kind: 'all' };
    const begin = this.#at;
    const token = this.#tokens[begin];
    let item: Item;
    if (token?.kind === 'string' || token?.kind === 'number' || this.peekWord() === 'null')
      item = { kind: 'value', value: this.#value(), title: this.#text(begin) };
    else if (this.#take('count')) {
      this.#sign('(');
      if (!this.#takeSign('*')) this.#name();
      this.#sign(')');
      item = { kind: 'count', title: this.#text(begin) };
    } else {
      const name = this.#name();
      if (name.startsWith('@@')) item = { kind: 'function', name: name.toLowerCase(), title: name };
      else if (this.#takeSign('(')) {
        this.#sign(')');
        item = { kind: 'function', name: `${name.toLowerCase()}()`, title: this.#text(begin) };
      } else item = { kind: 'column', name, title: name };
    }
    return this.#take('as') ? { ...item, title: this.#name() } : item;
  }

  #update(): Statement {
    const table = this.#table();
    if (!this.#take('set')) this.#fail();
    const set: { column: string; value: Value }[] = [];
    do {
      const column = this.#name();
      this.#sign('=');
      set.push({ column, value: this.#value() });
    } while (this.#takeSign(','));
    return { kind: 'update', table, set, where: this.#where() };
  }

  #where(): Condition[] {
    const conditions: Condition[] = [];
    if (!this.#take('where')) return conditions;
    do {
      const column = this.#name();
      const operator = this.#tokens[this.#at++]?.text;
      if (!operator || !['=', '<>', '!=', '<', '>', '<=', '>='].includes(operator)) throw new NotSupported('WHERE');
      conditions.push({ column, operator: (operator === '!=' ? '<>' : operator) as Operator, value: this.#value() });
    } while (this.#take('and'));
    return conditions;
  }

  #table(): Table {
    const first = this.#name();
    return this.#takeSign('.') ? { database: first, name: this.#name() } : { database: undefined, name: first };
  }

  #list<T>(one: () => T): T[] {
    const all: T[] = [];
    do all.push(one());
    while (this.#takeSign(','));
    this.#sign(')');
    return all;
  }

  #value(): Value {
    const token = this.#tokens[this.#at];
    if (!token || token.kind === 'sign') this.#fail();
    this.#at++;
    if (token.kind === 'number') return Number(token.text);
    if (token.kind === 'string') return token.text;
    const word = token.text.toLowerCase();
    if (word === 'null' || word === 'default') return null;
    if (word === 'true' || word === 'false') return word === 'true' ? 1 : 0;
    throw new NotSupported(token.text);
  }

  #name(): string {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'word' && token?.kind !== 'name') this.#fail();
    this.#at++;
    return token.text;
  }

  #until(sign: string): string {
    const parts: string[] = [];
    while (!this.done && this.#tokens[this.#at]!.text !== sign) parts.push(this.#tokens[this.#at++]!.text);
    this.#sign(sign);
    return parts.join('');
  }

  #text(from: number): string {
    const begin = from === 0 ? 0 : this.#tokens[from - 1]!.at;
    return this.#sql.slice(begin, this.#tokens[this.#at - 1]!.at).trim();
  }

  #take(...words: string[]): boolean {
    const next = this.#tokens.slice(this.#at, this.#at + words.length);
    if (next.length < words.length) return false;
    if (!next.every(({ kind, text }, i) => kind === 'word' && text.toLowerCase() === words[i])) return false;
    this.#at += words.length;
    return true;
  }

  #takeSign(sign: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'sign' || token.text !== sign) return false;
    this.#at++;
    return true;
  }

  #sign(sign: string): void {
    if (!this.#takeSign(sign)) this.#fail();
  }

  #fail(): never {
    const begin = this.#at === 0 ? 0 : this.#tokens[this.#at - 1]!.at;
    throw new SyntaxFault(this.#sql.slice(begin).trim().slice(0, 80));
  }
}
