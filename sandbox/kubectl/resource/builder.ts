/** From `-f`, TYPE NAME, TYPE/NAME and selectors to resources (cli-runtime pkg/resource/builder.go). */

import { matchesLabels, parseLabelSelector, SelectorError } from '../../api/selectors.ts';
import type { Task } from '../../sim/task.ts';
import { ApiError, aggregate, CommandError } from '../cli/errors.ts';
import type { Query } from '../client/client.ts';
import { type Mapper, type Mapping, resourcePath } from '../client/mapper.ts';
import type { Session } from '../session.ts';
import { quote } from '../text.ts';
import { expandPaths, KUSTOMIZE, readSource } from './files.ts';
import { type Info, infoPath, isList, type KObject, refresh } from './info.ts';
import { listError } from './list-error.ts';
import { readManifest, type Validation } from './manifest.ts';
import { unregistered } from './scheme.ts';

export interface Selection {
  readonly args?: readonly string[];
  readonly files?: readonly string[];
  readonly recursive?: boolean;
  readonly selector?: string;
  readonly fieldSelector?: string;
  readonly all?: boolean;
  readonly allNamespaces?: boolean;
  readonly subresource?: string;
  readonly chunkSize?: number;
  /** TYPE alone means all of that type. */
  readonly typeAloneIsAll?: boolean;
  readonly continueOnError?: boolean;
  /** Lists are taken apart into their objects; the default. */
  readonly flatten?: boolean;
  /** Objects from files are read anew from the server. */
  readonly latest?: boolean;
  readonly validation?: Validation;
  /** Nothing is asked of the server: files only. */
  readonly local?: boolean;
  /** Whether named resources are read (RequireObject). */
  readonly requireObject?: boolean;
  readonly singleType?: boolean;
  /** Only kinds of kubectl's own scheme can be read (WithScheme). */
  readonly builtIn?: boolean;
  /** Extra headers and query of reads: tables. */
  readonly accept?: string;
  readonly query?: Query;
}

export interface Found {
  readonly infos: readonly Info[];
  readonly errors: readonly unknown[];
  /** The user asked for one object by name. */
  readonly single: boolean;
}

/** What -f names, or the kustomization of -k. */
export function filesOf({ flags }: Session): readonly string[] {
  const [files, folder] = [flags.list('filename'), flags.string('kustomize')];
  if (files.length > 0 && folder) throw new CommandError('only one of -f or -k can be specified');
  return folder ? [`${KUSTOMIZE}${folder}`] : files;
}

/** The Selection of a command with the usual -f -R -l -A --all --field-selector flags. */
export function selectionOf(session: Session): Selection {
  const { flags } = session;
  return {
    args: session.args,
    files: filesOf(session),
    recursive: flags.bool('recursive'),
    selector: flags.string('selector'),
    fieldSelector: flags.string('field-selector'),
    all: flags.bool('all'),
    allNamespaces: flags.bool('all-namespaces'),
    subresource: flags.string('subresource'),
  };
}

export const MISSING_RESOURCE = `You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'`;

/** All resources selected; the first failure is thrown unless `continueOnError`. */
export function* find(session: Session, selection: Selection): Task<Found> {
  const infos: Info[] = [];
  const errors: unknown[] = [];
  const single = yield* visit(session, selection, function* (item) {
    if (item instanceof Error) {
      if (!selection.continueOnError) throw item;
      errors.push(item);
    } else infos.push(item);
  });
  return { infos, errors, single };
}

/** All resources, or one failure made of all failures. */
export function* findAll(session: Session, selection: Selection): Task<readonly Info[]> {
  const { infos, errors } = yield* find(session, selection);
  const failure = aggregate(errors);
  if (failure) throw failure;
  return infos;
}

/** Calls `handle` for each resource as it is found; with `continueOnError` failures are gathered and thrown at the end. Returns how many succeeded. */
export function* forEach(session: Session, selection: Selection, handle: (info: Info) => Task<void>): Task<number> {
  const errors: unknown[] = [];
  let count = 0;
  yield* visit(session, selection, function* (item) {
    try {
      if (item instanceof Error) throw item;
      yield* handle(item);
      count++;
    } catch (error) {
      if (!selection.continueOnError || isFatal(error)) throw error;
      errors.push(error);
    }
  });
  const failure = aggregate(errors);
  if (failure) throw failure;
  return count;
}

