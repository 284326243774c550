/** `-o`: which printer, and its complaints (cli-runtime pkg/genericclioptions/print_flags.go and its sisters). */

import { parseJsonPath } from '../../api/jsonpath/jsonpath.ts';
import { own } from '../../sim/own.ts';
import type { Task } from '../../sim/task.ts';
import { CommandError } from '../cli/errors.ts';
import { parseBool } from '../cli/flags.ts';
import { kindWithGroup, type Mapping } from '../client/mapper.ts';
import type { KObject } from '../resource/info.ts';
import type { Session } from '../session.ts';
import { decode, quote } from '../text.ts';
import { printYaml } from '../yaml/print.ts';
import { goOrder } from './go-order.ts';
import { goSyntax } from './gofmt.ts';
import { parseGoTemplate } from './gotemplate/template.ts';
import { compactJson, printJson } from './json.ts';
import { printKyaml } from './kyaml.ts';

/** Prints one object; some printers number their documents, so one printer serves a whole run. */
export type Printer = (object: KObject, mapping?: Mapping) => string;

const BASIC =
  'go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,yaml';
const WITH_COLUMNS = `custom-columns,custom-columns-file,${BASIC.replace(',yaml', ',wide,yaml')}`;

function unknownFormat(format: string, withColumns = false): CommandError {
  return new CommandError(
    `unable to match a printer suitable for the output format ${quote(format)}, allowed formats are: ${withColumns ? WITH_COLUMNS : BASIC}`,
  );
}

const TEMPLATED: Readonly<Record<string, string>> = {
  'go-template': 'go-template',
  template: 'go-template',
  'go-template-file': 'go-template-file',
  templatefile: 'go-template-file',
  jsonpath: 'jsonpath',
  'jsonpath-file': 'jsonpath-file',
  'jsonpath-as-json': 'jsonpath-as-json',
};

/** The printer for `-o` (never empty here). Throws CommandError for an unknown one. */
export function* printerFor(session: Session, given: string, operation = '', withColumns = false): Task<Printer> {
  const { flags } = session;
  const format = given.includes('=') ? given : given.toLowerCase();
  const managed = flags.bool('show-managed-fields');
  const shown = (object: KObject) => (managed ? object : withoutManagedFields(object));
  if (format === 'json') return (object) => `${printJson(shown(object), 4)}\n`;
  if (format === 'yaml' || format === 'kyaml') {
    let printed = 0;
    const print = format === 'yaml' ? printYaml : printKyaml;
    return (object) => (printed++ > 0 || format === 'kyaml' ? '---\n' : '') + print(shown(object));
  }
  if (format === 'name') return (object, mapping) => printName(object, mapping, operation);
  const templated = yield* templatePrinter(session, format);
  if (templated) return templated;
  throw unknownFormat(format, withColumns);
}

function* templatePrinter(session: Session, format: string): Task<Printer | undefined> {
  const { flags } = session;
  const equals = format.indexOf('=');
  let kind = equals < 0 ? format : format.slice(0, equals);
  let text = equals < 0 ? '' : format.slice(equals + 1);
  if (format === '' && flags.string('template')) kind = 'go-template';
  const canonical = own(TEMPLATED, kind);
  if (!canonical) return undefined;
  text ||= flags.string('template');
  if (text === '') throw new CommandError('template format specified but no template given');
  if (canonical.endsWith('-file')) text = yield* readTemplate(session, text);
  const allowMissing = flags.bool('allow-missing-template-keys');
  if (canonical.startsWith('go-template')) {
    const template = parseGoTemplate(text);
    return (object) => template(object, allowMissing);
  }
  const path = parseJsonPath(text, allowMissing);
  return (object) => {
    try {
      if (canonical === 'jsonpath-as-json') return `${printJson(path.find(object).flat(), 4)}\n`;
      return path.print(object, compactJson);
    } catch (error) {
      throw pathError(text, object, error);
    }
  };
}

