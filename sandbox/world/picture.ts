/** The picture of the cluster: what the page draws, read from objects, mounts and exports and from nothing else. */

import type { Pod } from '../api/types.ts';
import type { Picture } from '../channel/messages.ts';
import { podReady, podStatusText, podWorkload } from '../lesson/pods.ts';
import type { World } from './world.ts';

/** The lab's workloads live here; the system's own namespaces are not drawn. */
const NAMESPACE = 'default';
/** Exports live here on the file server; a directory that is not exported is drawn too, as such. */
const STORAGE_ROOT = '/mnt';

export function picture(world: World): Picture {
  const { observation } = world;
  const here = <T extends { metadata: { namespace?: string } }>(objects: readonly T[]) =>
    objects.filter((object) => object.metadata.namespace === NAMESPACE);
  return {
    workloads: [
      ...here(observation.list('deployments')).map((d) => ({
        kind: 'Deployment',
        name: d.metadata.name,
        ready: d.status?.readyReplicas ?? 0,
        replicas: d.spec?.replicas ?? 0,
      })),
      ...here(observation.list('statefulsets')).map((s) => ({
        kind: 'StatefulSet',
        name: s.metadata.name,
        ready: s.status?.readyReplicas ?? 0,
        replicas: s.spec?.replicas ?? 0,
      })),
    ],
    pods: here(observation.list('pods')).map((pod) => ({
      name: pod.metadata.name,
      uid: pod.metadata.uid,
      status: podStatusText(pod),
      ready: podReady(pod),
      node: pod.spec?.nodeName ?? '',
      owner: podWorkload(pod),
      claims: claims(pod),
    })),
    claims: here(observation.list('persistentvolumeclaims')).map((claim) => ({
      name: claim.metadata.name,
      status: claim.metadata.deletionTimestamp ? 'Terminating' : (claim.status?.phase ?? ''),
      volume: claim.spec?.volumeName ?? '',
    })),
    volumes: observation.list('persistentvolumes').map((volume) => ({
      name: volume.metadata.name,
      status: volume.metadata.deletionTimestamp ? 'Terminating' : (volume.status?.phase ?? ''),
      claim: volume.spec?.claimRef?.name ?? '',
      server: volume.spec?.nfs?.server ?? '',
      path: volume.spec?.nfs?.path ?? volume.spec?.hostPath?.path ?? '',
    })),
    exports: exportsOf(world),
    mounts: mounts(world),
    nodes: observation.list('nodes').map((node) => ({
      name: node.metadata.name,
      ready: node.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') ?? false,
      schedulable: !node.spec?.unschedulable,
    })),
  };
}

function claims(pod: Pod): string[] {
  return (pod.spec?.volumes ?? []).flatMap((volume) =>
    volume.persistentVolumeClaim ? [volume.persistentVolumeClaim.claimName] : [],
  );
}

function exportsOf({ observation }: World): Picture['exports'] {
  const exported = new Set(observation.exports().map((entry) => entry.path));
  const directories = (observation.entries('nfs', STORAGE_ROOT) ?? [])
    .map((name) => `${STORAGE_ROOT}/${name}`)
    .filter((path) => observation.fileType('nfs', path) === 'directory');
  return [...new Set([...directories, ...exported])].sort().map((path) => ({
    path,
    exported: exported.has(path),
    files: [...(observation.entries('nfs', path) ?? [])].sort(),
  }));
}

/** A kubelet's NFS mount tells Pod and volume by its path (pkg/kubelet/kubelet_getters.go, getPodVolumeDir). */
const KUBELET_NFS_MOUNT = /^\/var\/lib\/kubelet\/pods\/([^/]+)\/volumes\/kubernetes\.io~nfs\/([^/]+)$/;

function mounts({ observation }: World): Picture['mounts'] {
  return observation.mounts().flatMap((mount) => {
    const match = KUBELET_NFS_MOUNT.exec(mount.target);
    return match ? [{ node: mount.host, path: mount.target, pod: match[1]!, volume: match[2]! }] : [];
  });
}