const isFatal = (error: unknown): boolean => !(error instanceof Error) || error.constructor === TypeError;

type Sink = (item: Info | Error) => Task<void>;

/** Returns whether a single item was asked for. */
function* visit(session: Session, selection: Selection, sink: Sink): Task<boolean> {
  const files = selection.files ?? [];
  const args = selection.args ?? [];
  const paths = files.length > 0 ? yield* expandPaths(session, files, selection.recursive ?? false) : undefined;
  const parsed = parseArgs(args, selection.typeAloneIsAll ?? false);
  const mapper = selection.local ? undefined : yield* session.mapper();
  if (paths) {
    if (parsed.types.length > 0)
      throw new CommandError(
        'when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well',
      );
    if (parsed.tuples.length > 0)
      throw new CommandError('resource/name arguments cannot be provided when a path is specified');
    yield* visitFiles(session, selection, paths.paths, mapper, sink);
    return !paths.plural && paths.paths.length === 1;
  }
  if (!mapper) throw new CommandError(MISSING_RESOURCE);
  const types = parsed.types.flatMap((word) => expandCategory(mapper, word));
  const bySelector = selection.all || selection.selector || selection.fieldSelector || parsed.all;
  if (bySelector) yield* visitSelected(session, selection, mapper, parsed, types, sink);
  else if (parsed.tuples.length > 0) yield* visitTuples(session, selection, mapper, parsed, types, sink);
  else if (parsed.names.length > 0) yield* visitNames(session, selection, mapper, parsed, types, sink);
  else if (types.length > 0) {
    for (const type of types) mapper.find(type);
    throw new CommandError('resource(s) were provided, but no name was specified');
  } else throw new CommandError(MISSING_RESOURCE);
  return parsed.tuples.length === 1 || parsed.names.length === 1;
}

interface ParsedArgs {
  readonly types: readonly string[];
  readonly names: readonly string[];
  readonly tuples: readonly { type: string; name: string }[];
  /** TYPE alone. */
  readonly all: boolean;
}

function parseArgs(given: readonly string[], typeAloneIsAll: boolean): ParsedArgs {
  const args = expandMultipleTypes(given);
  const slashes = args.filter((arg) => arg.includes('/')).length;
  if (slashes > 0 && slashes < args.length) {
    throw new CommandError(
      "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'",
    );
  }
  if (slashes > 0) return { types: [], names: [], tuples: args.map(parseTuple), all: false };
  const [type, ...names] = args;
  return {
    types: type === undefined ? [] : unique(type.split(',')),
    names,
    tuples: [],
    all: typeAloneIsAll && args.length === 1,
  };
}

const unique = (items: readonly string[]): string[] => [...new Set(items)];

/** `a,b c d` is `a/c a/d b/c b/d`. */
function expandMultipleTypes(args: readonly string[]): readonly string[] {
  const types = unique((args[0] ?? '').split(','));
  if (args.length < 2 || types.length < 2) return args;
  return types.flatMap((type) => args.slice(1).map((name) => `${type}/${name}`));
}

function parseTuple(arg: string): { type: string; name: string } {
  const parts = arg.split('/');
  if (parts.length !== 2) throw new CommandError('arguments in resource/name form may not have more than one slash');
  const [type = '', name = ''] = parts;
  if (!type || !name || type.includes(','))
    throw new CommandError('arguments in resource/name form must have a single resource and name');
  return { type, name };
}

function expandCategory(mapper: Mapper, word: string): readonly string[] {
  const members = mapper.category(word);
  return members.length > 0 ? members : [word];
}

function uniqueMappings(mapper: Mapper, types: readonly string[], selection: Selection): Mapping[] {
  const mappings = [...new Set(types.map((type) => mapper.find(type)))];
  if (selection.singleType && types.length > 1) throw new CommandError('you may only specify a single resource type');
  return mappings;
}

