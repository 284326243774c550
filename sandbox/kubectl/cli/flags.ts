/** Command-line flags as pflag reads them: long, shorthand groups, `--x=v`, `-xv`, `--`, and its exact complaints (spf13/pflag flag.go). */

import { parseDuration } from '../../sim/duration.ts';
import { quote } from '../text.ts';
import { UsageError } from './errors.ts';

type FlagType =
  | 'bool'
  | 'int'
  | 'int32'
  | 'int64'
  | 'duration'
  | 'goDuration'
  | 'vmodule'
  | 'string'
  | 'stringSlice'
  | 'stringArray';

interface FlagSpec {
  readonly name: string;
  readonly shorthand: string;
  readonly type: FlagType;
  readonly fallback: string;
  /** pflag's NoOptDefVal: what `--x` without a value means. */
  readonly bare?: string;
  readonly deprecated?: string;
}

export const GLOBAL_FLAGS =
  "as='' as-group=[]:stringArray as-uid='' as-user-extra=[]:stringArray cache-dir='' certificate-authority='' client-certificate='' client-key='' cluster='' context='' disable-compression=false insecure-skip-tls-verify=false kubeconfig='' kuberc='' log-flush-frequency=5s:goDuration match-server-version=false -n,namespace='' password='' profile='none' profile-output='profile.pprof' request-timeout='0' -s,server='' tls-server-name='' token='' user='' username='' -v,v=0 vmodule='':vmodule warnings-as-errors=false -h,help=false";

/** The printing flags of nearly every command (cli-runtime pkg/genericclioptions/print_flags.go). */
export const PRINT_FLAGS = "allow-missing-template-keys=true -o,output='' show-managed-fields=false template=''";
/** cmdutil.AddDryRunFlag, AddValidateFlags, addFieldManager's siblings (kubectl pkg/cmd/util/helpers.go). */
export const DRY_RUN_FLAG = "dry-run[unchanged]='none'";
export const VALIDATE_FLAG = "validate[strict]='strict'";
/** genericclioptions.RecordFlags. */
export const RECORD_FLAG = 'record=false~"--record will be removed in the future"';
/** cmd/delete's DeleteFlags. */
export const CASCADE_FLAG = "cascade[background]='background'";
/** cli-runtime's FilenameOptions. */
export const FILE_FLAGS = "-f,filename=[] -k,kustomize='' -R,recursive=false";

/**
 * Reads a table such as `-A,all-namespaces=false chunk-size=500:int64 -o,output=''`: type and default as `--help` prints them. In brackets
 * after the name, what it means without a value (`dry-run[unchanged]='none'`); after a tilde, why it is deprecated (`record=false~"why"`).
 */
export class FlagTable {
  readonly #byName = new Map<string, FlagSpec>();
  readonly #byShorthand = new Map<string, FlagSpec>();

  constructor(...tables: string[]) {
    for (const table of tables) for (const word of table.match(WORDS) ?? []) this.#add(word);
  }

  #add(word: string): void {
    const spec = specOf(word);
    if (this.#byName.has(spec.name)) return;
    this.#byName.set(spec.name, spec);
    if (spec.shorthand) this.#byShorthand.set(spec.shorthand, spec);
  }

  long(name: string): FlagSpec | undefined {
    return this.#byName.get(name);
  }

  short(letter: string): FlagSpec | undefined {
    return this.#byShorthand.get(letter);
  }

  names(): Iterable<FlagSpec> {
    return this.#byName.values();
  }
}

/** A deprecation's text has blanks. */
const WORDS = /(?:~"[^"]*"|\S)+/g;

/** Words of the tables as they were read: every run of kubectl comes to the same ones. */
const known = new Map<string, FlagSpec>();

function specOf(word: string): FlagSpec {
  let spec = known.get(word);
  if (!spec) {
    spec = readSpec(word);
    known.set(word, spec);
  }
  return spec;
}

