/** Server-side printing: objects as meta.k8s.io/v1 Tables (apiserver pkg/endpoints/handlers/response.go, pkg/printers). */

import type { KubeObject } from '../object.ts';
import type { Endpoint } from '../registry/registry.ts';
import { created } from '../resources/columns.ts';
import type { Encoder } from './encode.ts';

export interface TableOptions {
  readonly include: 'None' | 'Metadata' | 'Object';
  /** `meta.k8s.io/v1`. */
  readonly groupVersion: string;
}

export interface TableWriter {
  /** A Table of these objects; `metadata` is JSON. */
  table(objects: readonly KubeObject[], metadata: string, withColumns?: boolean): string;
  /** The same as a value; undefined where whole objects are wanted. */
  value(objects: readonly KubeObject[], metadata: string): unknown;
}

export function tableWriter(
  endpoint: Endpoint,
  encoder: Encoder,
  now: number,
  { include, groupVersion }: TableOptions,
): TableWriter {
  const { resource } = endpoint;
  const row = (object: KubeObject): string => {
    const cells = JSON.stringify(resource.row(object, { now }));
    if (include === 'None') return `{"cells":${cells},"object":null}`;
    const whole = include === 'Object' ? encoder.object(endpoint, object) : encoder.partial(object, groupVersion);
    return `{"cells":${cells},"object":${whole}}`;
  };
  const rowValue = (object: KubeObject): object => ({
    cells: resource.row(object, { now }),
    object: include === 'None' ? null : encoder.partialValue(object, groupVersion),
  });
  const writer: TableWriter = {
    table: (objects, metadata, withColumns = true) =>
      `{"kind":"Table","apiVersion":"${groupVersion}","metadata":${metadata},"columnDefinitions":${
        withColumns ? columnDefinitions(endpoint) : 'null'
      },"rows":${objects.length > 0 || !isDefault(endpoint) ? `[${objects.map(row).join(',')}]` : 'null'}}`,
    value(objects, metadata) {
      if (include === 'Object') return undefined;
      const empty = JSON.parse(writer.table([], metadata)) as object;
      return objects.length > 0 ? { ...empty, rows: objects.map(rowValue) } : empty;
    },
  };
  return writer;
}

/** Kinds without a printer of their own: rest.NewDefaultTableConvertor, whose list of rows stays nil without objects. */
const isDefault = ({ resource }: Endpoint): boolean => resource.columns[1] === created.column;

const definitions = new WeakMap<object, string>();

function columnDefinitions({ resource }: Endpoint): string {
  const { columns } = resource;
  let text = definitions.get(columns);
  if (text === undefined) {
    text = JSON.stringify(
      columns.map(({ name, type, format = '', description, priority }) => ({
        name,
        type,
        format,
        description,
        priority,
      })),
    );
    definitions.set(columns, text);
  }
  return text;
}
