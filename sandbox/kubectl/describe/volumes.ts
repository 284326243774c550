/** Volumes of pods and sources of PersistentVolumes: their kind in words, and their fields. */

import { canonicalQuantity, compareQuantities } from '../../api/quantity.ts';
import type { PersistentVolume, Volume } from '../../api/types.ts';
import { claimLines } from './claim-lines.ts';
import { OF_PODS, OF_VOLUMES, type Words } from './legacy-volumes.ts';
import { sortedEntries } from './values.ts';
import type { Writer } from './writer.ts';

type Source = Readonly<Record<string, unknown>>;
type Describe = (w: Writer, source: Source) => void;

/** Most sources are a sentence and some fields; `label: field`. */
const fields =
  (sentence: string, names: Readonly<Record<string, string | ((source: Source) => unknown)>>): Describe =>
  (w, source) => {
    w.line(2, `Type:\t${sentence}`);
    for (const [label, from] of Object.entries(names)) {
      const value = typeof from === 'string' ? source[from] : from(source);
      w.line(2, `${label}:\t${value ?? ''}`);
    }
  };

const flag = (name: string) => (source: Source) => source[name] === true;

function sizeLimit({ sizeLimit: limit }: Source): string {
  return limit !== undefined && compareQuantities(limit as string, '0') > 0
    ? canonicalQuantity(limit as string)
    : '<unset>';
}

function projected(w: Writer, source: Source): void {
  w.line(2, 'Type:\tProjected (a volume that contains injected data from multiple sources)');
  for (const part of (source.sources ?? []) as Record<
    string,
    { name?: string; optional?: boolean; expirationSeconds?: number }
  >[]) {
    if (part.secret) {
      w.line(2, `SecretName:\t${part.secret.name}`);
      w.line(2, `Optional:\t${part.secret.optional === true}`);
    } else if (part.downwardAPI) w.line(2, 'DownwardAPI:\ttrue');
    else if (part.configMap) {
      w.line(2, `ConfigMapName:\t${part.configMap.name}`);
      w.line(2, `Optional:\t${part.configMap.optional === true}`);
    } else if (part.serviceAccountToken)
      w.line(2, `TokenExpirationSeconds:\t${part.serviceAccountToken.expirationSeconds}`);
  }
}

function downwardApi(w: Writer, source: Source): void {
  w.line(2, 'Type:\tDownwardAPI (a volume populated by information about the pod)');
  w.line(2, 'Items:');
  for (const item of (source.items ?? []) as {
    path: string;
    fieldRef?: { fieldPath: string };
    resourceFieldRef?: { resource: string };
  }[])
    w.line(3, `${item.fieldRef?.fieldPath ?? item.resourceFieldRef?.resource} -> ${item.path}`);
}

function csiAttributes(w: Writer, source: Source): void {
  const attributes = sortedEntries(source.volumeAttributes as Record<string, string> | undefined);
  if (attributes.length === 0) w.line(2, 'VolumeAttributes:\t<none>');
  attributes.forEach(([key, value], i) => {
    const line = `${key}=${value}`;
    w.line(2, `${i === 0 ? 'VolumeAttributes:' : '    '}\t${line.length > 140 ? `${line.slice(0, 140)}...` : line}`);
  });
}

function inWords(words: Readonly<Record<string, Words>>): Readonly<Record<string, Describe>> {
  return Object.fromEntries(Object.entries(words).map(([name, [sentence, names]]) => [name, fields(sentence, names)]));
}

const hostPath = fields('HostPath (bare host directory volume)', {
  Path: 'path',
  HostPathType: (s) => s.type ?? '<none>',
});
const nfs = fields('NFS (an NFS mount that lasts the lifetime of a pod)', {
  Server: 'server',
  Path: 'path',
  ReadOnly: flag('readOnly'),
});
const csi = fields('CSI (a Container Storage Interface (CSI) volume source)', {
  Driver: 'driver',
  FSType: 'fsType',
  ReadOnly: flag('readOnly'),
});
const csiVolume = fields('CSI (a Container Storage Interface (CSI) volume source)', {
  Driver: 'driver',
  FSType: 'fsType',
  VolumeHandle: 'volumeHandle',
  ReadOnly: flag('readOnly'),
});

/** By the field of a pod's volume; in upstream's order of precedence. */
const POD_SOURCES: Readonly<Record<string, Describe>> = {
  hostPath,
  emptyDir: fields("EmptyDir (a temporary directory that shares a pod's lifetime)", {
    Medium: 'medium',
    SizeLimit: sizeLimit,
  }),
  secret: fields('Secret (a volume populated by a Secret)', { SecretName: 'secretName', Optional: flag('optional') }),
  configMap: fields('ConfigMap (a volume populated by a ConfigMap)', { Name: 'name', Optional: flag('optional') }),
  nfs,
  persistentVolumeClaim: fields(
    'PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)',
    {
      ClaimName: 'claimName',
      ReadOnly: flag('readOnly'),
    },
  ),
  ephemeral: (w, source) => {
    w.line(
      2,
      'Type:\tEphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)',
    );
    if (source.volumeClaimTemplate) claimLines(w.nested(2), source.volumeClaimTemplate as never, undefined);
  },
  downwardAPI: downwardApi,
  projected,
  csi: (w, source) => {
    csi(w, source);
    csiAttributes(w, source);
  },
  image: fields('Image (a container image or OCI artifact)', { Reference: 'reference', PullPolicy: 'pullPolicy' }),
  ...inWords(OF_PODS),
};

const VOLUME_SOURCES: Readonly<Record<string, Describe>> = {
  hostPath,
  nfs,
  local: fields('LocalVolume (a persistent volume backed by local storage on a node)', { Path: 'path' }),
  csi: (w, source) => {
    csiVolume(w, source);
    csiAttributes(w, source);
  },
  ...inWords(OF_VOLUMES),
};

export function podVolumes(w: Writer, volumes: readonly Volume[] | undefined, space = ''): void {
  if (!volumes || volumes.length === 0) {
    w.line(0, `${space}Volumes:\t<none>`);
    return;
  }
  w.line(0, `${space}Volumes:`);
  for (const volume of volumes) {
    w.line(1, `${space ? ' ' : ''}${volume.name}:`);
    describeSource(w, POD_SOURCES, volume as unknown as Source);
  }
}

export function volumeSource(w: Writer, spec: NonNullable<PersistentVolume['spec']>): void {
  w.line(0, 'Source:');
  describeSource(w, VOLUME_SOURCES, spec as unknown as Source);
}

function describeSource(w: Writer, table: Readonly<Record<string, Describe>>, holder: Source): void {
  const name = Object.keys(table).find((key) => holder[key] !== undefined);
  if (name) table[name]!(w, holder[name] as Source);
  else w.line(1, '<unknown>');
}
