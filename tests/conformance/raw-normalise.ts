/** Takes out of a JSON answer what differs between two real clusters, each rule with what it is. */

import { LETTER, UID } from './names.ts';

const RULES: readonly (readonly [what: string, pattern: RegExp, put: string])[] = [
  ['uids', UID, '<uid>'],
  ['hashes of templates', new RegExp(`(-|pod-template-hash=)${LETTER}{8,10}(?![a-z0-9])`, 'g'), '$1<hash>'],
  ['a hash of a template by itself', new RegExp(`^${LETTER}{8,10}$`), '<hash>'],
  ['generated names', new RegExp(`-${LETTER}{5}\\b`, 'g'), '-<suffix>'],
  ['names of events', /\.[0-9a-f]{16}\b/g, '.<event>'],
  ['addresses of pods and services', /\b10\.(?:244|96)\.\d+\.\d+\b/g, '<ip>'],
  ["the API server's port", /(^|:)[67]443$/, '$1<port>'],
  ['ages', /^\d+(?:m?s|m\d+s|h)$/, '<age>'],
  ['ids of containers and images', /\b(?:sha256:|containerd:\/\/)[0-9a-f]{64}/g, '<digest>'],
  ['hashes of schemas', /\?hash=[0-9A-F]+$/, '?hash=<hash>'],
  ['revisions in messages', /\bcurrent: \d+$/, 'current: <revision>'],
];
/** Which of two equal nodes a pod came to. */
const NODE_CHOICE = /\bnode0[12]\b|\b192\.168\.120\.23[23]\b/g;
const POD_PATH = /\/pods\b/;
/** Times and revisions, by the name of their field. */
const MOMENT = /^(resourceVersion|time|startedAt|.*Timestamp|.*Time)$/;
const DISTRIBUTIONS_OWN = 'openshift-service-ca.crt';

export function normalisedAnswer(path: string, answer: unknown): unknown {
  const text = (value: string): string => {
    const plain = RULES.reduce((before, [, pattern, put]) => before.replace(pattern, put), value);
    return POD_PATH.test(path) ? plain.replace(NODE_CHOICE, '<node>') : plain;
  };
  const visit = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value);
    if (Array.isArray(value)) return inOrder(value.filter((item) => !isDistributionsOwn(item)).map(visit));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .map(([name, inner]): [string, unknown] => [text(name), field(path, name, inner) ?? visit(inner)])
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  };
  return visit(answer);
}

/**
 * Items whose names are generated come in any order; so do the entries of managedFields, which are sorted by the second of
 * their write before anything else.
 */
function inOrder(items: readonly unknown[]): readonly unknown[] {
  const loose = items
    .filter(comesInAnyOrder)
    .map((item) => [JSON.stringify(item), item] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return items.map((item) => (comesInAnyOrder(item) ? loose.shift()![1] : item));
}

interface Item {
  readonly fieldsV1?: object;
  readonly metadata?: { readonly name?: string };
  /** A row's object, or a watch event's Table. */
  readonly object?: Item;
  readonly rows?: readonly Item[];
}

function comesInAnyOrder(item: unknown): boolean {
  if (typeof item !== 'object' || item === null) return false;
  const { fieldsV1, metadata, object, rows } = item as Item;
  const name =
    metadata?.name ??
    object?.metadata?.name ??
    rows?.[0]?.object?.metadata?.name ??
    object?.rows?.[0]?.object?.metadata?.name;
  return fieldsV1 !== undefined || (name?.includes('-<suffix>') ?? false);
}

function field(path: string, name: string, value: unknown): unknown {
  if (typeof value === 'string' && MOMENT.test(name)) return '<>';
  if (typeof value === 'string' && name === 'continue') return continued(value);
  // The stand-in's events and the controllers' were not counted when the recorder asked.
  if (name === 'remainingItemCount' && path.includes('/events')) return '<count>';
  return undefined;
}

/** Where a page ended: a revision, and a name that may be generated. */
function continued(token: string): unknown {
  const { v, start } = JSON.parse(atob(token.replaceAll('-', '+').replaceAll('_', '/'))) as Record<string, string>;
  return { v, start: RULES.reduce((before, [, pattern, put]) => before.replace(pattern, put), start ?? '') };
}

const isDistributionsOwn = (item: unknown): boolean =>
  (item as { object?: { metadata?: { name?: string } } } | null)?.object?.metadata?.name === DISTRIBUTIONS_OWN;
