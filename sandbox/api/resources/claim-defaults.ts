/** Defaults of claims and of the claim templates inside StatefulSets (SetDefaults_PersistentVolumeClaim), and a claim's sources (pkg/api/persistentvolumeclaim). */

import type { PersistentVolumeClaim } from '../types.ts';
import { change, fill, put, without } from './shared.ts';

type Claim = Pick<PersistentVolumeClaim, 'spec' | 'status'>;

export function defaultClaim<T extends Claim>(claim: T): T {
  const next = change(claim, 'spec', (spec) => fill(spec, { volumeMode: 'Filesystem', resources: {} }));
  return put(next, 'status', fill(claim.status ?? {}, { phase: 'Pending' }));
}

type ClaimSpec = NonNullable<Claim['spec']>;

/** What its strategy does to the sources of a claim that is created or changed. */
export const withSources = <T extends Claim>(claim: T, before?: Claim): T =>
  change(claim, 'spec', (spec) => normalized(compatible(withoutForeignSource(spec, before?.spec), before?.spec)));

/** DropDisabledFields: a source in another namespace is an alpha feature (CrossNamespaceVolumeDataSource). */
const withoutForeignSource = (spec: ClaimSpec, before: ClaimSpec | undefined): ClaimSpec =>
  spec.dataSourceRef?.namespace && !before?.dataSourceRef ? without(spec, 'dataSourceRef') : spec;

/** EnforceDataSourceBackwardsCompatibility: through dataSource alone, whatever is no claim or snapshot is silently dropped. */
function compatible(spec: ClaimSpec, before: ClaimSpec | undefined): ClaimSpec {
  if (before?.dataSource || before?.dataSourceRef || spec.dataSourceRef || !spec.dataSource) return spec;
  const { apiGroup, kind } = spec.dataSource;
  const isKnown = apiGroup ? `${kind}.${apiGroup}` === SNAPSHOT : kind === 'PersistentVolumeClaim';
  return isKnown ? spec : without(spec, 'dataSource');
}

const SNAPSHOT = 'VolumeSnapshot.snapshot.storage.k8s.io';

/** NormalizeDataSources: each of dataSource and dataSourceRef stands for the other. */
function normalized(spec: ClaimSpec): ClaimSpec {
  const { dataSource, dataSourceRef } = spec;
  if (dataSource && !dataSourceRef) return { ...spec, dataSourceRef: dataSource };
  if (dataSourceRef && !dataSource && !dataSourceRef.namespace) return { ...spec, dataSource: dataSourceRef };
  return spec;
}
