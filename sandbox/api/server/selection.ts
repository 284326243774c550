/** Which objects of a collection a list or watch means: its namespace, name, label and field selectors. */

import { badRequest } from '../errors.ts';
import type { ApiRequest } from '../http.ts';
import type { KubeObject } from '../object.ts';
import type { Endpoint } from '../registry/registry.ts';
import type { Resource } from '../resource.ts';
import type { FieldSelector, LabelSelector } from '../selectors.ts';
import { matchesLabels, parseFieldSelector, parseLabelSelector, SelectorError } from '../selectors.ts';
import type { ResourcePath } from './request.ts';
import { parameter } from './request.ts';

export interface Selection {
  readonly endpoint: Endpoint;
  readonly namespace: string;
  /** Whether an object of the collection is meant. */
  matches(object: KubeObject): boolean;
  readonly everything: boolean;
}

export function selection(request: ApiRequest, endpoint: Endpoint, path: ResourcePath): Selection {
  const { resource } = endpoint;
  const namespace = resource.namespaced ? path.namespace : '';
  const labels = parsed(parameter(request, 'labelSelector'), parseLabelSelector);
  const fields = parsed(parameter(request, 'fieldSelector'), parseFieldSelector);
  for (const { field } of fields) checkField(resource, field);
  return {
    endpoint,
    namespace,
    everything: labels.length === 0 && fields.length === 0 && !path.name,
    matches: (object) =>
      (!namespace || object.metadata.namespace === namespace) &&
      (!path.name || object.metadata.name === path.name) &&
      matchesLabels(labels, object.metadata.labels) &&
      meetsFields(resource, fields, object),
  };
}

function parsed<T extends LabelSelector | FieldSelector>(text: string | undefined, parse: (text: string) => T): T {
  try {
    return parse(text ?? '');
  } catch (error) {
    if (error instanceof SelectorError) throw badRequest(error.message);
    throw error;
  }
}

const COMMON: Readonly<Record<string, (object: KubeObject) => string>> = {
  'metadata.name': ({ metadata }) => metadata.name,
  'metadata.namespace': ({ metadata }) => metadata.namespace ?? '',
};

/** runtime.DefaultMetaV1FieldSelectorConversion, or the kind's own list. */
function checkField({ selectableFields }: Resource, field: string): void {
  if (COMMON[field] || selectableFields?.[field]) return;
  throw badRequest(
    selectableFields
      ? `field label not supported: ${field}`
      : `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`,
  );
}

function meetsFields({ selectableFields }: Resource, fields: FieldSelector, object: KubeObject): boolean {
  return fields.every(({ field, negated, value }) => {
    const read = COMMON[field] ?? selectableFields![field]!;
    return (read(object) === value) !== negated;
  });
}
