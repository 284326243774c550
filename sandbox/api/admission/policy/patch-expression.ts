/**
 * Expressions that make objects: `Object.spec{replicas: 3}`, `JSONPatch{op: "add", …}` (apiserver pkg/cel/mutation). cel-js has no such literals: they
 * are read as maps, with their fields' names in quotes.
 */

export interface PatchExpression {
  readonly source: string;
  /** What cel-js reads. */
  readonly text: string;
  /** What is wrong with the names of the types that are made, if anything is. */
  readonly mismatch: string | undefined;
  /** A complaint about the text as one about the source. */
  place(problem: string): string;
}

const known = new Map<string, PatchExpression>();
const REMEMBERED = 256;

export function patchExpression(source: string): PatchExpression {
  let expression = known.get(source);
  if (!expression) {
    expression = rewritten(source);
    if (known.size >= REMEMBERED) known.clear();
    known.set(source, expression);
  }
  return expression;
}

/** Strings whole, type names before a brace, braces and brackets, a name before a colon, anything else. */
const TOKEN =
  /r?"""[\s\S]*?"""|r?'''[\s\S]*?'''|[rR]?"(?:\\.|[^"\\])*"|[rR]?'(?:\\.|[^'\\])*'|\b(Object(?:\.\w+)*|JSONPatch)\s*(?=\{)|([{}()[\]])|(\w+)(?=\s*:(?!:))|\w+|[\s\S]/g;

/** A bracket that is open; of an object, its type and the field that is being written. */
interface Open {
  readonly type?: string | undefined;
  field: string;
}

function rewritten(source: string): PatchExpression {
  let text = '';
  /** How much longer the text has become, from each place on. */
  const shifts: (readonly [at: number, by: number])[] = [];
  const open: Open[] = [];
  let mismatch: string | undefined;
  let type: string | undefined;
  for (const match of source.matchAll(TOKEN)) {
    const [token, made, bracket, name] = match;
    if (made !== undefined) {
      mismatch ??= mismatchOf(made, open);
      type = made;
      text += ' '.repeat(token.length);
    } else if (bracket !== undefined) {
      if ('{(['.includes(bracket)) open.push({ type: bracket === '{' ? type : undefined, field: '' });
      else open.pop();
      type = undefined;
      text += bracket;
    } else if (name !== undefined && open.at(-1)?.type !== undefined) {
      const field = unescaped(name);
      open.at(-1)!.field = field;
      text += JSON.stringify(field);
      shifts.push([text.length, text.length - (match.index + name.length)]);
    } else text += token;
  }
  return { source, text, mismatch, place: (problem) => placed(problem, source, text, shifts) };
}

/** CheckTypeNamesMatchFieldPathNames: an object is named by the path at which it stands. */
function mismatchOf(type: string, open: readonly Open[]): string | undefined {
  const holder = open.findLast((each) => each.type !== undefined);
  if (!holder?.type?.startsWith('Object') || !type.startsWith('Object')) return undefined;
  const expected = `${holder.type}.${holder.field}`;
  if (type === expected) return undefined;
  return `type mismatch: unexpected type name ${JSON.stringify(type)}, expected ${JSON.stringify(expected)}, which matches field name path from root Object type`;
}

/** apiservercel.Unescape. */
const unescaped = (name: string): string =>
  name
    .replace(/^__(\w+?)__$/, '$1')
    .replaceAll('__dot__', '.')
    .replaceAll('__dash__', '-')
    .replaceAll('__slash__', '/')
    .replaceAll('__underscores__', '__');

function placed(problem: string, source: string, text: string, shifts: readonly (readonly [number, number])[]): string {
  const found = /^(ERROR: <input>:)(\d+):(\d+)(: [^\n]*)/.exec(problem);
  if (!found) return problem;
  const [, head, line, column, message] = found;
  const lines = text.split('\n');
  const before = lines.slice(0, Number(line) - 1).join('\n').length + (Number(line) > 1 ? 1 : 0);
  const at = before + Number(column) - 1;
  const shift = shifts.findLast(([from]) => from <= at)?.[1] ?? 0;
  const start = source.lastIndexOf('\n', at - shift - 1) + 1;
  const width = Math.max(at - shift - start, 0);
  return `${head}${line}:${width + 1}${message}\n | ${source.split('\n')[Number(line) - 1]}\n | ${'.'.repeat(width)}^`;
}
