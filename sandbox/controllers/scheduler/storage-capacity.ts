/** Whether a driver that reports its capacity has enough of it within a node's reach (binder.go, hasEnoughCapacity). */

import type { Client } from '../../api/client.ts';
import { compareQuantities } from '../../api/quantity.ts';
import type { CSIStorageCapacity, Node, PersistentVolumeClaim, StorageClass } from '../../api/types.ts';
import { matcher } from '../label-selector.ts';

export function hasEnoughCapacity(
  client: Client,
  { spec }: PersistentVolumeClaim,
  { metadata, provisioner }: StorageClass,
  node: Node,
): boolean {
  const size = spec?.resources?.requests?.storage;
  if (size === undefined || !client.get('csidrivers', '', provisioner)?.spec.storageCapacity) return true;
  return client
    .list('csistoragecapacities', '')
    .some(
      (capacity) =>
        capacity.storageClassName === metadata.name && isSufficient(capacity, size) && isWithinReach(capacity, node),
    );
}

/** The largest volume, where the driver knows it, tells more than the sum. */
function isSufficient({ maximumVolumeSize, capacity }: CSIStorageCapacity, size: string | number): boolean {
  const limit = maximumVolumeSize ?? capacity;
  return limit !== undefined && compareQuantities(limit, size) >= 0;
}

const isWithinReach = ({ nodeTopology }: CSIStorageCapacity, { metadata }: Node): boolean =>
  matcher(nodeTopology)(metadata.labels);
