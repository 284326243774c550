/** Label and field selectors: parsed from query strings and objects, matched, and printed (apimachinery pkg/labels, pkg/fields). */

import { own } from '../sim/own.ts';
import { labelValueProblems, qualifiedNameProblems } from './registry/metadata.ts';

export type Operator = 'in' | 'notin' | '=' | '==' | '!=' | 'exists' | '!' | 'gt' | 'lt';

export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  /** Sorted. */
  readonly values: readonly string[];
}

type Labels = Readonly<Record<string, string>> | undefined;

/** Every requirement must hold; none selects everything. */
export type LabelSelector = readonly Requirement[];

/** metav1.LabelSelector. */
export interface LabelSelectorObject {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

export class SelectorError extends Error {}

export function matchesLabels(selector: LabelSelector, labels: Labels): boolean {
  for (const requirement of selector) if (!meets(requirement, labels)) return false;
  return true;
}

function meets({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = labels && own(labels, key);
  switch (operator) {
    case 'in':
    case '=':
    case '==':
      return value !== undefined && values.includes(value);
    case 'notin':
    case '!=':
      return value === undefined || !values.includes(value);
    case 'exists':
      return value !== undefined;
    case '!':
      return value === undefined;
    default: {
      const [have, want] = [value === undefined ? undefined : int64(value), int64(values[0] ?? '')];
      if (have === undefined || want === undefined) return false;
      return operator === 'gt' ? have > want : have < want;
    }
  }
}

/** strconv.ParseInt(text, 10, 64). */
function int64(text: string): bigint | undefined {
  if (!/^[-+]?[0-9]+$/.test(text)) return undefined;
  const value = BigInt(text.replace(/^\+/, ''));
  return value === BigInt.asIntN(64, value) ? value : undefined;
}

const OBJECT_OPERATORS: Readonly<Record<string, Operator>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
  Gt: 'gt',
  Lt: 'lt',
};

const known = new WeakMap<LabelSelectorObject, LabelSelector>();

/** metav1.LabelSelectorAsSelector of a selector there is; `undefined` selects nothing and is the caller's to decide. */
export function selectorOf(object: LabelSelectorObject): LabelSelector {
  let selector = known.get(object);
  if (!selector) {
    const exact = Object.entries(object.matchLabels ?? {}).map(
      ([key, value]): Requirement => ({ key, operator: '=', values: [value] }),
    );
    const expressions = (object.matchExpressions ?? []).map(
      ({ key, operator, values }): Requirement => ({
        key,
        operator: OBJECT_OPERATORS[operator] ?? 'in',
        values: [...(values ?? [])].sort(),
      }),
    );
    selector = [...exact, ...expressions].sort(byKey);
    known.set(object, selector);
  }
  return selector;
}

/** labels.SelectorFromSet, as Services and ReplicationControllers select. */
export const selectorFromLabels = (labels: Readonly<Record<string, string>>): LabelSelector =>
  selectorOf({ matchLabels: labels });

export const formatLabelSelector = (selector: LabelSelector): string => selector.map(formatRequirement).join(',');

function formatRequirement({ key, operator, values }: Requirement): string {
  switch (operator) {
    case 'exists':
      return key;
    case '!':
      return `!${key}`;
    case 'in':
    case 'notin':
      return `${key} ${operator} (${values.join(',')})`;
    case 'gt':
      return `${key}>${values[0]}`;
    case 'lt':
      return `${key}<${values[0]}`;
    default:
      return `${key}${operator}${values[0]}`;
  }
}

const byKey = (a: Requirement, b: Requirement): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

interface Token {
  readonly type:
    | 'identifier'
    | 'end'
    | 'error'
    | 'in'
    | 'notin'
    | '('
    | ')'
    | ','
    | '!'
    | '='
    | '=='
    | '!='
    | '<'
    | '>';
  readonly text: string;
}

const KEYWORDS = ['in', 'notin'];
const SYMBOLS = ['==', '!=', '(', ')', ',', '!', '=', '<', '>'] as const;

function* tokens(text: string): Generator<Token> {
  const pattern = /[ \t\r\n]*(?:([^ \t\r\n=!(),<>]+)|(==|!=|[=!(),<>]))/y;
  for (;;) {
    const match = pattern.exec(text);
    if (!match) break;
    const [, word, symbol] = match;
    if (word !== undefined) yield { type: KEYWORDS.includes(word) ? (word as 'in') : 'identifier', text: word };
    else yield { type: symbol as (typeof SYMBOLS)[number], text: symbol! };
  }
  yield { type: 'end', text: '' };
}

/** labels.Parse, with its messages. Throws SelectorError. */
export function parseLabelSelector(text: string): LabelSelector {
  return new LabelParser(text).parse().sort(byKey);
}

class LabelParser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = [...tokens(text)];
  }

  parse(): Requirement[] {
    const requirements: Requirement[] = [];
    for (;;) {
      const next = this.#value();
      if (next.type === 'end') return requirements;
      if (next.type !== 'identifier' && next.type !== '!') {
        throw new SelectorError(`found '${next.text}', expected: !, identifier, or 'end of string'`);
      }
      requirements.push(this.#requirement());
      const { type, text } = this.#takeValue();
      if (type === 'end') return requirements;
      if (type !== ',') throw new SelectorError(`found '${text}', expected: ',' or 'end of string'`);
      const after = this.#value();
      if (after.type !== 'identifier' && after.type !== '!') {
        throw new SelectorError(`found '${after.text}', expected: identifier after ','`);
      }
    }
  }

  #requirement(): Requirement {
    try {
      const requirement = this.#keyAndValues();
      const problems = requirement.values.flatMap((value) => labelValueProblems(value));
      if (requirement.operator === 'gt' || requirement.operator === 'lt') {
        const value = requirement.values[0]!;
        if (int64(value) === undefined) {
          throw new SelectorError(
            `values[0]: Invalid value: "${value}": for 'Gt', 'Lt' operators, the value must be an integer`,
          );
        }
      }
      if (problems.length > 0) {
        const value = requirement.values.find((each) => labelValueProblems(each).length > 0)!;
        const index = requirement.values.indexOf(value);
        throw new SelectorError(
          `values[${index}][${requirement.key}]: Invalid value: ${JSON.stringify(value)}: ${problems.join('; ')}`,
        );
      }
      return requirement;
    } catch (error) {
      if (error instanceof SelectorError) throw new SelectorError(`unable to parse requirement: ${error.message}`);
      throw error;
    }
  }

  #keyAndValues(): Requirement {
    let token = this.#takeValue();
    const negated = token.type === '!';
    if (negated) token = this.#takeValue();
    if (token.type !== 'identifier') throw new SelectorError(`found '${token.text}', expected: identifier`);
    const key = token.text;
    const problems = qualifiedNameProblems(key);
    if (problems.length > 0) {
      throw new SelectorError(`<nil>: Invalid value: ${JSON.stringify(key)}: ${problems.join('; ')}`);
    }
    const next = this.#value().type;
    if (negated) return { key, operator: '!', values: [] };
    if (next === 'end' || next === ',') return { key, operator: 'exists', values: [] };
    const operator = this.#operator();
    return { key, operator, values: operator === 'in' || operator === 'notin' ? this.#set() : this.#exact() };
  }

  #operator(): Operator {
    const { type, text } = this.#tokens[this.#at++]!;
    if (type === '>') return 'gt';
    if (type === '<') return 'lt';
    if (type === 'in' || type === 'notin' || type === '=' || type === '==' || type === '!=') return type;
    throw new SelectorError(`found '${text}', expected: in, notin, =, ==, !=, gt, lt`);
  }

  #set(): readonly string[] {
    const open = this.#takeValue();
    if (open.type !== '(') throw new SelectorError(`found '${open.text}' expected: '('`);
    const first = this.#value();
    if (first.type === ')') {
      this.#takeValue();
      return [''];
    }
    if (first.type !== 'identifier' && first.type !== ',') {
      throw new SelectorError(`found '${first.text}', expected: ',', ')' or identifier`);
    }
    const values = this.#identifiers();
    if (this.#takeValue().type !== ')') throw new SelectorError(`found '${first.text}', expected: ')'`);
    return [...values].sort();
  }

  #identifiers(): Set<string> {
    const values = new Set<string>();
    for (;;) {
      const { type, text } = this.#takeValue();
      const next = this.#value();
      if (type === 'identifier') {
        values.add(text);
        if (next.type === ')') return values;
        if (next.type !== ',') throw new SelectorError(`found '${next.text}', expected: ',' or ')'`);
      } else if (type === ',') {
        if (values.size === 0 || next.type === ',') values.add('');
        if (next.type === ')') return values.add('');
      } else throw new SelectorError(`found '${text}', expected: ',', or identifier`);
    }
  }

  #exact(): readonly string[] {
    const next = this.#value();
    if (next.type === 'end' || next.type === ',') return [''];
    this.#takeValue();
    if (next.type === 'identifier') return [next.text];
    throw new SelectorError(`found '${next.text}', expected: identifier`);
  }

  /** The next token where `in` and `notin` are words like others. */
  #value(): Token {
    const token = this.#tokens[Math.min(this.#at, this.#tokens.length - 1)]!;
    return KEYWORDS.includes(token.type) ? { type: 'identifier', text: token.text } : token;
  }

  #takeValue(): Token {
    const token = this.#value();
    this.#at++;
    return token;
  }
}

export interface FieldTerm {
  readonly field: string;
  readonly negated: boolean;
  readonly value: string;
}

export type FieldSelector = readonly FieldTerm[];

/** fields.ParseSelector, with its messages. Throws SelectorError. */
export function parseFieldSelector(text: string): FieldSelector {
  const terms = (text.match(/(?:\\[\s\S]|[^,\\])+/g) ?? []).sort();
  return terms.map((term) => {
    const match = /^([\s\S]*?)(!=|==|=)([\s\S]*)$/.exec(term);
    if (!match) throw new SelectorError(`invalid selector: '${text}'; can't understand '${term}'`);
    const [, field, operator, value] = match;
    return { field: field!, negated: operator === '!=', value: unescapeValue(value!) };
  });
}

function unescapeValue(value: string): string {
  return value.replace(/\\([\s\S]?)|[,=]/g, (sequence, escaped: string | undefined) => {
    if (escaped === undefined) {
      throw new SelectorError(`invalid field selector: unescaped character in value: ${sequence.charCodeAt(0)}`);
    }
    if (escaped === '' || !'\\,='.includes(escaped)) {
      throw new SelectorError(`invalid field selector: invalid escape sequence: ${sequence}`);
    }
    return escaped;
  });
}
