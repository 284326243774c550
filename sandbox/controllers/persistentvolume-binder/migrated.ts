/** What was built in once and CSI drivers have taken over (k8s.io/csi-translation-lib/plugins). */

import type { PersistentVolume } from '../../api/types.ts';

/** Drivers by the plugin's old name. */
export const MIGRATED: Readonly<Record<string, string>> = {
  'kubernetes.io/aws-ebs': 'ebs.csi.aws.com',
  'kubernetes.io/azure-disk': 'disk.csi.azure.com',
  'kubernetes.io/azure-file': 'file.csi.azure.com',
  'kubernetes.io/cinder': 'cinder.csi.openstack.org',
  'kubernetes.io/gce-pd': 'pd.csi.storage.gke.io',
  'kubernetes.io/portworx-volume': 'pxd.portworx.com',
  'kubernetes.io/vsphere-volume': 'csi.vsphere.vmware.com',
};

type Source = keyof NonNullable<PersistentVolume['spec']>;

/** Plugins by the source of their volumes. */
const PLUGINS: Readonly<Partial<Record<Source, string>>> = {
  awsElasticBlockStore: 'kubernetes.io/aws-ebs',
  azureDisk: 'kubernetes.io/azure-disk',
  azureFile: 'kubernetes.io/azure-file',
  cinder: 'kubernetes.io/cinder',
  gcePersistentDisk: 'kubernetes.io/gce-pd',
  portworxVolume: 'kubernetes.io/portworx-volume',
  vsphereVolume: 'kubernetes.io/vsphere-volume',
};

/** GetInTreePluginNameFromSpec; undefined of a volume that nobody took over. */
export function migratedPlugin({ spec = {} }: PersistentVolume): string | undefined {
  for (const [source, plugin] of Object.entries(PLUGINS)) if (source in spec) return plugin;
  return undefined;
}