function readSpec(word: string): FlagSpec {
  const [, shorthand = '', name = '', bare, value = '', type, deprecated] =
    /^(?:-(\w),)?([\w-]+)(?:\[(\w+)\])?=(.*?)(?::(int32|int64|goDuration|vmodule|stringArray))?(?:~"(.*)")?$/.exec(
      word,
    )!;
  return {
    name,
    shorthand,
    type: (type as FlagType | undefined) ?? typeOf(value),
    fallback: value === '[]' ? '' : value.replace(/^'(.*)'$/, '$1').replace(/^\[(.*)\]$/, '$1'),
    bare: bare ?? (value === 'true' || value === 'false' ? 'true' : undefined),
    deprecated,
  };
}

function typeOf(value: string): FlagType {
  if (value === 'true' || value === 'false') return 'bool';
  if (value.startsWith('[')) return 'stringSlice';
  if (/^(\d+m)?\d+s$/.test(value)) return 'duration';
  if (/^-?\d+$/.test(value)) return 'int';
  return 'string';
}

/** The flags given, with defaults for the rest. */
export class Flags {
  readonly #table: FlagTable;
  readonly #values = new Map<string, string | string[]>();
  /** Positional arguments. */
  readonly args: string[] = [];
  /** How many positional arguments stood before `--`; -1 without one (cobra's ArgsLenAtDash). */
  dash = -1;
  /** Deprecation notes to print. */
  readonly notices: string[] = [];

  constructor(table: FlagTable) {
    this.#table = table;
  }

  changed(name: string): boolean {
    return this.#values.has(name);
  }

  has(name: string): boolean {
    return this.#table.long(name) !== undefined;
  }

  string(name: string): string {
    const value = this.#values.get(name);
    return typeof value === 'string' ? value : (this.#table.long(name)?.fallback ?? '');
  }

  bool(name: string): boolean {
    return this.string(name) === 'true';
  }

  int(name: string): number {
    return Number(this.string(name));
  }

  /** Milliseconds. */
  duration(name: string): number {
    return parseDuration(this.string(name)) ?? 0;
  }

  list(name: string): readonly string[] {
    const value = this.#values.get(name);
    if (Array.isArray(value)) return value;
    const fallback = this.#table.long(name)?.fallback;
    return fallback ? fallback.split(',') : [];
  }

  set(spec: FlagSpec, value: string, given: string): void {
    const problem = checkValue(spec.type, value);
    if (problem) throw new UsageError(`invalid argument ${quote(value)} for ${quote(given)} flag: ${problem}`);
    if (spec.deprecated) this.notices.push(`Flag --${spec.name} has been deprecated, ${spec.deprecated}`);
    if (spec.type === 'stringArray' || spec.type === 'stringSlice') {
      const items = spec.type === 'stringArray' ? [value] : splitCsv(value);
      const before = this.#values.get(spec.name);
      this.#values.set(spec.name, Array.isArray(before) ? [...before, ...items] : items);
    } else if (spec.type === 'bool') this.#values.set(spec.name, String(parseBool(value)));
    else this.#values.set(spec.name, spec.type.startsWith('int') ? String(Number(value)) : value);
  }
}

const splitCsv = (value: string): string[] => {
  if (value === '') return [];
  const out: string[] = [];
  for (const match of value.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)) {
    out.push(match[1] !== undefined ? match[1].replaceAll('""', '"') : (match[2] ?? ''));
  }
  return out;
};

export function parseBool(text: string): boolean | undefined {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true;
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text)) return false;
  return undefined;
}

/** What time.ParseDuration says of a bad one. */
export function durationProblem(text: string): string | undefined {
  if (parseDuration(text) !== undefined) return undefined;
  const missing = /^[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))*(?:\d+\.?\d*|\.\d+)$/.test(text);
  if (missing) return `time: missing unit in duration ${quote(text)}`;
  const unit = /^[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))*(?:\d+\.?\d*|\.\d+)([^\d.]+)/.exec(text);
  if (unit) return `time: unknown unit ${quote(unit[1]!)} in duration ${quote(text)}`;
  return `time: invalid duration ${quote(text)}`;
}

