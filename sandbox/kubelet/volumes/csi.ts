/** csi: no driver is registered on the lab's nodes, and the kubelet says so (pkg/volume/csi/csi_attacher.go, csi_mounter.go). */

import type { Task } from '../../sim/task.ts';
import { MountError, type MountRequest, NotAttached, type VolumePlugin } from './plugin.ts';

export const csi: VolumePlugin = {
  name: 'kubernetes.io~csi',

  *setUp({ volume, sources }: MountRequest): Task<void> {
    if (volume.volume && !sources.isAttached(volume.volume)) throw new NotAttached();
    const reason = `driver name ${volume.source.csi!.driver} not found in the list of registered CSI drivers`;
    if (!volume.volume) {
      throw new MountError(`kubernetes.io/csi: mounter.SetUpAt failed to get CSI client: ${reason}`);
    }
    throw new MountError(
      `kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: ${reason}`,
      'MountVolume.MountDevice',
    );
  },

  *tearDown(): Task<void> {},
};
