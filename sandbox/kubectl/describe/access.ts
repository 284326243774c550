/** Roles and their bindings (kubectl pkg/describe/describe.go RoleDescriber and its sisters). */

import type { KubeObject } from '../../api/object.ts';
import type { Task } from '../../sim/task.ts';
import { annotations, labels } from './metadata.ts';
import { type Rule, ruleCells } from './rules.ts';
import type { Writer } from './writer.ts';

interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

function head(w: Writer, { metadata }: KubeObject): void {
  w.line(0, `Name:\t${metadata.name}`);
  labels(w, 'Labels', metadata.labels);
  annotations(w, 'Annotations', metadata.annotations);
}

export function* role(w: Writer, object: KubeObject & { readonly rules?: readonly Rule[] | null }): Task<void> {
  head(w, object);
  w.line(0, 'PolicyRule:');
  w.line(1, 'Resources\tNon-Resource URLs\tResource Names\tVerbs');
  w.line(1, '---------\t-----------------\t--------------\t-----');
  for (const cells of ruleCells(object.rules ?? [])) w.line(1, cells.join('\t'));
}

interface Binding extends KubeObject {
  readonly roleRef: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly Subject[];
}

export function* roleBinding(w: Writer, object: Binding): Task<void> {
  head(w, object);
  w.line(0, 'Role:');
  w.line(1, `Kind:\t${object.roleRef.kind}`);
  w.line(1, `Name:\t${object.roleRef.name}`);
  w.line(0, 'Subjects:');
  w.line(1, 'Kind\tName\tNamespace');
  w.line(1, '----\t----\t---------');
  for (const { kind, name, namespace = '' } of object.subjects ?? []) w.line(1, `${kind}\t${name}\t${namespace}`);
}
