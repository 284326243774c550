/** The schema a kind is merged by, from the API room's own cut of Kubernetes' OpenAPI document. */

import type { Schema } from '../../api/resource.ts';
import { definition, definitionNames } from '../../api/schema/schemas.ts';
import type { Mapping } from '../client/mapper.ts';

let known: ReadonlySet<string> | undefined;

/** Undefined for kinds that are not built in: those merge as JSON. */
export function schemaFor({ group, version, kind }: Pick<Mapping, 'group' | 'version' | 'kind'>): Schema | undefined {
  known ??= new Set(definitionNames());
  const name = `io.k8s.api.${group.split('.')[0] || 'core'}.${version}.${kind}`;
  return known.has(name) ? definition(name) : undefined;
}
