/** Runs an awk program over its records. */

import { call, type Task } from '../../../sim/task.ts';
import { encodeBytes, joinBytes, splitBytes } from '../../byte-text.ts';
import { isErrno } from '../../errno.ts';
import type { OpenFile, Process } from '../../process.ts';
import { formatTime } from '../format/time.ts';
import { LineReader, Output, openInput } from '../io.ts';
import { compileRegex, matchingCost, type Regex } from '../regex/regex.ts';
import { splitBy, splitFields } from './fields.ts';
import { decodeEscapes } from './lexer.ts';
import { pipeInto, type Sink, writeTo } from './sinks.ts';
import { sprintf } from './sprintf.ts';
import { AwkError, type AwkFunction, type AwkProgram, type Expr, type Rule, type Statement } from './syntax.ts';
import { arithmetic, type Cells, fromInput, isTrue, numberOf, Strnum, UNINITIALIZED, type Value } from './values.ts';

/** What a field and an array's element cost beside their characters, in bytes. */
const FIELD_COST = 16;
const ELEMENT_COST = 64;
/** mawk's limits: of the values on its stack, and of what sprintf makes. */
const EVAL_STACK = 1024;
const SPRINTF_BUFFER = 8192;
/** What a call of a function costs. */
const FRAME_COST = 512;
/** Strings of fewer characters in variables are not worth counting. */
const LONG_TEXT = 1024;

const sizeOf = (value: Value | Cells | undefined): number =>
  typeof value === 'string' ? value.length : value instanceof Strnum ? value.text.length : 0;

/** How control leaves a statement other than at its end. */
class Jump {
  readonly kind: 'next' | 'nextfile' | 'break' | 'continue' | 'exit' | 'return';
  readonly value: Value | undefined;
  constructor(kind: Jump['kind'], value?: Value) {
    this.kind = kind;
    this.value = value;
  }
}

export class Interpreter {
  readonly #process: Process;
  readonly #program: AwkProgram;
  readonly #globals = new Map<string, Value | Cells>();
  #frames: Map<string, Value | Cells>[] = [];
  /** Values on the stack. */
  #depth = 0;
  #fields: string[] = [''];
  #record: Value = '';
  #split = true;
  #recordStale = false;
  readonly #out: Output;
  readonly #toText = (value: Value): string => this.#text(value);
  readonly #sinks = new Map<string, Sink>();
  readonly #sources = new Map<string, { reader: LineReader; pid: number | undefined }>();
  #inputs: string[] = [];
  #current: LineReader | undefined;
  #used = false;
  #status = 0;
  #ranges = new Set<Rule>();

  constructor(process: Process, program: AwkProgram) {
    this.#process = process;
    this.#program = program;
    this.#out = new Output(process.stdout);
    const initial: [string, Value][] = [
      ['FS', ' '],
      ['OFS', ' '],
      ['ORS', '\n'],
      ['RS', '\n'],
      ['NR', 0],
      ['FNR', 0],
      ['NF', 0],
      ['SUBSEP', '\x1c'],
      ['CONVFMT', '%.6g'],
      ['OFMT', '%.6g'],
      ['RSTART', 0],
      ['RLENGTH', -1],
      ['FILENAME', ''],
    ];
    for (const [name, value] of initial) this.#globals.set(name, value);
    this.#globals.set('ENVIRON', new Map([...process.env].map(([k, v]) => [k, fromInput(v)])));
  }

  setVariable(name: string, value: Value): void {
    this.#globals.set(name, value);
  }

  assignArgument(text: string): void {
    const at = text.indexOf('=');
    this.#store({ type: 'variable', name: text.slice(0, at) }, fromInput(decodeEscapes(text.slice(at + 1))));
  }

