/** Volume sources that have left Kubernetes or are rarely met, in words (kubectl pkg/describe/describe.go); pods and volumes know most of them alike. */

type Source = Readonly<Record<string, unknown>>;
type From = string | ((source: Source) => unknown);

/** A sentence, and `label: field`. */
export type Words = readonly [sentence: string, fields: Readonly<Record<string, From>>];

const flag = (name: string) => (source: Source) => source[name] === true;
const number = (name: string) => (source: Source) => source[name] ?? 0;
/** A pointer to a struct, as Go's %v prints it. */
const reference = (source: Source): string => {
  const { name = '', namespace } = (source.secretRef ?? {}) as { name?: string; namespace?: string };
  if (!source.secretRef) return '<nil>';
  return namespace === undefined
    ? `&LocalObjectReference{Name:${name},}`
    : `&SecretReference{Name:${name},Namespace:${namespace},}`;
};
const goList = (name: string) => (source: Source) => `[${((source[name] ?? []) as readonly string[]).join(' ')}]`;
const readOnly = { ReadOnly: flag('readOnly') };

const disk = { FSType: 'fsType', Partition: number('partition'), ...readOnly };

/** Alike in pods and in volumes. */
const COMMON: Readonly<Record<string, Words>> = {
  awsElasticBlockStore: ['AWSElasticBlockStore (a Persistent Disk resource in AWS)', { VolumeID: 'volumeID', ...disk }],
  azureDisk: [
    'AzureDisk (an Azure Data Disk mount on the host and bind mount to the pod)',
    {
      DiskName: 'diskName',
      DiskURI: 'diskURI',
      'Kind: ': 'kind',
      FSType: 'fsType',
      CachingMode: 'cachingMode',
      ...readOnly,
    },
  ],
  cinder: [
    'Cinder (a Persistent Disk resource in OpenStack)',
    { VolumeID: 'volumeID', FSType: 'fsType', ...readOnly, SecretRef: reference },
  ],
  fc: [
    'FC (a Fibre Channel disk)',
    {
      TargetWWNs: (source) => ((source.targetWWNs ?? []) as readonly string[]).join(', '),
      LUN: (source) => source.lun ?? '<none>',
      FSType: 'fsType',
      ...readOnly,
    },
  ],
  flocker: [
    'Flocker (a Flocker volume mounted by the Flocker agent)',
    { DatasetName: 'datasetName', DatasetUUID: 'datasetUUID' },
  ],
  gcePersistentDisk: [
    'GCEPersistentDisk (a Persistent Disk resource in Google Compute Engine)',
    { PDName: 'pdName', ...disk },
  ],
  photonPersistentDisk: [
    'PhotonPersistentDisk (a Persistent Disk resource in photon platform)',
    { PdID: 'pdID', FSType: 'fsType' },
  ],
  portworxVolume: ['PortworxVolume (a Portworx Volume resource)', { VolumeID: 'volumeID' }],
  quobyte: [
    "Quobyte (a Quobyte mount on the host that shares a pod's lifetime)",
    { Registry: 'registry', Volume: 'volume', ...readOnly },
  ],
  rbd: [
    "RBD (a Rados Block Device mount on the host that shares a pod's lifetime)",
    {
      CephMonitors: goList('monitors'),
      RBDImage: 'image',
      FSType: 'fsType',
      RBDPool: 'pool',
      RadosUser: 'user',
      Keyring: 'keyring',
      SecretRef: reference,
      ...readOnly,
    },
  ],
  cephfs: [
    "CephFS (a CephFS mount on the host that shares a pod's lifetime)",
    {
      Monitors: goList('monitors'),
      Path: 'path',
      User: 'user',
      SecretFile: 'secretFile',
      SecretRef: reference,
      ...readOnly,
    },
  ],
  storageos: [
    'StorageOS (a StorageOS Persistent Disk resource)',
    { VolumeName: 'volumeName', VolumeNamespace: 'volumeNamespace', FSType: 'fsType', ...readOnly },
  ],
  vsphereVolume: [
    'vSphereVolume (a Persistent Disk resource in vSphere)',
    { VolumePath: 'volumePath', FSType: 'fsType', StoragePolicyName: 'storagePolicyName' },
  ],
};

const GLUSTERFS = "Glusterfs (a Glusterfs mount on the host that shares a pod's lifetime)";
const AZURE_FILE = 'AzureFile (an Azure File Service mount on the host and bind mount to the pod)';

export const OF_PODS: Readonly<Record<string, Words>> = {
  ...COMMON,
  azureFile: [AZURE_FILE, { SecretName: 'secretName', ShareName: 'shareName', ...readOnly }],
  gitRepo: [
    'GitRepo (a volume that is pulled from git when the pod is created)',
    { Repository: 'repository', Revision: 'revision' },
  ],
  glusterfs: [GLUSTERFS, { EndpointsName: 'endpoints', Path: 'path', ...readOnly }],
};

export const OF_VOLUMES: Readonly<Record<string, Words>> = {
  ...COMMON,
  azureFile: [
    AZURE_FILE,
    { SecretName: 'secretName', SecretNamespace: 'secretNamespace', ShareName: 'shareName', ...readOnly },
  ],
  glusterfs: [
    GLUSTERFS,
    {
      EndpointsName: 'endpoints',
      EndpointsNamespace: (source) => source.endpointsNamespace ?? '<nil>',
      Path: 'path',
      ...readOnly,
    },
  ],
};
