/**
 * A kind's Table: each column with the description upstream takes from its API documentation, and its cell
 * (pkg/printers/internalversion/printers.go).
 */

import { age } from '../age.ts';
import type { Json, KubeObject } from '../object.ts';
import type { Column, Resource, TableContext } from '../resource.ts';
import type { PodTemplateSpec } from '../types.ts';
import { templateCells } from './cells.ts';

const nameDescription =
  'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names';
const creationDescription =
  'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata';

/** A column and what an object shows in it. */
export interface Printed<T> {
  readonly column: Column;
  readonly cell: (object: T, context: TableContext) => Json;
}

type Cell<T> = Printed<T>['cell'];

export const column = <T>(
  name: string,
  type: Column['type'],
  description: string,
  cell: Cell<T>,
  priority: 0 | 1 = 0,
): Printed<T> => ({ column: { name, type, description, priority }, cell });
export const text = <T>(name: string, description: string, cell: Cell<T>): Printed<T> =>
  column(name, 'string', description, cell);
/** Shown by `-o wide`. */
export const wide = <T>(name: string, description: string, cell: Cell<T>): Printed<T> =>
  column(name, 'string', description, cell, 1);
export const count = <T>(name: string, description: string, cell: Cell<T>): Printed<T> =>
  column(name, 'integer', description, cell);
/** A name, which `-o name` and sorting know as such. */
export const nameOf = <T>(name: string, description: string, cell: Cell<T>, priority: 0 | 1 = 0): Printed<T> => ({
  column: { name, type: 'string', format: 'name', description, priority },
  cell,
});

export const named = nameOf('Name', nameDescription, ({ metadata }: KubeObject) => metadata.name);
export const namedLast = nameOf('Name', nameDescription, ({ metadata }: KubeObject) => metadata.name, 1);
export const aged = text('Age', creationDescription, ({ metadata }: KubeObject, { now }) =>
  age(metadata.creationTimestamp, now),
);
/** Of kinds that have no columns of their own. */
export const created = column(
  'Created At',
  'date',
  creationDescription,
  ({ metadata }: KubeObject) => metadata.creationTimestamp,
);

/** Containers and images of a pod template. */
export const templateColumns = <T>(template: (object: T) => PodTemplateSpec | undefined): Printed<T>[] => [
  wide('Containers', 'Names of each container in the template.', (object) => templateCells(template(object))[0]),
  wide(
    'Images',
    'Images referenced by each container in the template.',
    (object) => templateCells(template(object))[1],
  ),
];

/** What a Resource has of it. */
export function printed<T extends KubeObject>(table: readonly Printed<T>[]): Pick<Resource<T>, 'columns' | 'row'> {
  const cells = table.map(({ cell }) => cell);
  return {
    columns: table.map((one) => one.column),
    row: (object, context) => cells.map((cell) => cell(object, context)),
  };
}