  *run(argv: readonly string[]): Task<number> {
    try {
      return yield* this.#run(argv);
    } catch (error) {
      if (!isErrno(error, 'ENOMEM')) throw error;
      throw this.#failure('run time error: out of memory');
    } finally {
      this.#current?.release();
      for (const { reader } of this.#sources.values()) reader.release();
      for (const sink of this.#sinks.values()) sink.release();
    }
  }

  *#run(argv: readonly string[]): Task<number> {
    this.#globals.set('ARGV', new Map(argv.map((a, i) => [String(i), fromInput(a)])));
    this.#globals.set('ARGC', argv.length);
    this.#inputs = argv.slice(1);
    const rules = (kind: Rule['kind']) => this.#program.rules.filter((r) => r.kind === kind);
    try {
      for (const rule of rules('BEGIN')) yield* this.#executeOutside(rule.body!);
      if (rules('pattern').length > 0 || rules('END').length > 0) yield* this.#main(rules('pattern'));
      for (const rule of rules('END')) yield* this.#executeOutside(rule.body!);
    } catch (error) {
      if (error instanceof AwkError) yield* this.#out.flush();
      if (!(error instanceof Jump) || error.kind !== 'exit') throw error;
      if (error.value !== undefined) this.#status = numberOf(error.value);
      if (!this.#ending) yield* this.#runEnd(rules('END'));
    }
    yield* this.#out.flush();
    for (const [name, sink] of this.#sinks) {
      this.#sinks.delete(name);
      yield* sink.close();
    }
    return this.#status & 255;
  }

  #ending = false;

  /** BEGIN and END have no record to leave, and nobody to return to. */
  *#executeOutside(body: Statement): Task<void> {
    try {
      yield* this.#execute(body);
    } catch (error) {
      if (!(error instanceof Jump) || error.kind === 'exit') throw error;
      if (error.kind === 'return') throw new AwkError('line 1: return outside function body');
      throw new AwkError(`line 1: improper use of ${error.kind}`);
    }
  }

  /** `exit` in a rule still runs END. */
  *#runEnd(rules: readonly Rule[]): Task<void> {
    this.#ending = true;
    if (!this.#used) return;
    try {
      for (const rule of rules) yield* this.#execute(rule.body!);
    } catch (error) {
      if (!(error instanceof Jump) || error.kind !== 'exit') throw error;
      if (error.value !== undefined) this.#status = numberOf(error.value);
    }
  }

  *#main(rules: readonly Rule[]): Task<void> {
    this.#used = true;
    for (;;) {
      const line = yield* this.#nextRecord();
      if (line === undefined) break;
      this.#setRecord(fromInput(line));
      try {
        for (const rule of rules) {
          yield* this.#process.spend(1);
          const selected = yield* this.#selects(rule);
          yield* this.#process.spend(1 + matchingCost());
          if (!selected) continue;
          if (rule.body) yield* this.#execute(rule.body);
          else yield* this.#out.write(this.#text(this.#fullRecord()) + this.#text(this.#load('ORS')));
        }
      } catch (error) {
        if (error instanceof Jump && error.kind === 'return')
          throw new AwkError('line 1: return outside function body');
        if (!(error instanceof Jump) || (error.kind !== 'next' && error.kind !== 'nextfile')) throw error;
        if (error.kind === 'nextfile') {
          this.#current?.release();
          this.#current = undefined;
        }
      }
    }
    this.#ending = true;
  }

