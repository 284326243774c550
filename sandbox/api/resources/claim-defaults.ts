/** Defaults of claims and of the claim templates inside StatefulSets (SetDefaults_PersistentVolumeClaim). */

import type { PersistentVolumeClaim } from '../types.ts';
import { change, fill, put } from './shared.ts';

type Claim = Pick<PersistentVolumeClaim, 'spec' | 'status'>;

export function defaultClaim<T extends Claim>(claim: T): T {
  const next = change(claim, 'spec', (spec) => {
    const filled = fill(spec, { volumeMode: 'Filesystem', resources: {} });
    return mirrorDataSource(filled);
  });
  return put(next, 'status', fill(claim.status ?? {}, { phase: 'Pending' }));
}

type ClaimSpec = NonNullable<Claim['spec']>;

/** NormalizeDataSources: each of dataSource and dataSourceRef stands for the other. */
function mirrorDataSource(spec: ClaimSpec): ClaimSpec {
  const { dataSource, dataSourceRef } = spec;
  if (dataSource && !dataSourceRef) return { ...spec, dataSourceRef: dataSource };
  if (dataSourceRef && !dataSource && !dataSourceRef.namespace) return { ...spec, dataSource: dataSourceRef };
  return spec;
}
