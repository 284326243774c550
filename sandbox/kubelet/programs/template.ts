/** The part of Go's text/template that `--format` is used with: fields, json, range, if, index, println. */

export class TemplateError extends Error {}

type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly pipeline: string }
  | {
      readonly kind: 'range' | 'if' | 'with';
      readonly pipeline: string;
      readonly body: readonly Node[];
      readonly otherwise: readonly Node[];
    };

export function renderTemplate(template: string, data: unknown): string {
  // Outside of actions \t and \n are what they stand for; in an action they belong to its string.
  const tokens = template
    .split(/(\{\{.*?\}\})/s)
    .map((token) => (token.startsWith('{{') ? token : token.replaceAll('\\t', '\t').replaceAll('\\n', '\n')));
  const { nodes } = parse(tokens, 0, false);
  return render(nodes, data, data);
}

interface Parsed {
  readonly nodes: Node[];
  readonly next: number;
  readonly end: 'end' | 'else' | undefined;
}

function parse(tokens: readonly string[], from: number, nested: boolean): Parsed {
  const nodes: Node[] = [];
  let at = from;
  while (at < tokens.length) {
    const token = tokens[at++]!;
    if (!token.startsWith('{{')) {
      if (token !== '') nodes.push({ kind: 'text', text: token });
      continue;
    }
    const action = token
      .slice(2, -2)
      .replace(/^-\s|\s-$/g, '')
      .trim();
    if (action === 'end' || action === 'else') {
      if (!nested) throw new TemplateError(`template parsing error: template: :1: unexpected {{${action}}}`);
      return { nodes, next: at, end: action };
    }
    const block = /^(range|if|with)\s+(.*)$/s.exec(action);
    if (!block) {
      nodes.push({ kind: 'value', pipeline: action });
      continue;
    }
    const body = parse(tokens, at, true);
    const otherwise = body.end === 'else' ? parse(tokens, body.next, true) : undefined;
    at = (otherwise ?? body).next;
    nodes.push({ kind: block[1] as 'range', pipeline: block[2]!, body: body.nodes, otherwise: otherwise?.nodes ?? [] });
  }
  if (nested) throw new TemplateError('template parsing error: template: :1: unexpected EOF');
  return { nodes, next: at, end: undefined };
}

function render(nodes: readonly Node[], dot: unknown, root: unknown): string {
  return nodes.map((node) => renderNode(node, dot, root)).join('');
}

function renderNode(node: Node, dot: unknown, root: unknown): string {
  if (node.kind === 'text') return node.text;
  const value = evaluate(node.pipeline, dot, root);
  if (node.kind === 'value') return show(value);
  if (node.kind === 'range') {
    const items = Array.isArray(value) ? value : Object.values((value ?? {}) as object);
    return items.length === 0
      ? render(node.otherwise, dot, root)
      : items.map((item) => render(node.body, item, root)).join('');
  }
  const holds = truth(value);
  if (!holds) return render(node.otherwise, dot, root);
  return render(node.body, node.kind === 'with' ? value : dot, root);
}

const truth = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.length > 0
    : value !== null && typeof value === 'object'
      ? Object.keys(value).length > 0
      : Boolean(value);

function evaluate(pipeline: string, dot: unknown, root: unknown): unknown {
  let piped: unknown[] = [];
  for (const command of pipeline.split('|')) {
    const words = command.match(/"(?:[^"\\]|\\.)*"|\(.*?\)|\S+/g) ?? [];
    const [head = '', ...rest] = words;
    const args = [...rest.map((word) => operand(word, dot, root)), ...piped];
    piped = [head in FUNCTIONS ? FUNCTIONS[head]!(args) : operand(head, dot, root)];
  }
  return piped[0];
}

const FUNCTIONS: Readonly<Record<string, (args: readonly unknown[]) => unknown>> = {
  json: ([value]) => JSON.stringify(value ?? null),
  println: (args) => `${args.map(show).join(' ')}\n`,
  print: (args) => args.map(show).join(''),
  len: ([value]) =>
    Array.isArray(value) || typeof value === 'string' ? value.length : Object.keys((value ?? {}) as object).length,
  index: ([value, ...keys]) =>
    keys.reduce((at: unknown, key) => (at as Record<string, unknown> | undefined)?.[String(key)], value),
  join: ([value, separator]) => (value as string[]).join(String(separator)),
  upper: ([value]) => String(value).toUpperCase(),
  lower: ([value]) => String(value).toLowerCase(),
  eq: ([a, ...others]) => others.includes(a),
  ne: ([a, b]) => a !== b,
  not: ([value]) => !truth(value),
};

/** A string of a template, without its quotes; Go's strconv.Unquote knows the escapes of JSON, and a few more. */
function unquoted(word: string): string {
  try {
    return JSON.parse(word) as string;
  } catch {
    throw new TemplateError('template parsing error: template: :1: invalid syntax');
  }
}

function operand(word: string, dot: unknown, root: unknown): unknown {
  if (word.startsWith('"')) return unquoted(word);
  if (/^-?\d+$/.test(word)) return Number(word);
  if (word.startsWith('(')) return evaluate(word.slice(1, -1), dot, root);
  if (word === 'true' || word === 'false') return word === 'true';
  if (word === '.') return dot;
  const base = word.startsWith('$') ? root : dot;
  const path = word.replace(/^\$/, '');
  if (!path.startsWith('.'))
    throw new TemplateError(`template parsing error: template: :1: function "${word}" not defined`);
  return path
    .slice(1)
    .split('.')
    .filter(Boolean)
    .reduce((at: unknown, name) => field(at, name), base);
}

function field(value: unknown, name: string): unknown {
  if (value === null || typeof value !== 'object') return undefined;
  if (!(name in value)) {
    throw new TemplateError(`template: :1:2: executing "" at <.${name}>: map has no entry for key "${name}"`);
  }
  return (value as Record<string, unknown>)[name];
}

function show(value: unknown): string {
  if (value === undefined || value === null) return '<no value>';
  if (Array.isArray(value)) return `[${value.map(show).join(' ')}]`;
  if (typeof value === 'object') {
    return `map[${Object.keys(value)
      .sort()
      .map((key) => `${key}:${show((value as Record<string, unknown>)[key])}`)
      .join(' ')}]`;
  }
  return String(value);
}
