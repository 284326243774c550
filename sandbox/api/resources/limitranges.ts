/** LimitRange (pkg/registry/core/limitrange, pkg/apis/core/v1/defaults.go). */

import type { Resource } from '../resource.ts';
import type { LimitRange } from '../types.ts';
import { created, named, printed } from './columns.ts';
import { change, each, fill } from './shared.ts';
import { validateLimitRange } from './validation/policies.ts';

type Item = NonNullable<LimitRange['spec']>['limits'][number];

export const limitRanges: Resource<LimitRange> = {
  group: '',
  version: 'v1',
  kind: 'LimitRange',
  name: 'limitranges',
  singular: 'limitrange',
  shortNames: ['limits'],
  namespaced: true,
  schema: 'io.k8s.api.core.v1.LimitRange',

  defaults: (range) => change(range, 'spec', (spec) => change(spec, 'limits', (limits) => each(limits, defaultItem))),
  validate: validateLimitRange,

  ...printed<LimitRange>([named, created]),
};

/** SetDefaults_LimitRangeItem: what a container may have at most it has by default, and what it has it asks for. */
function defaultItem(item: Item): Item {
  if (item.type !== 'Container') return item;
  const limits = fill(item.default ?? {}, item.max ?? {});
  const requests = fill(fill(item.defaultRequest ?? {}, limits), item.min ?? {});
  return { ...item, default: limits, defaultRequest: requests };
}