/** klog's --vmodule takes `pattern=N,…`. */
const vmoduleProblem = (value: string): string | undefined =>
  value.split(',').every((part) => part === '' || /^[^=]+=\d+$/.test(part))
    ? undefined
    : 'syntax error: expect comma-separated list of filename=N';

function checkValue(type: FlagType, value: string): string | undefined {
  if (type === 'bool')
    return parseBool(value) === undefined ? `strconv.ParseBool: parsing ${quote(value)}: invalid syntax` : undefined;
  if (type === 'duration') return durationProblem(value);
  if (type === 'goDuration') return durationProblem(value) === undefined ? undefined : 'parse error';
  if (type === 'vmodule') return vmoduleProblem(value);
  if (type === 'int' || type === 'int32' || type === 'int64') {
    if (!/^[-+]?(\d+|0x[0-9a-fA-F]+)$/.test(value)) return `strconv.ParseInt: parsing ${quote(value)}: invalid syntax`;
    if (Math.abs(Number(value)) > (type === 'int32' ? 2 ** 31 - 1 : Number.MAX_SAFE_INTEGER))
      return `strconv.ParseInt: parsing ${quote(value)}: value out of range`;
  }
  return undefined;
}

/** Parses all words of a command; flags and arguments may mix. */
export function parseFlags(table: FlagTable, words: readonly string[]): Flags {
  const flags = new Flags(table);
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word === '--') {
      flags.dash = flags.args.length;
      flags.args.push(...words.slice(i + 1));
      break;
    }
    if (word.startsWith('--')) {
      i += longFlag(flags, table, word, words[i + 1]);
    } else if (word.startsWith('-') && word.length > 1) {
      i += shortFlags(flags, table, word, words[i + 1]);
    } else flags.args.push(word);
  }
  return flags;
}

/** Returns how many following words it took. */
function longFlag(flags: Flags, table: FlagTable, word: string, next: string | undefined): number {
  const equals = word.indexOf('=');
  const name = word.slice(2, equals < 0 ? undefined : equals);
  if (name === '' || name.startsWith('-')) throw new UsageError(`bad flag syntax: ${word}`);
  const spec = table.long(name);
  if (!spec) throw new UsageError(`unknown flag: --${name}`);
  const given = spec.shorthand ? `-${spec.shorthand}, --${name}` : `--${name}`;
  if (equals >= 0) flags.set(spec, word.slice(equals + 1), given);
  else if (spec.bare !== undefined) flags.set(spec, spec.bare, given);
  else if (next !== undefined) {
    flags.set(spec, next, given);
    return 1;
  } else throw new UsageError(`flag needs an argument: --${name}`);
  return 0;
}

function shortFlags(flags: Flags, table: FlagTable, word: string, next: string | undefined): number {
  let letters = word.slice(1);
  while (letters.length > 0) {
    const letter = letters[0]!;
    const spec = table.short(letter);
    if (!spec) throw new UsageError(`unknown shorthand flag: ${`'${letter}'`} in -${letters}`);
    const given = `-${letter}, --${spec.name}`;
    if (letters.length > 2 && letters[1] === '=') {
      flags.set(spec, letters.slice(2), given);
      return 0;
    }
    if (spec.bare !== undefined) {
      flags.set(spec, spec.bare, given);
      letters = letters.slice(1);
    } else if (letters.length > 1) {
      flags.set(spec, letters.slice(1), given);
      return 0;
    } else if (next !== undefined) {
      flags.set(spec, next, given);
      return 1;
    } else throw new UsageError(`flag needs an argument: '${letter}' in -${letters}`);
  }
  return 0;
}
