/** Kinds without a describer of their own: every field under a label made from its name (genericDescriber). */

import type { KubeObject } from '../../api/object.ts';
import type { Task } from '../../sim/task.ts';
import { byText } from '../text.ts';
import type { Context } from './describer.ts';
import { describeEvents } from './events.ts';
import { annotations, labels } from './metadata.ts';
import type { Writer } from './writer.ts';

const SKIPPED = new Set([
  '.metadata.managedFields',
  '.metadata.name',
  '.metadata.namespace',
  '.metadata.labels',
  '.metadata.annotations',
]);
const ACRONYMS = new Set(['API', 'URL', 'UID', 'GUID']);

export function* generic(w: Writer, object: KubeObject, { events, now }: Context): Task<void> {
  const { metadata } = object;
  w.line(0, `Name:\t${metadata.name}`);
  w.line(0, `Namespace:\t${metadata.namespace ?? ''}`);
  labels(w, 'Labels', metadata.labels);
  annotations(w, 'Annotations', metadata.annotations);
  content(w, 0, object as unknown as Record<string, unknown>, '');
  describeEvents(w, events, now);
}

function content(w: Writer, level: number, fields: Readonly<Record<string, unknown>>, prefix: string): void {
  for (const field of Object.keys(fields).sort(byText)) {
    const path = `${prefix}.${field}`;
    if (SKIPPED.has(path)) continue;
    const value = fields[field];
    if (Array.isArray(value)) {
      w.line(level, `${labelFor(field)}:`);
      for (const item of value) {
        if (item !== null && typeof item === 'object') content(w, level + 1, item as Record<string, unknown>, path);
        else w.line(level + 1, String(item));
      }
    } else if (value !== null && typeof value === 'object') {
      w.line(level, `${labelFor(field)}:`);
      content(w, level + 1, value as Record<string, unknown>, path);
    } else w.line(level, `${labelFor(field)}:\t${value === null ? '<nil>' : value}`);
  }
}

/** `resourceVersion` → `Resource Version`, `uid` → `UID`; names with other characters stay. */
function labelFor(field: string): string {
  if (/[^\p{L}-]/u.test(field)) return field;
  const parts = field.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|-/g) ?? [field];
  return parts
    .map((part) => (ACRONYMS.has(part.toUpperCase()) ? part.toUpperCase() : part[0]!.toUpperCase() + part.slice(1)))
    .join(' ');
}