  *#selects(rule: Rule): Task<boolean> {
    if (!rule.first) return true;
    if (!rule.second) return isTrue(yield* this.#evaluate(rule.first));
    if (!this.#ranges.has(rule)) {
      if (!isTrue(yield* this.#evaluate(rule.first))) return false;
      this.#ranges.add(rule);
    }
    if (isTrue(yield* this.#evaluate(rule.second))) this.#ranges.delete(rule);
    return true;
  }

  // Input

  *#nextRecord(): Task<string | undefined> {
    for (;;) {
      if (!this.#current) {
        const opened = yield* this.#openNext();
        if (!opened) return undefined;
        this.#current = opened;
      }
      const line = yield* this.#readRecord(this.#current);
      if (line !== undefined) {
        this.#globals.set('NR', numberOf(this.#load('NR')) + 1);
        this.#globals.set('FNR', numberOf(this.#load('FNR')) + 1);
        return line;
      }
      this.#current.release();
      this.#current = undefined;
    }
  }

  #opened = false;

  *#openNext(): Task<LineReader | undefined> {
    while (this.#inputs.length > 0) {
      const path = this.#inputs.shift()!;
      if (/^[A-Za-z_]\w*=/.test(path)) {
        this.assignArgument(path);
        continue;
      }
      this.#opened = true;
      try {
        const file = yield* openInput(this.#process, path);
        this.#globals.set('FILENAME', path);
        this.#globals.set('FNR', 0);
        return this.#reader(file);
      } catch (error) {
        if (!isErrno(error)) throw error;
        yield* this.#out.flush();
        yield* this.#process.error(`awk: cannot open ${path} (${error.message})\n`);
        this.#status = 2;
        throw new Jump('exit', 2);
      }
    }
    if (this.#opened) return undefined;
    this.#opened = true;
    return this.#reader(yield* openInput(this.#process, '-'));
  }

  #reader(file: OpenFile): LineReader {
    const rs = this.#text(this.#load('RS'));
    return new LineReader(this.#process, file, rs.length === 1 ? rs : '\n');
  }

  /** With RS empty, records are paragraphs. */
  *#readRecord(reader: LineReader): Task<string | undefined> {
    if (this.#text(this.#load('RS')) !== '') return yield* reader.next();
    let record: string | undefined;
    for (;;) {
      const line = yield* reader.next();
      if (line === undefined) return record;
      if (line === '') {
        if (record !== undefined) return record;
      } else record = record === undefined ? line : `${record}\n${line}`;
    }
  }

  // Fields

  #setRecord(value: Value): void {
    this.#record = value;
    this.#split = false;
    this.#recordStale = false;
  }

  #ensureSplit(): void {
    if (this.#split) return;
    this.#split = true;
    this.#fields = splitFields(
      this.#text(this.#record),
      this.#text(this.#load('FS')),
      this.#text(this.#load('RS')) === '',
    );
    this.#globals.set('NF', this.#fields.length);
  }

  #fullRecord(): Value {
    if (this.#recordStale) {
      this.#record = this.#fields.join(this.#text(this.#load('OFS')));
      this.#recordStale = false;
    }
    return this.#record;
  }

  #field(index: number): Value {
    if (index === 0) return this.#fullRecord();
    if (index < 0) throw new AwkError(`run time error: negative field index $${index}`);
    this.#ensureSplit();
    const field = this.#fields[index - 1];
    return field === undefined ? '' : fromInput(field);
  }

