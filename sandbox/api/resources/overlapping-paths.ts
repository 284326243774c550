/** Volumes that put two of their files in one place, or one below the other (warningsForOverlappingVirtualPaths in pkg/api/pod/warnings.go). */

import type { Volume } from '../types.ts';

type Projection = NonNullable<NonNullable<Volume['projected']>['sources']>[number];
interface Item {
  readonly path: string;
}

const quoted = JSON.stringify;
const paths = (items: readonly Item[]): readonly string[] => items.map(({ path }) => path);

export function overlappingPaths(volumes: readonly Volume[]): readonly string[] {
  const out: string[] = [];
  for (const { name, configMap, secret, downwardAPI, projected } of volumes) {
    const volume = `volume ${quoted(name)}`;
    if (configMap?.items)
      collisions(out, paths(configMap.items), `${volume} (ConfigMap ${quoted(configMap.name ?? '')})`);
    if (secret?.items) collisions(out, paths(secret.items), `${volume} (Secret ${quoted(secret.secretName ?? '')})`);
    if (downwardAPI?.items) collisions(out, paths(downwardAPI.items), `${volume} (DownwardAPI)`);
    projections(out, projected?.sources ?? [], volume);
  }
  return out;
}

function projections(out: string[], sources: readonly Projection[], volume: string): void {
  const all = new Set<string>();
  for (const source of sources) {
    if (Object.keys(source).length === 0) {
      out.push(`${volume} (Projected) has no sources provided`);
      continue;
    }
    const [own, what] = projected(source);
    if (own.length === 0) continue;
    const told = `${volume} (Projected ${what})`;
    collisions(out, own, told);
    const unique = new Set(own);
    collisions(out, [...unique, ...all].sort(), told);
    for (const path of unique) all.add(path);
  }
}

function projected(source: Projection): readonly [readonly string[], string] {
  const { configMap, secret, downwardAPI, serviceAccountToken, clusterTrustBundle: bundle } = source;
  if (configMap?.items) return [paths(configMap.items), `ConfigMap ${quoted(configMap.name ?? '')}`];
  if (secret?.items) return [paths(secret.items), `Secret ${quoted(secret.name ?? '')}`];
  if (downwardAPI?.items) return [paths(downwardAPI.items), 'DownwardAPI'];
  if (serviceAccountToken) return [[serviceAccountToken.path], 'ServiceAccountToken'];
  if (bundle) return [[bundle.path], `ClusterTrustBundle ${quoted(bundle.name ?? bundle.signerName ?? '')}`];
  return [[], ''];
}

/** checkVolumeMappingForOverlap. */
function collisions(out: string[], given: readonly string[], told: string): void {
  const seen = new Set<string>();
  for (const path of given.map((each = '') => each.replace(/\/+$/, ''))) {
    const other = overlaps(seen, path);
    if (other) out.push(`${told}: overlapping paths: ${quoted(path)} with ${quoted(other)}`);
    seen.add(path);
  }
}

function overlaps(seen: ReadonlySet<string>, path: string): string | undefined {
  for (const other of seen) {
    if (other === '' || path === '') return undefined;
    if (other === path || `${other}/`.startsWith(path) || `${path}/`.startsWith(other)) return other;
  }
  return undefined;
}