function* readTemplate(session: Session, path: string): Task<string> {
  try {
    return decode(yield* session.environment.files.read(path));
  } catch (error) {
    throw new CommandError(`error reading --template ${path}, open ${path}: ${(error as Error).message}`);
  }
}

/** NamePrinter: `pod/web`, or `pod/web created` with an operation. */
export function printName(object: KObject, mapping: Mapping | undefined, operation: string): string {
  const kind = mapping && mapping.kind !== 'List' ? kindWithGroup(mapping) : kindOf(object);
  const name = object.metadata?.name || '<unknown>';
  return `${kind}/${name}${operation ? ` ${operation}` : ''}\n`;
}

function kindOf(object: KObject): string {
  const group = object.apiVersion?.includes('/') ? object.apiVersion.split('/')[0] : '';
  const kind = (object.kind ?? '<unknown>').toLowerCase();
  return group ? `${kind}.${group}` : kind;
}

/** OmitManagedFieldsPrinter. */
export function withoutManagedFields(object: KObject): KObject {
  if (Array.isArray(object.items)) return { ...object, items: (object.items as KObject[]).map(withoutManagedFields) };
  if (!object.metadata?.managedFields) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** `created (dry run)` and its sisters (PrintFlags.Complete with dry run). */
export const dryRunSuffix = (strategy: DryRun): string =>
  strategy === 'client' ? ' (dry run)' : strategy === 'server' ? ' (server dry run)' : '';

export type DryRun = 'none' | 'client' | 'server';

/** cmdutil.GetDryRunStrategy. */
export function* dryRunOf(session: Session): Task<DryRun> {
  const value = session.flags.string('dry-run');
  if (value === 'none' || value === 'client' || value === 'server') return value;
  const deprecated = (line: number, what: string) =>
    session.err(`${session.klog('W', `helpers.go:${line}`)} --dry-run${what}.\n`);
  if (value === 'unchanged') {
    yield* deprecated(719, ' is deprecated and can be replaced with --dry-run=client');
    return 'client';
  }
  const bool = parseBool(value);
  if (bool === undefined)
    throw new CommandError(`Invalid dry-run value (${value}). Must be "none", "server", or "client".`);
  yield* deprecated(
    bool ? 733 : 736,
    `=${value} is deprecated (boolean value) and can be replaced with --dry-run=${bool ? 'client' : 'none'}`,
  );
  return bool ? 'client' : 'none';
}

/** Printers of typed objects: JSON and KYAML show their fields in Go's order. */
export function* typedPrinter(session: Session, format: string): Task<Printer> {
  const wanted = format.toLowerCase();
  if (wanted !== 'json' && wanted !== 'kyaml') return yield* printerFor(session, format);
  const order = yield* goOrder(session.environment);
  const shown = (object: KObject) =>
    order(session.flags.bool('show-managed-fields') ? object : withoutManagedFields(object));
  if (wanted === 'json') return (object) => `${printJson(shown(object), 4, false)}\n`;
  return (object) => `---\n${printKyaml(shown(object), false)}`;
}

/** Prints the results of a changing command: `NAME OPERATION`, or the object with -o. */
export function* resultPrinter(
  session: Session,
  operation: string,
  dryRun: DryRun = 'none',
  typed = false,
): Task<Printer> {
  const format = session.flags.string('output');
  if (typed && /^(json|kyaml)$/i.test(format)) return yield* typedPrinter(session, format);
  const suffix = dryRunSuffix(dryRun);
  if (!format && !session.flags.string('template'))
    return (object, mapping) => printName(object, mapping, operation + suffix);
  if (format === 'name') return (object, mapping) => printName(object, mapping, '');
  return yield* printerFor(session, format || 'go-template', operation + suffix);
}

/** What `-o jsonpath` says when the object does not fit the template (cli-runtime pkg/printers/jsonpath.go). */
const pathError = (template: string, object: unknown, error: unknown): Error =>
  new Error(
    `error executing jsonpath ${quote(template)}: Error executing template: ${(error as Error).message}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${template}\n\tobject given to jsonpath engine was:\n\t\t${goSyntax(object)}\n\n\n`,
  );