  #setField(index: number, value: Value): void {
    if (index === 0) {
      this.#setRecord(value);
      return;
    }
    this.#ensureSplit();
    this.#grow(index);
    this.#fields[index - 1] = this.#text(value);
    this.#globals.set('NF', this.#fields.length);
    this.#recordStale = true;
  }

  /** Empty fields up to `count`; many of them are memory. */
  #grow(count: number): void {
    if (count > this.#fields.length + 1000) this.#process.hold((count - this.#fields.length) * FIELD_COST);
    while (this.#fields.length < count) this.#fields.push('');
  }

  // Values

  #text(value: Value, format = 'CONVFMT'): string {
    if (typeof value === 'string') return value;
    if (typeof value !== 'number') return value.text;
    if (Number.isInteger(value) && Math.abs(value) < 1e16) return String(value === 0 ? 0 : value);
    if (Number.isNaN(value)) return 'nan';
    if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
    return sprintf(this.#text(this.#load(format)), [value], this.#toText) ?? '';
  }

  #sprintf(format: string, values: readonly Value[], limit = Number.POSITIVE_INFINITY): string {
    let held = 0;
    /** A width or precision is memory before it is blanks. */
    const reserve = (width: number) => {
      if (held + width > limit) throw this.#failure(`program limit exceeded: sprintf buffer size=${SPRINTF_BUFFER}`);
      this.#process.hold(width);
      held += width;
    };
    try {
      const text = sprintf(format, values, this.#toText, reserve);
      if (text === undefined)
        throw this.#failure(
          `run time error: not enough arguments passed to ${limit === SPRINTF_BUFFER ? 's' : ''}printf("${format}")`,
        );
      if (text.length > limit) reserve(limit + 1);
      return text;
    } finally {
      this.#process.hold(-held);
    }
  }

  /** An error with where the input stands. */
  #failure(message: string): AwkError {
    const [name, record, number] = ['FILENAME', 'FNR', 'NR'].map((variable) => this.#text(this.#load(variable)));
    return new AwkError(`${message}\n\tFILENAME="${name}" FNR=${record} NR=${number}`);
  }

  #scope(name: string): Map<string, Value | Cells> {
    const frame = this.#frames.at(-1);
    return frame?.has(name) ? frame : this.#globals;
  }

  #load(name: string): Value {
    if (name === 'NF') this.#ensureSplit();
    const value = this.#scope(name).get(name);
    if (value instanceof Map) throw new AwkError(`line 1: type error in arg: ${name} is an array`);
    return value ?? UNINITIALIZED;
  }

  #cells(name: string): Cells {
    const scope = this.#scope(name);
    let cells = scope.get(name);
    if (!(cells instanceof Map)) {
      cells = new Map();
      scope.set(name, cells);
    }
    return cells;
  }

  *#key(subscripts: readonly Expr[]): Task<string> {
    const parts: string[] = [];
    for (const subscript of subscripts) parts.push(this.#text(yield* this.#evaluate(subscript)));
    return parts.join(this.#text(this.#load('SUBSEP')));
  }

  #store(target: Expr, value: Value, key = ''): void {
    if (target.type === 'variable') {
      const scope = this.#scope(target.name);
      const [before, after] = [sizeOf(scope.get(target.name)), sizeOf(value)];
      if (before > LONG_TEXT || after > LONG_TEXT) this.#process.hold(after - before);
      scope.set(target.name, value);
      if (target.name !== 'NF') return;
      const count = Math.max(0, Math.trunc(numberOf(value)) || 0);
      this.#grow(count);
      this.#fields.length = count;
      this.#recordStale = true;
    } else if (target.type === 'element') this.#put(this.#cells(target.name), key, value);
    else if (target.type === 'field') this.#setField(Number(key), value);
  }

  #remove(cells: Cells, key: string): void {
    const value = cells.get(key);
    if (value === undefined) return;
    this.#process.hold(-(key.length + ELEMENT_COST + sizeOf(value)));
    cells.delete(key);
  }

  #put(cells: Cells, key: string, value: Value): void {
    const before = cells.get(key);
    this.#process.hold(
      before === undefined ? key.length + ELEMENT_COST + sizeOf(value) : sizeOf(value) - sizeOf(before),
    );
    cells.set(key, value);
  }

  /** What a target is named by, evaluated once. */
  *#address(target: Expr): Task<string> {
    if (target.type === 'element') return yield* this.#key(target.subscripts);
    if (target.type === 'field') return String(Math.trunc(numberOf(yield* this.#evaluate(target.index))));
    if (target.type === 'variable' && target.name === 'NF') this.#ensureSplit();
    return '';
  }

  #read(target: Expr, key: string): Value {
    if (target.type === 'variable') return this.#load(target.name);
    if (target.type === 'element') return this.#cells(target.name).get(key) ?? UNINITIALIZED;
    return this.#field(Number(key));
  }

  // Expressions

  *#evaluate(expr: Expr): Task<Value> {
    switch (expr.type) {
      case 'number':
        return expr.value;
      case 'string':
        return expr.value;
      case 'regex':
        return this.#regex(expr.source).test(this.#text(this.#fullRecord())) ? 1 : 0;
      case 'variable':
        return this.#load(expr.name);
      case 'element': {
        const key = yield* this.#key(expr.subscripts);
        const cells = this.#cells(expr.name);
        const value = cells.get(key);
        if (value === undefined) this.#put(cells, key, UNINITIALIZED);
        return value ?? UNINITIALIZED;
      }
      case 'field':
        return this.#field(Math.trunc(numberOf(yield* this.#evaluate(expr.index))));
      case 'group': {
        if (expr.items.length === 1) return yield* this.#evaluate(expr.items[0]!);
        return yield* this.#key(expr.items);
      }
      case 'assign': {
        const key = yield* this.#address(expr.target);
        const right = yield* this.#evaluate(expr.value);
        const value =
          expr.operator === '='
            ? right
            : arithmetic(expr.operator.slice(0, -1), numberOf(this.#read(expr.target, key)), numberOf(right));
        this.#store(expr.target, value, key);
        return value;
      }
      case 'conditional':
        return yield* this.#evaluate(isTrue(yield* this.#evaluate(expr.test)) ? expr.yes : expr.no);
      case 'binary':
        return yield* this.#binary(expr);
      case 'unary': {
        const value = yield* this.#evaluate(expr.operand);
        if (expr.operator === '!') return isTrue(value) ? 0 : 1;
        return expr.operator === '-' ? -numberOf(value) : numberOf(value);
      }
      case 'increment': {
        const key = yield* this.#address(expr.target);
        const old = numberOf(this.#read(expr.target, key));
        this.#store(expr.target, old + expr.by, key);
        return expr.prefix ? old + expr.by : old;
      }
      case 'match': {
        const left = this.#text(yield* this.#evaluate(expr.left));
        const regex = yield* this.#regexOf(expr.right);
        return regex.test(left) !== expr.negated ? 1 : 0;
      }
      case 'in':
        return this.#cells(expr.name).has(yield* this.#key(expr.subscripts)) ? 1 : 0;
      case 'call':
        return yield* this.#call(expr.name, expr.args);
      case 'builtin':
        return yield* this.#builtin(expr.name, expr.args);
      case 'getline':
        return yield* this.#getline(expr);
    }
  }

  *#binary(expr: Expr & { type: 'binary' }): Task<Value> {
    const left = yield* this.#evaluate(expr.left);
    if (expr.operator === '&&') return isTrue(left) && isTrue(yield* this.#evaluate(expr.right)) ? 1 : 0;
    if (expr.operator === '||') return isTrue(left) || isTrue(yield* this.#evaluate(expr.right)) ? 1 : 0;
    const right = yield* this.#evaluate(expr.right);
    if (expr.operator === ' ') return this.#text(left) + this.#text(right);
    if (/^[<>=!]/.test(expr.operator)) return this.#compare(expr.operator, left, right) ? 1 : 0;
    return arithmetic(expr.operator, numberOf(left), numberOf(right));
  }

  #compare(operator: string, left: Value, right: Value): boolean {
    const numeric = typeof left !== 'string' && typeof right !== 'string';
    const [a, b] = numeric ? [numberOf(left), numberOf(right)] : [this.#text(left), this.#text(right)];
    switch (operator) {
      case '<':
        return a < b;
      case '<=':
        return a <= b;
      case '==':
        return a === b;
      case '!=':
        return a !== b;
      case '>':
        return a > b;
      default:
        return a >= b;
    }
  }

  #regex(source: string): Regex {
    return compileRegex(source, { extended: true });
  }

  *#regexOf(expr: Expr): Task<Regex> {
    if (expr.type === 'regex') return this.#regex(expr.source);
    return this.#regex(this.#text(yield* this.#evaluate(expr)));
  }

  *#call(name: string, args: readonly Expr[]): Task<Value> {
    const definition: AwkFunction | undefined = this.#program.functions.get(name);
    if (!definition) throw new AwkError(`line 1: function ${name} never defined`);
    if (this.#depth > EVAL_STACK) throw new AwkError(`program limit exceeded: eval stack size=${EVAL_STACK}`);
    const frame = new Map<string, Value | Cells>();
    const arrays: [string, string][] = [];
    for (const [i, parameter] of definition.parameters.entries()) {
      const arg = args[i];
      if (!arg) frame.set(parameter, UNINITIALIZED);
      else if (arg.type === 'variable') {
        const existing = this.#scope(arg.name).get(arg.name);
        frame.set(parameter, existing ?? UNINITIALIZED);
        if (existing === undefined || existing === UNINITIALIZED) arrays.push([parameter, arg.name]);
      } else frame.set(parameter, yield* this.#evaluate(arg));
    }
    this.#frames.push(frame);
    let result: Value = UNINITIALIZED;
    try {
      this.#depth += 1 + definition.parameters.length;
      this.#process.hold(FRAME_COST);
      yield* call(this.#execute(definition.body));
    } catch (error) {
      if (!(error instanceof Jump) || error.kind !== 'return') throw error;
      result = error.value ?? UNINITIALIZED;
    } finally {
      this.#depth -= 1 + definition.parameters.length;
      this.#process.hold(-FRAME_COST);
      this.#frames.pop();
    }
    // An unset variable that the function made an array of is one outside too.
    for (const [parameter, outer] of arrays) {
      const made = frame.get(parameter);
      if (made instanceof Map) this.#scope(outer).set(outer, made);
    }
    return result;
  }

  *#builtin(name: string, args: readonly Expr[]): Task<Value> {
    if (name === 'length' && args[0]?.type === 'variable') {
      const held = this.#scope(args[0].name).get(args[0].name);
      if (held instanceof Map) return held.size;
    }
    if (name === 'split') return yield* this.#splitInto(args);
    if (name === 'sub' || name === 'gsub') return yield* this.#substitute(name === 'gsub', args);
    if (name === 'match') {
      const text = this.#text(yield* this.#evaluate(args[0]!));
      const match = (yield* this.#regexOf(args[1]!)).exec(text);
      this.#globals.set('RSTART', match ? match.index + 1 : 0);
      this.#globals.set('RLENGTH', match ? match.end - match.index : -1);
      return match ? match.index + 1 : 0;
    }
    const values: Value[] = [];
    for (const arg of args) values.push(yield* this.#evaluate(arg));
    const text = (i: number) => this.#text(values[i] ?? UNINITIALIZED);
    const number = (i: number) => numberOf(values[i] ?? UNINITIALIZED);
    switch (name) {
      case 'length':
        return encodeBytes(args.length === 0 ? this.#text(this.#fullRecord()) : text(0)).length;
      case 'substr': {
        // mawk 1.3.4 counts bytes, cuts fractions off, and lengthens by what lies before the first (bi_substr).
        const whole = splitBytes(text(0));
        const from = Math.trunc(number(1));
        const length = args.length > 2 ? Math.trunc(number(2)) : Number.POSITIVE_INFINITY;
        const begin = Math.max(1, from);
        const end = begin + (from < 1 ? length - from : length);
        return end > begin ? joinBytes(whole.slice(begin - 1, end - 1)) : '';
      }
      case 'index':
        return splitBytes(text(0)).indexOf(splitBytes(text(1))) + 1;
      case 'sprintf':
        return this.#sprintf(text(0), values.slice(1), SPRINTF_BUFFER);
      case 'tolower':
        return text(0).replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
      case 'toupper':
        return text(0).replace(/[a-z]+/g, (letters) => letters.toUpperCase());
      case 'int':
        return Math.trunc(number(0));
      case 'sin':
        return Math.sin(number(0));
      case 'cos':
        return Math.cos(number(0));
      case 'atan2':
        return Math.atan2(number(0), number(1));
      case 'exp':
        return Math.exp(number(0));
      case 'log':
        return Math.log(number(0));
      case 'sqrt':
        return Math.sqrt(number(0));
      case 'rand':
        return this.#process.random.fraction();
      case 'srand':
        return 0;
      case 'systime':
        return Math.floor(this.#process.now() / 1000);
      case 'strftime':
        return formatTime(args.length > 0 ? text(0) : '%c', args.length > 1 ? number(1) * 1000 : this.#process.now());
      case 'system':
        yield* this.#flushAll();
        return yield* this.#system(text(0));
      case 'close':
        return yield* this.#close(text(0));
      case 'fflush':
        yield* this.#flushAll();
        return 0;
      default:
        return 0;
    }
  }

  *#splitInto(args: readonly Expr[]): Task<Value> {
    const text = this.#text(yield* this.#evaluate(args[0]!));
    const array = args[1]!;
    if (array.type !== 'variable') throw new AwkError('line 1: syntax error at or near )');
    const by = args[2];
    const parts =
      by?.type === 'regex'
        ? splitBy(text, this.#regex(by.source))
        : splitFields(text, this.#text(by ? yield* this.#evaluate(by) : this.#load('FS')), false);
    const cells = this.#cells(array.name);
    cells.clear();
    parts.forEach((part, i) => {
      cells.set(String(i + 1), fromInput(part));
    });
    return parts.length;
  }

  *#substitute(all: boolean, args: readonly Expr[]): Task<Value> {
    const regex = yield* this.#regexOf(args[0]!);
    const replacement = this.#text(yield* this.#evaluate(args[1]!));
    const target: Expr = args[2] ?? { type: 'field', index: { type: 'number', value: 0 } };
    const key = yield* this.#address(target);
    const text = this.#text(this.#read(target, key));
    let out = '';
    let at = 0;
    let count = 0;
    let last = -1;
    for (let from = 0; from <= text.length; ) {
      const match = regex.exec(text, from, { notBol: false });
      if (!match) break;
      if (match.end === match.index && match.index === last) {
        from++;
        continue;
      }
      out +=
        text.slice(at, match.index) +
        replacement.replace(/\\\\&|\\&|&/g, (m) =>
          m === '&' ? match.groups[0]! : m === '\\&' ? '&' : `\\${match.groups[0]}`,
        );
      at = match.end;
      last = match.end;
      count++;
      if (!all) break;
      from = match.end === match.index ? match.end + 1 : match.end;
    }
    if (count > 0) this.#store(target, out + text.slice(at), key);
    return count;
  }

  // Files and commands

  *#getline(expr: Expr & { type: 'getline' }): Task<Value> {
    let line: string | undefined;
    if (expr.command || expr.file) {
      const name = this.#text(yield* this.#evaluate(expr.command ?? expr.file!));
      const reader = yield* this.#sourceOf(name, expr.command !== undefined);
      if (!reader) return -1;
      line = yield* this.#readRecord(reader);
      if (line !== undefined && expr.command) this.#globals.set('NR', numberOf(this.#load('NR')) + 1);
    } else line = yield* this.#nextRecord();
    if (line === undefined) return 0;
    if (expr.target) this.#store(expr.target, fromInput(line), yield* this.#address(expr.target));
    else this.#setRecord(fromInput(line));
    return 1;
  }

  *#sourceOf(name: string, command: boolean): Task<LineReader | undefined> {
    const known = this.#sources.get(name);
    if (known) return known.reader;
    if (!command) {
      try {
        const reader = this.#reader(yield* openInput(this.#process, name));
        this.#sources.set(name, { reader, pid: undefined });
        return reader;
      } catch (error) {
        if (isErrno(error)) return undefined;
        throw error;
      }
    }
    yield* this.#flushAll();
    const { read, write } = this.#process.pipe();
    let child: Process;
    try {
      child = yield* this.#process.spawn('/bin/sh', ['sh', '-c', name], {
        files: new Map(this.#process.files).set(1, write),
      });
    } catch (error) {
      read.release();
      if (isErrno(error)) return undefined;
      throw error;
    } finally {
      write.release();
    }
    const reader = this.#reader(read);
    this.#sources.set(name, { reader, pid: child.pid });
    return reader;
  }

  *#sink(operator: string, name: string): Task<Sink> {
    const known = this.#sinks.get(name);
    if (known) return known;
    if (operator === '|') yield* this.#flushAll();
    const made =
      operator === '|' ? yield* pipeInto(this.#process, name) : yield* writeTo(this.#process, operator, name);
    this.#sinks.set(name, made);
    return made;
  }

  *#close(name: string): Task<number> {
    const sink = this.#sinks.get(name);
    if (sink) {
      this.#sinks.delete(name);
      yield* this.#out.flush();
      return yield* sink.close();
    }
    const source = this.#sources.get(name);
    if (!source) return -1;
    this.#sources.delete(name);
    source.reader.release();
    if (source.pid !== undefined) yield* this.#process.wait(source.pid);
    return 0;
  }

  *#system(command: string): Task<number> {
    let child: Process;
    try {
      child = yield* this.#process.spawn('/bin/sh', ['sh', '-c', command], { files: this.#process.files });
    } catch (error) {
      if (isErrno(error)) return 127;
      throw error;
    }
    const result = yield* this.#process.wait(child.pid);
    return 'code' in result ? result.code : 1;
  }

  *#flushAll(): Task<void> {
    yield* this.#out.flush();
  }

  // Statements

  *#execute(statement: Statement): Task<void> {
    yield* this.#process.spend(8 + matchingCost());
    switch (statement.type) {
      case 'block':
        for (const one of statement.body) yield* this.#execute(one);
        return;
      case 'expression':
        yield* this.#evaluate(statement.value);
        return;
      case 'print':
        yield* this.#print(statement);
        return;
      case 'if':
        if (isTrue(yield* this.#evaluate(statement.test))) yield* this.#execute(statement.yes);
        else if (statement.no) yield* this.#execute(statement.no);
        return;
      case 'while':
        while (isTrue(yield* this.#evaluate(statement.test))) if (!(yield* this.#turn(statement.body))) return;
        return;
      case 'do':
        do {
          if (!(yield* this.#turn(statement.body))) return;
        } while (isTrue(yield* this.#evaluate(statement.test)));
        return;
      case 'for':
        if (statement.start) yield* this.#execute(statement.start);
        while (!statement.test || isTrue(yield* this.#evaluate(statement.test))) {
          if (!(yield* this.#turn(statement.body))) return;
          if (statement.step) yield* this.#execute(statement.step);
        }
        return;
      case 'forin':
        for (const key of [...this.#cells(statement.array).keys()]) {
          this.#store({ type: 'variable', name: statement.variable }, fromInput(key));
          if (!(yield* this.#turn(statement.body))) return;
        }
        return;
      case 'jump':
        throw new Jump(statement.kind);
      case 'exit':
        throw new Jump('exit', statement.status ? yield* this.#evaluate(statement.status) : undefined);
      case 'return':
        throw new Jump('return', statement.value ? yield* this.#evaluate(statement.value) : undefined);
      case 'delete':
        if (statement.subscripts) this.#remove(this.#cells(statement.name), yield* this.#key(statement.subscripts));
        else for (const key of this.#cells(statement.name).keys()) this.#remove(this.#cells(statement.name), key);
        return;
    }
  }

  /** A loop's body; false ends the loop. */
  *#turn(body: Statement): Task<boolean> {
    try {
      yield* this.#execute(body);
      return true;
    } catch (error) {
      if (!(error instanceof Jump) || (error.kind !== 'break' && error.kind !== 'continue')) throw error;
      return error.kind === 'continue';
    }
  }

  *#print(statement: Statement & { type: 'print' }): Task<void> {
    const values: Value[] = [];
    for (const arg of statement.args) values.push(yield* this.#evaluate(arg));
    let text: string;
    if (statement.name === 'printf') text = this.#sprintf(this.#text(values[0] ?? ''), values.slice(1));
    else {
      const shown = values.length === 0 ? [this.#fullRecord()] : values;
      text =
        shown.map((v) => this.#text(v, 'OFMT')).join(this.#text(this.#load('OFS'))) + this.#text(this.#load('ORS'));
    }
    if (!statement.redirect) {
      yield* this.#out.write(text);
      if (this.#process.stdout.tty) yield* this.#out.flush();
      return;
    }
    const name = this.#text(yield* this.#evaluate(statement.redirect.target));
    const sink = yield* this.#sink(statement.redirect.operator, name);
    yield* sink.write(text);
  }
}
