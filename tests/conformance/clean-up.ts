/** What the recorder did between two stages without writing it down: everything of the stage before was deleted, events too. */

import type { ServedCluster } from './cluster.ts';
import type { RecordedCommand } from './transcript.ts';

/** In these, a stage begins with a clean cluster where there was time to clean it. */
const CLEANED = new Set(['errors', 'scenarios', 'beyond']);
const CLEANING_MS = 1_800;
/** Within a stage, before these commands: only the class was left, which the command then deletes. */
const CLEANED_BEFORE: Readonly<Record<string, readonly number[]>> = { errors: [261, 268] };
const LEAD_MS = 100;

const WORKLOADS = [
  '/apis/apps/v1/namespaces/default/deployments',
  '/apis/apps/v1/namespaces/default/statefulsets',
  '/apis/apps/v1/namespaces/default/daemonsets',
  '/apis/apps/v1/namespaces/default/replicasets',
  '/apis/batch/v1/namespaces/default/cronjobs',
  '/apis/batch/v1/namespaces/default/jobs',
  '/apis/policy/v1/namespaces/default/poddisruptionbudgets',
  '/api/v1/namespaces/default/pods',
];
const REST = [
  '/api/v1/namespaces/default/persistentvolumeclaims',
  '/api/v1/persistentvolumes',
  '/api/v1/namespaces/default/resourcequotas',
  '/api/v1/namespaces/default/limitranges',
];
const CLASSES = '/apis/storage.k8s.io/v1/storageclasses';
const EVENTS = '/api/v1/namespaces/default/events';

export function wasCleaned(transcript: string, before: RecordedCommand, next: RecordedCommand): boolean {
  if (CLEANED_BEFORE[transcript]?.includes(next.n)) return true;
  if (!CLEANED.has(transcript) || before.stage === next.stage) return false;
  return Date.parse(next.at) - Date.parse(before.at) - before.ms > CLEANING_MS;
}

/** Ends just before `next`, a moment of the cluster's clock. */
export async function cleanUp({ url, pace }: ServedCluster, next: number, withClasses: boolean): Promise<void> {
  const remove = (path: string) =>
    fetch(url + path, {
      method: 'DELETE',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ gracePeriodSeconds: 0, propagationPolicy: 'Background' }),
    });
  for (const path of WORKLOADS) await remove(path);
  for (const path of withClasses ? [...REST, CLASSES] : REST) await remove(path);
  await pace.reach(next - LEAD_MS * 2);
  for (const path of ['/api/v1/namespaces/default/pods', ...REST]) await remove(path);
  await pace.reach(next - LEAD_MS);
  await remove(EVENTS);
}
