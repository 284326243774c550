/** A page's prose as MDX reads it, and what in it would not come out: unknown components, fences for no host, files and links that lead nowhere. */

import { createProcessor } from '@mdx-js/mdx';
import type { Problem } from '../../sandbox/hosts/content/problems.ts';
import type { Page, ReadLesson } from '../../sandbox/hosts/content/read-lesson.ts';
import { siteWords } from '../../sandbox/words/site/index.ts';
import { COMPONENTS } from './components.ts';

/** What is used of Markdown's and MDX's trees. */
interface Node {
  readonly type: string;
  readonly name?: string | null;
  readonly lang?: string | null;
  readonly meta?: string | null;
  readonly url?: string;
  readonly value?: string;
  readonly depth?: number;
  readonly attributes?: readonly { readonly name?: string; readonly value?: unknown }[];
  readonly children?: readonly Node[];
  readonly position?: { readonly start: { readonly line: number }; readonly end: { readonly line: number } };
}

/** A command block: what is run, in the order of the page. */
export interface Block {
  readonly host: string;
  readonly in: string | undefined;
  /** What its last command ends with: a number, or `any`. */
  readonly exit: string;
  readonly code: string;
  readonly line: number;
  readonly step: string | undefined;
}

/** A manifest that the reader writes with a button. */
export interface Shown {
  readonly file: string;
  readonly to: string;
  readonly host: string;
  readonly line: number;
  readonly step: string | undefined;
}

export interface Prose {
  readonly problems: readonly Problem[];
  readonly typed: readonly (Block | Shown)[];
}

const processor = createProcessor({ format: 'mdx' });
const INSIDE = Object.keys(siteWords.en.lesson.inside);

/** `lessons`: the ids of all lessons, which links may name. */
export function readProse(lesson: ReadLesson, page: Page, lessons: readonly string[]): Prose {
  let tree: Node;
  try {
    tree = processor.parse(page.body) as Node;
  } catch (error) {
    const { reason, line } = error as { reason: string; line?: number };
    return {
      problems: [{ file: page.file, line: page.before + (line ?? 1), says: `MDX cannot read this: ${reason}` }],
      typed: [],
    };
  }
  const reader = new Reader(lesson, page, lessons);
  reader.visit(tree, undefined);
  return { problems: reader.problems, typed: reader.typed };
}

class Reader {
  readonly problems: Problem[] = [];
  readonly typed: (Block | Shown)[] = [];
  readonly #lesson: ReadLesson;
  readonly #page: Page;
  readonly #lessons: readonly string[];

  constructor(lesson: ReadLesson, page: Page, lessons: readonly string[]) {
    this.#lesson = lesson;
    this.#page = page;
    this.#lessons = lessons;
  }

  visit(node: Node, step: string | undefined): void {
    let within = step;
    if (node.type.startsWith('mdxJsx')) within = this.#element(node, step) ?? step;
    else if (node.type === 'code') this.#fence(node, step);
    else if (node.type === 'link' || node.type === 'definition') this.#link(node);
    else if (node.type === 'mdxjsEsm')
      this.#say(node, 'nothing is imported or exported in a lesson: its components are there already');
    else if (/^mdx(Text|Flow)Expression$/.test(node.type) && !/^\s*(\/\*|["'`]|$)/.test(node.value ?? ''))
      this.#say(node, `{${node.value}} is JavaScript to MDX: write it in backticks, or as {"{"}`);
    else if (node.type === 'heading' && node.depth === 1)
      this.#say(
        node,
        "a page's one heading of the first order is its title; begin with ## outside of steps, ### in them",
      );
    for (const child of node.children ?? []) this.visit(child, within);
  }

  /** The id of the step that it opens. */
  #element(node: Node, step: string | undefined): string | undefined {
    const { name } = node;
    // HTML's own are in lower case; a fragment has no name.
    if (!name || name === name.toLowerCase()) return undefined;
    const component = Object.hasOwn(COMPONENTS, name) ? COMPONENTS[name] : undefined;
    if (!component) {
      this.#say(node, `there is no component <${name}>; there are ${Object.keys(COMPONENTS).join(', ')}`);
      return undefined;
    }
    const given = new Map(
      (node.attributes ?? []).map(({ name: attribute, value }) => [attribute ?? '{…}', value] as const),
    );
    for (const attribute of component.needs)
      if (!given.has(attribute)) this.#say(node, `<${name}> needs ${attribute}="…"`);
    for (const attribute of given.keys())
      if (![...component.needs, ...component.may].includes(attribute))
        this.#say(node, `<${name}> knows no ${attribute}`);
    const text = (attribute: string): string | undefined => {
      const value = given.get(attribute);
      return typeof value === 'string' ? value : undefined;
    };
    if (name === 'Step') return text('id');
    if (name === 'Manifest') this.#manifest(node, text, step);
    if (name === 'Run') this.#run(node, text, step);
    const by = text('by');
    if (name === 'Skip' && by !== undefined && !/^\d+[smh]$/.test(by))
      this.#say(node, `by="${by}" is no duration: 90s, 5m, 2h`);
    return undefined;
  }

  #manifest(node: Node, text: (attribute: string) => string | undefined, step: string | undefined): void {
    const file = text('file');
    if (file === undefined) return;
    const { manifests } = this.#lesson.document;
    if (manifests[file] === undefined) {
      const there = Object.keys(manifests).join(', ') || 'none';
      this.#say(node, `there is no files/${file} (there are: ${there})`);
      return;
    }
    const marks = text('highlight') ?? '';
    if (!/^(\s*\d+(-\d+)?\s*(,|$))*$/.test(marks))
      this.#say(node, `highlight="${marks}": lines are written like "3,8-10"`);
    const host = text('host') ?? 'master01';
    this.#host(node, host);
    const to = text('to') ?? `/root/kube_yaml/persistent_volume/${text('as') ?? file}`;
    if (!to.startsWith('/')) this.#say(node, `to="${to}" must be an absolute path`);
    this.typed.push({ file, to, host, line: this.#line(node), step });
  }

  #run(node: Node, text: (attribute: string) => string | undefined, step: string | undefined): void {
    const host = text('host');
    if (host === undefined) return;
    this.#host(node, host);
    const { value } = node.children?.find(({ type }) => /Expression$/.test(type)) ?? {};
    const literal = value?.trim();
    if (!literal || !/^"(?:[^"\\]|\\.)*"$/.test(literal)) this.#say(node, '<Run> holds its lines as {"…"}');
    else
      this.typed.push({
        host,
        in: text('in'),
        exit: '0',
        code: JSON.parse(literal) as string,
        line: this.#line(node),
        step,
      });
  }

