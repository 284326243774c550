/** Finds passages of the course and kinds of the API: MiniSearch over the words of terms.ts. */

import MiniSearch, { type SearchOptions } from 'minisearch';
import type { Kind, Passage } from './passages.ts';
import { askedTerms, markedWords, termsOf } from './terms.ts';

/** A piece of text; marked where it is what was asked for. */
export interface Piece {
  readonly text: string;
  readonly marked: boolean;
}

export interface FoundStep {
  readonly step: string;
  readonly title: readonly Piece[];
  readonly excerpt: readonly Piece[];
}

export interface FoundLesson {
  readonly lesson: string;
  readonly title: string;
  readonly steps: readonly FoundStep[];
}

export interface FoundKind {
  readonly kind: Kind;
  readonly name: readonly Piece[];
  readonly excerpt: readonly Piece[];
}

export interface Found {
  readonly lessons: readonly FoundLesson[];
  readonly kinds: readonly FoundKind[];
}

/** What stands around a lesson's steps only names what they tell. */
const OVERVIEW = 0.5;
const MOST_STEPS = 12;
const MOST_KINDS = 6;
/** Letters before what was found, and in all; a Japanese one has the room of two. */
const BEFORE = 42;
const EXCERPT = 150;
const JAPANESE = /[\u3040-\u30ff\u4e00-\u9fff]/;

const options: SearchOptions = {
  tokenize: askedTerms,
  combineWith: 'AND',
  // While one is typing the last word is not whole; a single Japanese letter begins pairs.
  prefix: true,
  fuzzy: (term) => (/^[a-z]{5,}$/.test(term) ? 0.15 : false),
  boost: { title: 5, lessonTitle: 2, names: 6, fieldNames: 3 },
};

interface KindEntry {
  readonly id: number;
  readonly names: string;
  readonly fieldNames: string;
  readonly text: string;
}

export class Finder {
  readonly #passages: readonly Passage[];
  readonly #kinds: readonly Kind[];
  readonly #texts = new MiniSearch<Passage & { id: number }>({
    fields: ['title', 'lessonTitle', 'text'],
    tokenize: termsOf,
    processTerm: (term) => term,
    searchOptions: options,
  });
  readonly #api = new MiniSearch<KindEntry>({
    fields: ['names', 'fieldNames', 'text'],
    tokenize: termsOf,
    processTerm: (term) => term,
    searchOptions: options,
  });

  constructor(passages: readonly Passage[], kinds: readonly Kind[]) {
    this.#passages = passages;
    this.#kinds = kinds;
    this.#texts.addAll(passages.map((passage, id) => ({ ...passage, id })));
    this.#api.addAll(kinds.map(kindEntry));
  }

  /** Best first; the steps of one lesson stand together. */
  find(asked: string): Found {
    if (askedTerms(asked).length === 0) return { lessons: [], kinds: [] };
    const words = markedWords(asked);
    const passages = this.#texts
      .search(asked, { boostDocument: (id) => (this.#passages[id]!.step ? 1 : OVERVIEW) })
      .slice(0, MOST_STEPS)
      .map(({ id }) => this.#passages[id]!);
    const kinds = this.#api
      .search(asked)
      .slice(0, MOST_KINDS)
      .map(({ id }) => this.#kinds[id]!);
    return { lessons: byLesson(passages, words), kinds: kinds.map((kind) => foundKind(kind, words)) };
  }
}

const kindEntry = (kind: Kind, id: number): KindEntry => ({
  id,
  names: [kind.kind, kind.resource, ...kind.shortNames].join(' '),
  fieldNames: kind.fields.map(([path]) => path).join(' '),
  text: [kind.description, ...kind.fields.map(([, , description]) => description)].join('\n'),
});

function byLesson(passages: readonly Passage[], words: readonly string[]): FoundLesson[] {
  const lessons = new Map<string, FoundLesson & { steps: FoundStep[] }>();
  for (const { lesson, lessonTitle, step, title, text } of passages) {
    const found = lessons.get(lesson) ?? { lesson, title: lessonTitle, steps: [] };
    lessons.set(lesson, found);
    found.steps.push({ step, title: marked(title, words), excerpt: excerptOf(text, words) });
  }
  return [...lessons.values()];
}

/** A kind by its own words, or by the first of its fields that has what was asked for. */
function foundKind(kind: Kind, words: readonly string[]): FoundKind {
  const named = words.some((word) =>
    [kind.kind, kind.resource, ...kind.shortNames].some((name) => name.toLowerCase().includes(word)),
  );
  const has = (text: string) => words.some((word) => text.toLowerCase().includes(word));
  const field = named
    ? undefined
    : (kind.fields.find(([path]) => has(path)) ?? kind.fields.find(([, , text]) => has(text)));
  const text = field ? `${field[0]}: ${field[2]}` : kind.description;
  return { kind, name: marked(kind.kind, words), excerpt: excerptOf(text, words) };
}

/** Where the first of the words stands, with some of what is around it. */
function excerptOf(text: string, words: readonly string[]): Piece[] {
  const line = text.toLowerCase();
  const at = words.map((word) => line.indexOf(word)).find((index) => index >= 0) ?? 0;
  const room = JAPANESE.test(text.slice(at, at + EXCERPT)) ? 0.55 : 1;
  const [before, length] = [Math.round(BEFORE * room), Math.round(EXCERPT * room)];
  const start = at > before ? wordStart(text, at - before) : 0;
  const cut = text
    .slice(start, start + length)
    .replaceAll(/\s+/g, ' ')
    .trim();
  const more = start + length < text.length ? '…' : '';
  return marked(`${start > 0 ? '…' : ''}${cut}${more}`, words);
}

/** An excerpt does not begin within a word, where there are spaces. */
function wordStart(text: string, from: number): number {
  const space = text.slice(from, from + BEFORE / 2).search(/\s/);
  return space < 0 ? from : from + space + 1;
}

function marked(text: string, words: readonly string[]): Piece[] {
  const small = text.toLowerCase();
  const pieces: Piece[] = [];
  for (let at = 0; at < text.length; ) {
    const next = words
      .map((word) => ({ word, index: small.indexOf(word, at) }))
      .filter(({ index }) => index >= 0)
      .sort((a, b) => a.index - b.index || b.word.length - a.word.length)[0];
    const end = next?.index ?? text.length;
    if (end > at) pieces.push({ text: text.slice(at, end), marked: false });
    if (next) pieces.push({ text: text.slice(end, end + next.word.length), marked: true });
    at = next ? end + next.word.length : end;
  }
  return pieces;
}