function* visitSelected(
  session: Session,
  selection: Selection,
  mapper: Mapper,
  parsed: ParsedArgs,
  types: readonly string[],
  sink: Sink,
): Task<void> {
  if (selection.all && (selection.selector || selection.fieldSelector))
    throw new CommandError("setting 'all' parameter but found a non empty selector. ");
  if (parsed.names.length > 0) throw new CommandError('name cannot be provided when a selector is specified');
  if (parsed.tuples.length > 0)
    throw new CommandError('selectors and the all flag cannot be used when passing resource/name arguments');
  if (types.length === 0) throw new CommandError('at least one resource must be specified to use a selector');
  if (selection.subresource) throw new CommandError('subresource cannot be used when bulk resources are specified');
  const namespace = selection.allNamespaces ? '' : yield* session.namespace();
  for (const mapping of uniqueMappings(mapper, types, selection)) {
    yield* list(session, selection, mapping, mapping.namespaced ? namespace : '', sink);
  }
}

/** Reads a list page by page; each page is flattened to its objects unless it is a Table. */
function* list(session: Session, selection: Selection, mapping: Mapping, namespace: string, sink: Sink): Task<void> {
  const client = yield* session.client();
  const chunk = selection.chunkSize ?? 500;
  const query: [string, string][] = [...(selection.query ?? [])].map(([k, v]) => [k, v]);
  if (selection.fieldSelector) query.push(['fieldSelector', selection.fieldSelector]);
  if (selection.selector) query.push(['labelSelector', selection.selector]);
  if (chunk > 0) query.push(['limit', String(chunk)]);
  let token = '';
  do {
    let page: KObject;
    try {
      page = yield* client.json<KObject>('GET', resourcePath(mapping, namespace), {
        accept: selection.accept,
        query: token ? [...query, ['continue', token]] : query,
      });
    } catch (error) {
      return yield* sink(listError(error, mapping, selection));
    }
    const unknown = selection.builtIn ? unregistered(page, mapping) : undefined;
    if (unknown) return yield* sink(unknown);
    token = String(page.metadata?.continue ?? '');
    const info: Info = { mapping, namespace, name: '', source: '', object: page, subresource: '' };
    if (selection.flatten === false || !isList(page)) yield* sink(info);
    else for (const item of itemsOf(page)) yield* sink(infoOfItem(item, mapping));
  } while (token);
}

/** List items carry no kind of their own in some answers; the list's kind tells it. */
export function itemsOf(page: KObject): KObject[] {
  const kind = (page.kind ?? '').replace(/List$/, '');
  return (page.items as KObject[]).map((item) => (item.kind ? item : { ...item, apiVersion: page.apiVersion, kind }));
}

const infoOfItem = (object: KObject, mapping: Mapping): Info => ({
  mapping,
  namespace: object.metadata?.namespace ?? '',
  name: object.metadata?.name ?? '',
  source: '',
  object,
  subresource: '',
});

function* visitTuples(
  session: Session,
  selection: Selection,
  mapper: Mapper,
  parsed: ParsedArgs,
  types: readonly string[],
  sink: Sink,
): Task<void> {
  if (types.length > 0)
    throw new CommandError('you may not specify individual resources and bulk resources in the same call');
  const mappings = parsed.tuples.map(({ type }) => mapper.find(type));
  if (selection.singleType && new Set(mappings).size > 1)
    throw new CommandError('you may only specify a single resource type');
  for (const [i, { name }] of parsed.tuples.entries()) yield* visitNamed(session, selection, mappings[i]!, name, sink);
}

function* visitNames(
  session: Session,
  selection: Selection,
  mapper: Mapper,
  parsed: ParsedArgs,
  types: readonly string[],
  sink: Sink,
): Task<void> {
  if (types.length > 1) throw new CommandError('you must specify only one resource');
  const mapping = mapper.find(types[0]!);
  for (const name of parsed.names) yield* visitNamed(session, selection, mapping, name, sink);
}

function* visitNamed(session: Session, selection: Selection, mapping: Mapping, name: string, sink: Sink): Task<void> {
  if (mapping.namespaced && selection.allNamespaces)
    throw new CommandError('a resource cannot be retrieved by name across all namespaces');
  const namespace = mapping.namespaced ? yield* session.namespace() : '';
  const info: Info = { mapping, namespace, name, source: '', subresource: selection.subresource ?? '' };
  if (selection.requireObject === false) return yield* sink(info);
  yield* sink(yield* reading(session, selection, info));
}

