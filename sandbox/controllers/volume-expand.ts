/** The volume expand controller: larger claims of volumes no built-in plugin can grow wait for an external one (pkg/controller/volume/expand). */

import { compareQuantities } from '../api/quantity.ts';
import type { PersistentVolumeClaim } from '../api/types.ts';
import type { ControllerContext } from './context.ts';
import { keyOf, splitKey } from './context.ts';
import { requestOf, withAnnotations } from './persistentvolume-binder/claims.ts';
import { MIGRATED, migratedPlugin } from './persistentvolume-binder/migrated.ts';
import { WorkQueue } from './work-queue.ts';

const RESIZER = 'volume.kubernetes.io/storage-resizer';

const isTooSmall = (claim: PersistentVolumeClaim): boolean =>
  claim.status?.phase === 'Bound' && compareQuantities(requestOf(claim), claim.status.capacity?.storage ?? 0) > 0;

export function startVolumeExpandController({ client, clock, random, recorder }: ControllerContext): void {
  const claims = client.informer('persistentvolumeclaims');
  const reconcile = (key: string) => {
    const claim = claims.get(...splitKey(key));
    if (!claim || !isTooSmall(claim)) return;
    const volume = client.get('persistentvolumes', '', claim.spec?.volumeName ?? '');
    if (!volume) return;
    const plugin = migratedPlugin(volume);
    if (!plugin) {
      recorder.event(claim, 'Normal', 'ExternalExpanding', 'waiting for an external controller to expand this PVC');
      return;
    }
    const message = `CSI migration enabled for ${plugin}; waiting for external resizer to expand the pvc`;
    recorder.event(claim, 'Normal', 'ExternalExpanding', message);
    client.update('persistentvolumeclaims', withAnnotations(claim, { [RESIZER]: MIGRATED[plugin]! }));
  };
  const queue = new WorkQueue({ clock, random, reconcile });
  claims.handle({
    updated: (before, claim) => {
      if (isTooSmall(claim) && compareQuantities(requestOf(claim), requestOf(before)) > 0) queue.add(keyOf(claim));
    },
  });
}