  #fence(node: Node, step: string | undefined): void {
    const words = (node.meta ?? '').split(/\s+/).filter(Boolean);
    const given: Record<string, string> = {};
    for (const word of words) {
      const [name, value] = word.split('=', 2) as [string, string | undefined];
      if (!['host', 'in', 'exit'].includes(name) || !value)
        this.#say(node, `a fence knows host=…, in=… and exit=…, not "${word}"`);
      else given[name] = value;
    }
    if (given.in !== undefined && !INSIDE.includes(given.in))
      this.#say(node, `in=${given.in}: there are only ${INSIDE.join(', ')}`);
    if (given.exit !== undefined && !/^(\d+|any)$/.test(given.exit))
      this.#say(node, `exit=${given.exit}: the exit code of the last command, or any`);
    if (given.host === undefined) return;
    this.#host(node, given.host);
    this.typed.push({
      host: given.host,
      in: given.in,
      exit: given.exit ?? '0',
      code: node.value ?? '',
      line: this.#line(node),
      step,
    });
  }

  #host(node: Node, host: string): void {
    const { hosts } = this.#lesson.document;
    if (!(hosts as readonly string[]).includes(host))
      this.#say(node, `host ${host} is not among the lesson's hosts (${hosts.join(', ')})`);
  }

  #link(node: Node): void {
    const { url = '' } = node;
    if (/^(https?:|mailto:)/.test(url)) {
      if (!URL.canParse(url)) this.#say(node, `the link ${url} is no address`);
      return;
    }
    const [path, anchor] = url.split('#', 2) as [string, string | undefined];
    const { id, steps } = this.#lesson.document;
    if (path === '') {
      if (!steps.some((step) => step.id === anchor) && !this.#headings().has(anchor ?? ''))
        this.#say(node, `the link ${url} leads nowhere: no step and no heading is called so`);
      return;
    }
    const other = /^\.\.\/([a-z0-9-]+)\/$/.exec(path)?.[1];
    if (other === undefined)
      this.#say(
        node,
        `the link ${url} leads nowhere: another lesson is ../ID/, a step of this one #ID, a page elsewhere https://…`,
      );
    else if (other !== id && !this.#lessons.includes(other))
      this.#say(
        node,
        `the link ${url} leads nowhere: there is no lesson "${other}" (there are: ${this.#lessons.join(', ')})`,
      );
  }

  /** As the page names its headings. */
  #headings(): Set<string> {
    return new Set(
      [...this.#page.body.matchAll(/^#{2,6}\s+(.*)$/gm)].map(([, title]) =>
        title!
          .trim()
          .toLowerCase()
          .replace(/[^\p{L}\p{N}\s_-]/gu, '')
          .replaceAll(/\s/g, '-'),
      ),
    );
  }

  #line(node: Node): number {
    return this.#page.before + (node.position?.start.line ?? 1);
  }

  #say(node: Node, says: string): void {
    this.problems.push({ file: this.#page.file, line: this.#line(node), says });
  }
}
