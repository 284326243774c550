/** Which plugin mounts which kind of source. */

import { configMap, downwardAPI, projected, secret } from './api-files.ts';
import { csi } from './csi.ts';
import { emptyDir } from './empty-dir.ts';
import { hostPath } from './host-path.ts';
import { local } from './local.ts';
import { nfs } from './nfs.ts';
import { MountError, type VolumePlugin } from './plugin.ts';
import type { ResolvedVolume, Source } from './volume.ts';

const PLUGINS = {
  nfs,
  hostPath,
  emptyDir,
  configMap,
  secret,
  downwardAPI,
  projected,
  local,
  csi,
} as const satisfies Partial<Record<keyof Source, VolumePlugin>>;

export function pluginOf(volume: ResolvedVolume): VolumePlugin {
  for (const [kind, plugin] of Object.entries(PLUGINS)) {
    if (volume.source[kind as keyof typeof PLUGINS] !== undefined) return plugin;
  }
  throw new MountError('no volume plugin matched');
}
