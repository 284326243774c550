/** An author's YAML, read with the line on which each of its values stands. */

import { LineCounter, parseDocument } from 'yaml';
import type * as z from 'zod';
import type { Problem } from './problems.ts';

type Path = readonly PropertyKey[];

export class YamlSource {
  readonly file: string;
  readonly value: unknown;
  readonly problems: readonly Problem[];
  readonly #document: ReturnType<typeof parseDocument>;
  readonly #lines = new LineCounter();
  readonly #before: number;

  /** `before`: how many lines of the file stand before the text (a page's frontmatter begins on its second). */
  constructor(file: string, text: string, before = 0) {
    this.file = file;
    this.#before = before;
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    this.problems = this.#document.errors.map(({ message, pos }) => this.#problem(message, this.#lineAt(pos[0])));
    this.value = this.problems.length > 0 ? undefined : this.#document.toJS();
  }

  /** The line of the value at a path, or of what would hold it. */
  line(path: Path): number {
    for (let length = path.length; length > 0; length -= 1) {
      const key = this.#key(path.slice(0, length));
      if (key !== undefined) return this.#lineAt(key);
    }
    return this.#before + 1;
  }

  problem(path: Path, says: string): Problem {
    return this.#problem(says, this.line(path));
  }

  /** Its value as a schema wants it, or what is wrong with it. */
  checked<T extends z.ZodType>(schema: T): { value: z.infer<T> } | { problems: readonly Problem[] } {
    if (this.problems.length > 0) return { problems: this.problems };
    const result = schema.safeParse(this.value);
    if (result.success) return { value: result.data };
    return {
      problems: result.error.issues.flatMap((issue) =>
        sentencesOf(issue).map(({ path, says }) =>
          this.problem(path, path.length > 0 ? `${path.join('.')}: ${says}` : says),
        ),
      ),
    };
  }

  #problem(says: string, line: number): Problem {
    return { file: this.file, line, says };
  }

  /** Where the pair or the item begins: a long text's value would begin a line later. */
  #key(path: Path): number | undefined {
    const within = this.#document.getIn(path.slice(0, -1), true) as
      | { items?: { key?: { value?: unknown; range?: number[] } }[] }
      | undefined;
    const pair = within?.items?.find((item) => item.key?.value === path.at(-1));
    const start = pair?.key?.range?.[0];
    if (start !== undefined) return start;
    return (this.#document.getIn(path, true) as { range?: number[] } | undefined)?.range?.[0];
  }

  #lineAt(offset: number): number {
    return this.#before + this.#lines.linePos(offset).line;
  }
}

/** What a schema found, for who has never heard of schemas. */
function sentencesOf(issue: z.core.$ZodIssue): { path: Path; says: string }[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...path, key], says: 'there is no such field (see docs/authoring.md)' }));
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined'))
    return [{ path, says: 'this field is missing' }];
  if (issue.code === 'invalid_type') {
    const received = /received (\w+)$/.exec(issue.message)?.[1];
    return [
      {
        path,
        says: `this must be a ${TYPES[issue.expected] ?? issue.expected}${received ? `, not a ${TYPES[received] ?? received}` : ''}`,
      },
    ];
  }
  if (issue.code === 'invalid_value')
    return [{ path, says: `this must be one of ${issue.values.map(String).join(', ')}` }];
  if (issue.code === 'too_small' && issue.origin === 'array')
    return [{ path, says: `there must be ${issue.exact ? 'exactly' : 'at least'} ${issue.minimum} here` }];
  if (issue.code === 'too_big' && issue.origin === 'array')
    return [{ path, says: `there must be ${issue.exact ? 'exactly' : 'at most'} ${issue.maximum} here` }];
  if (issue.code === 'invalid_key') return [{ path, says: issue.issues[0]?.message ?? issue.message }];
  return [{ path, says: issue.message }];
}

/** As YAML's writers call them. */
const TYPES: Readonly<Record<string, string>> = {
  array: 'list',
  object: 'table of fields',
  record: 'table of fields',
  string: 'text',
  int: 'whole number',
};
