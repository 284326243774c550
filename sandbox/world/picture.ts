/** The picture of the cluster: what the page draws, read from objects, mounts and exports and from nothing else. */

import type { KubeObject } from '../api/object.ts';
import type { Node, Pod } from '../api/types.ts';
import type { Picture } from '../channel/messages.ts';
import type { ExportEntry } from '../lesson/observation.ts';
import { podReady, podStatusText, podWorkload } from '../lesson/pods.ts';
import type { World } from './world.ts';

/** The lab's workloads live here; the system's own namespaces are not drawn. */
const NAMESPACE = 'default';
/** Exports live here on the file server; a directory that is not exported is drawn too, as such. */
const STORAGE_ROOT = '/mnt';
const FILE_SERVER = 'nfs';
/** Who has a node's `mount.nfs`. */
const NFS_CLIENT = 'nfs-common';
/** Of a larger cluster's events nobody counts what was replaced. */
const MOST_EVENTS = 2_000;

export function picture(world: World): Picture {
  const { observation } = world;
  const here = <T extends { metadata: { namespace?: string } }>(objects: readonly T[]) =>
    objects.filter((object) => object.metadata.namespace === NAMESPACE);
  const pods = here(observation.list('pods'));
  const replaced = replacedPods(world, pods);
  return {
    workloads: [
      ...here(observation.list('deployments')).map((d) => ({
        kind: 'Deployment',
        name: d.metadata.name,
        ready: d.status?.readyReplicas ?? 0,
        replicas: d.spec?.replicas ?? 0,
        replaced: replaced(d),
      })),
      ...here(observation.list('statefulsets')).map((s) => ({
        kind: 'StatefulSet',
        name: s.metadata.name,
        ready: s.status?.readyReplicas ?? 0,
        replicas: s.spec?.replicas ?? 0,
        replaced: replaced(s),
      })),
    ],
    pods: pods.map((pod) => ({
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
    ...mounts(world),
    nodes: observation.list('nodes').map((node) => nodeOf(world, node)),
    server: {
      name: FILE_SERVER,
      up: world.machines.get(FILE_SERVER)?.up ?? false,
      serving: observation.serving,
    },
  };
}

function nodeOf({ observation, machines }: World, { metadata, spec, status }: Node): Picture['nodes'][number] {
  const { name, labels } = metadata;
  return {
    name,
    ready: status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') ?? false,
    schedulable: !spec?.unschedulable,
    controlPlane: labels?.['node-role.kubernetes.io/control-plane'] !== undefined,
    taints: (spec?.taints ?? []).map(({ key, value, effect }) => `${key}${value ? `=${value}` : ''}:${effect}`),
    nfsClient: observation.installed(name, NFS_CLIENT),
    up: machines.get(name)?.up ?? false,
  };
}

/** What a ReplicaSet and a StatefulSet say of it (pkg/controller/controller_utils.go, stateful_pod_control.go); claims are made too. */
const POD = /^(\(combined from similar events\): )?(Create|Delete)d? pod[: ]/i;
const CHANGE: Readonly<Record<string, number>> = { SuccessfulCreate: 1, SuccessfulDelete: -1 };

/**
 * How many pods a workload's controllers have made for others that went: those made, less those that they took away themselves
 * and those there are. Read from the events of the cluster, which last an hour.
 */
function replacedPods({ observation }: World, pods: readonly Pod[]): (workload: KubeObject) => number {
  const events = observation.list('events');
  if (events.length > MOST_EVENTS) return () => 0;
  const made = new Map<string, number>();
  for (const event of events) {
    const { uid } = event.involvedObject;
    const change = CHANGE[event.reason ?? ''];
    if (!uid || !change || !POD.test(event.message ?? '')) continue;
    made.set(uid, (made.get(uid) ?? 0) + change * (event.count ?? 1));
  }
  const sets = observation.list('replicasets');
  return ({ metadata: { uid } }) => {
    const owners = [uid, ...sets.filter((set) => ownedBy(set, uid)).map((set) => set.metadata.uid)];
    const count = owners.reduce((sum, owner) => sum + (made.get(owner) ?? 0), 0);
    const there = pods.filter(
      (pod) => !pod.metadata.deletionTimestamp && owners.some((owner) => ownedBy(pod, owner)),
    ).length;
    return Math.max(0, count - there);
  };
}

const ownedBy = ({ metadata }: KubeObject, uid: string): boolean =>
  metadata.ownerReferences?.some((owner) => owner.controller && owner.uid === uid) ?? false;

function claims(pod: Pod): string[] {
  return (pod.spec?.volumes ?? []).flatMap((volume) =>
    volume.persistentVolumeClaim ? [volume.persistentVolumeClaim.claimName] : [],
  );
}

function exportsOf({ observation }: World): Picture['exports'] {
  const exported = observation.exports();
  const directories = (observation.entries(FILE_SERVER, STORAGE_ROOT) ?? [])
    .map((name) => `${STORAGE_ROOT}/${name}`)
    .filter((path) => observation.fileType(FILE_SERVER, path) === 'directory');
  return [...new Set([...directories, ...exported.map(({ path }) => path)])].sort().map((path) => {
    const grants = exported.filter((entry) => entry.path === path).map(grantOf);
    const files = [...(observation.entries(FILE_SERVER, path) ?? [])].sort();
    return { path, exported: grants.length > 0, grants, files };
  });
}

/** Of the options of an export those that decide who can do what. */
const TELLING = new Set(['ro', 'rw', 'root_squash', 'no_root_squash', 'all_squash']);

const grantOf = ({ client, options }: ExportEntry): string =>
  `${client}(${options.filter((option) => TELLING.has(option)).join(',')})`;

/** A kubelet's NFS mount tells Pod and volume by its path (pkg/kubelet/kubelet_getters.go, getPodVolumeDir). */
const KUBELET_NFS_MOUNT = /^\/var\/lib\/kubelet\/pods\/([^/]+)\/volumes\/kubernetes\.io~nfs\/([^/]+)$/;

function mounts({ observation }: World): Pick<Picture, 'mounts' | 'handMounts'> {
  const nfs = observation.mounts().filter(({ type }) => type.startsWith('nfs'));
  return {
    mounts: nfs.flatMap(({ host, target }) => {
      const match = KUBELET_NFS_MOUNT.exec(target);
      return match ? [{ node: host, path: target, pod: match[1]!, volume: match[2]! }] : [];
    }),
    handMounts: nfs
      .filter(({ target }) => !KUBELET_NFS_MOUNT.test(target))
      .map(({ host, target, source }) => ({ node: host, path: target, from: source.slice(source.indexOf(':') + 1) })),
  };
}