function* reading(session: Session, selection: Selection, info: Info): Task<Info | Error> {
  try {
    const object = yield* read(session, info, selection);
    return (selection.builtIn && unregistered(object, info.mapping)) || info;
  } catch (error) {
    if (error instanceof ApiError || error instanceof CommandError) return error;
    throw error;
  }
}

/** Reads the object of an info from the server. */
export function* read(
  session: Session,
  info: Info,
  selection: Pick<Selection, 'accept' | 'query'> = {},
): Task<KObject> {
  if (!info.name) throw new CommandError('resource name may not be empty');
  const client = yield* session.client();
  const object = yield* client.json<KObject>('GET', infoPath(info), {
    accept: selection.accept,
    query: selection.query,
  });
  refresh(info, object);
  return object;
}

function* visitFiles(
  session: Session,
  selection: Selection,
  paths: readonly string[],
  mapper: Mapper | undefined,
  sink: Sink,
): Task<void> {
  const matches = fileFilter(selection.selector);
  for (const path of paths) {
    for (const item of yield* documentsOf(session, path, selection, mapper))
      yield* visitDocument(session, selection, item, matches, sink);
  }
}

/** A file's documents up to the first that cannot be parsed, whose error comes last. */
function* documentsOf(
  session: Session,
  path: string,
  selection: Selection,
  mapper: Mapper | undefined,
): Task<readonly (Info | Error)[]> {
  const items: (Info | Error)[] = [];
  try {
    const { name, text } = yield* readSource(session, path);
    for (const item of readManifest(text, name, mapper, selection.validation ?? 'ignore')) {
      items.push(...flattened(item, mapper, selection.flatten !== false));
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    items.push(error);
  }
  return items;
}

function* visitDocument(
  session: Session,
  selection: Selection,
  item: Info | Error,
  matches: (object: KObject) => boolean,
  sink: Sink,
): Task<void> {
  if (item instanceof Error) return yield* sink(item);
  const problem = yield* placeInNamespace(session, selection, item);
  if (problem) return yield* sink(problem);
  const read = selection.latest ? yield* reading(session, selection, item) : item;
  // A Table has no labels: nothing of a file matches a selector then.
  if (read instanceof Error || matches(read.object!)) yield* sink(read);
}

function* flattened(item: Info | Error, mapper: Mapper | undefined, flatten: boolean): Generator<Info | Error, void> {
  if (item instanceof Error || !flatten || !isList(item.object!)) return yield item;
  for (const object of itemsOf(item.object!)) {
    const text = JSON.stringify(object);
    yield* readManifest(text, item.source, mapper, 'ignore');
  }
}

function fileFilter(selector: string | undefined): (object: KObject) => boolean {
  if (!selector) return () => true;
  try {
    const parsed = parseLabelSelector(selector);
    return (object) => matchesLabels(parsed, object.metadata?.labels ?? {});
  } catch (error) {
    if (error instanceof SelectorError)
      throw new CommandError(`the provided selector ${quote(selector)} is not valid: ${error.message}`);
    throw error;
  }
}

/** SetNamespace, RequireNamespace and FilterNamespace of visitor.go. */
function* placeInNamespace(session: Session, selection: Selection, info: Info): Task<Error | undefined> {
  const object = info.object!;
  if (!info.mapping.namespaced) {
    if (info.namespace) {
      info.namespace = '';
      info.object = { ...object, metadata: { ...object.metadata, namespace: undefined } };
    }
    return undefined;
  }
  if (selection.local && !session.flags.changed('namespace')) return undefined;
  const target = yield* session.target();
  if (!info.namespace) {
    info.namespace = target.namespace;
    info.object = { ...object, metadata: { ...object.metadata, namespace: target.namespace } };
  } else if (target.namespaceExplicit && info.namespace !== target.namespace) {
    return new CommandError(
      `the namespace from the provided object ${quote(info.namespace)} does not match the namespace ${quote(target.namespace)}. You must pass '--namespace=${info.namespace}' to perform this operation.`,
    );
  }
  return undefined;
}
