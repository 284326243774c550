/** What is wrong with a manifest, and where: YAML's own errors, and kubectl's words of the dry run brought to the fields they name. */

import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseAllDocuments } from 'yaml';
import type { Judgement } from '../../sandbox/channel/files.ts';
import { documentsOf } from './place.ts';

export interface Problem {
  readonly from: number;
  readonly to: number;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/** Characters. */
const LONG = 50_000;

/** How many of each: errors, warnings. */
export function counts(problems: readonly Problem[]): [errors: number, warnings: number] {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  return [errors, problems.length - errors];
}

/** `judge` is asked only of documents that can be read. */
export async function problemsOf(
  text: string,
  judge: (manifests: readonly string[]) => Promise<readonly Judgement[]>,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  const asked: { readonly text: string; readonly from: number; readonly root: Node | null }[] = [];
  const made = new Set<string>();
  for (const document of documentsOf(text)) {
    const [parsed, ...more] = parseAllDocuments(document.text, {
      lineCounter: new LineCounter(),
      prettyErrors: false,
      // Each name is compared with all before it: in a long text the page would stand still.
      uniqueKeys: document.text.length < LONG,
    });
    if (!parsed || 'empty' in parsed) continue;
    const errors = [parsed, ...more].flatMap((one) => one.errors);
    for (const { pos, message } of errors)
      problems.push(spotted(text, document.from + pos[0], document.from + pos[1], message));
    if (errors.length > 0 || !isMap(parsed.contents)) continue;
    if (document.kind === '' && document.apiVersion === '') continue;
    asked.push({ text: document.text, from: document.from, root: parsed.contents });
    made
      .add(`${document.kind} ${parsed.getIn(['metadata', 'name'])}`)
      .add(String(parsed.getIn(['spec', 'names', 'kind'])));
  }
  const judgements = asked.length > 0 ? await judge(asked.map((one) => one.text)) : [];
  judgements.forEach(({ error, warnings }, index) => {
    const { root, from } = asked[index]!;
    for (const message of warnings)
      problems.push({ ...rangeOf(root, from, fieldNamed(message) ?? []), severity: 'warning', message });
    for (const { path, message } of complaints(error))
      if (!comesFirst(message, made)) problems.push({ ...rangeOf(root, from, path), severity: 'error', message });
  });
  return problems.sort((a, b) => a.from - b.from);
}

/** What the document needs is made by another one of the same file. */
function comesFirst(message: string, made: ReadonlySet<string>): boolean {
  const namespace = /namespaces "([^"]+)" not found/.exec(message)?.[1];
  const kind = /no matches for kind "([^"]+)"/.exec(message)?.[1];
  return (namespace !== undefined && made.has(`Namespace ${namespace}`)) || (kind !== undefined && made.has(kind));
}

/** An empty place is told of the character before it. */
function spotted(text: string, from: number, to: number, message: string): Problem {
  const end = Math.min(Math.max(to, from + 1), text.length);
  return { from: Math.min(from, Math.max(0, end - 1)), to: end, severity: 'error', message };
}

export interface Complaint {
  /** The steps from the root: names and positions in lists; empty: the document as a whole. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** kubectl's message taken apart: a complaint a field (apimachinery field.ErrorList; strict decoding errors; Go's json errors). */
export function complaints(error: string): Complaint[] {
  if (error === '') return [];
  const own = error
    .replace(/^[\s\S]*"STDIN": /, '')
    .replace(/^Error from server(?: \(\w+\))?: /, '')
    .replace(/^error: /, '');
  const invalid = /^The \S+ ".*?" is invalid: ?([\s\S]*)$/.exec(own);
  if (invalid) {
    const body = invalid[1]!.trim();
    const each = body.startsWith('* ') ? body.slice(2).split(/\n\* /) : [body];
    return each.map((text) => ({ path: fieldNamed(text) ?? [], message: text.trim() }));
  }
  const strict = /strict decoding error: ([\s\S]*)$/.exec(own);
  if (strict)
    return strict[1]!.split(/, (?=(?:unknown|duplicate) field )/).map((text) => ({
      path: pathOf(/field "([^"]*)"/.exec(text)?.[1] ?? ''),
      message: text.trim(),
    }));
  const go = /json: cannot unmarshal \w+ into Go struct field \w+\.([\w.[\]]+) of type \S+/.exec(own);
  if (go) return [{ path: pathOf(go[1]!), message: go[0] }];
  if (/no matches for kind/.test(own)) return [{ path: ['kind'], message: /no matches for kind.*/.exec(own)![0] }];
  return [{ path: [], message: own.trim() }];
}

/** `spec.accessModes: Required value` begins with the field that it speaks of. */
function fieldNamed(text: string): (string | number)[] | undefined {
  const field = /^([A-Za-z][\w-]*(?:\.[\w-]+|\[[^\]]*\])*): /.exec(text)?.[1];
  return field === undefined ? undefined : pathOf(field);
}

/** `spec.containers[0].env[FOO]` as steps. */
export function pathOf(text: string): (string | number)[] {
  return [...text.matchAll(/\[([^\]]*)\]|([^.[\]]+)/g)].map(([, index, name]) =>
    name !== undefined ? name : /^\d+$/.test(index!) ? Number(index) : index!,
  );
}

/** The name of the field, or of the nearest above it that is there. */
function rangeOf(root: Node | null, offset: number, path: readonly (string | number)[]): { from: number; to: number } {
  let node: unknown = root;
  let found = firstOf(root);
  for (const step of path) {
    if (isMap(node)) {
      const pair: Pair | undefined = node.items.find(
        ({ key }) => isScalar(key) && String(key.value).toLowerCase() === String(step).toLowerCase(),
      );
      if (!pair) break;
      found = pair.key as Node;
      node = pair.value;
    } else if (isSeq(node)) {
      const item = typeof step === 'number' ? node.items[step] : undefined;
      if (!item) break;
      found = firstOf(item as Node) ?? found;
      node = item;
    } else break;
  }
  const [from, to] = found?.range ?? [0, 1];
  return { from: offset + from, to: offset + Math.max(to, from + 1) };
}

/** Of a map: its `kind`, or its first name. */
function firstOf(node: Node | null): Node | undefined {
  if (!isMap(node)) return node ?? undefined;
  const kind = node.items.find(({ key }) => isScalar(key) && key.value === 'kind') ?? node.items[0];
  return (kind?.key as Node | undefined) ?? node;
}
