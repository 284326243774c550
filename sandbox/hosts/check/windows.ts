/** Containers through which a path on the NFS server is seen: those of running Pods that mount a directory above it. */

import type { PersistentVolume, PersistentVolumeClaim, Pod } from '../../api/types.ts';
import { podReady } from '../../lesson/pods.ts';

/** A container, and the path by which it has what is looked for. */
export interface Window {
  readonly pod: Pod;
  readonly container: string;
  readonly path: string;
}

interface Objects {
  readonly pods: readonly Pod[];
  readonly claims: readonly PersistentVolumeClaim[];
  readonly volumes: readonly PersistentVolume[];
}

/** The lessons have one NFS server, so that a directory's path is enough to know it; which server it is, they check elsewhere. */
export function windowsTo(path: string, { pods, claims, volumes }: Objects): Window[] {
  const wanted = withoutSlash(path);
  return pods.filter(podReady).flatMap((pod) =>
    (pod.spec?.volumes ?? []).flatMap((volume) => {
      const claim = claims.find(
        ({ metadata }) =>
          metadata.namespace === pod.metadata.namespace && metadata.name === volume.persistentVolumeClaim?.claimName,
      );
      const bound = claim && volumes.find(({ metadata }) => metadata.name === claim.spec?.volumeName);
      const directory = volume.nfs?.path ?? bound?.spec?.nfs?.path;
      if (directory === undefined || !contains(withoutSlash(directory), wanted)) return [];
      const below = wanted.slice(withoutSlash(directory).length);
      return mountsOf(pod, volume.name).map(({ container, mountPath }) => ({
        pod,
        container,
        path: `${withoutSlash(mountPath)}${below}` || '/',
      }));
    }),
  );
}

/** The running containers of a Pod in whose own root a path lies, on no volume. */
export function freeOf(pod: Pod, path: string): Window[] {
  const running = new Set(
    (pod.status?.containerStatuses ?? []).filter((one) => one.state?.running).map((one) => one.name),
  );
  return (pod.spec?.containers ?? [])
    .filter(({ name }) => running.has(name))
    .filter(({ volumeMounts = [] }) => !volumeMounts.some(({ mountPath }) => contains(withoutSlash(mountPath), path)))
    .map(({ name }) => ({ pod, container: name, path }));
}

const mountsOf = (pod: Pod, volume: string) =>
  (pod.spec?.containers ?? []).flatMap(({ name, volumeMounts = [] }) =>
    volumeMounts
      .filter((mount) => mount.name === volume && !mount.subPath && !mount.subPathExpr)
      .map(({ mountPath }) => ({ container: name, mountPath })),
  );

const withoutSlash = (path: string): string => path.replace(/\/+$/, '');

const contains = (directory: string, path: string): boolean => path === directory || path.startsWith(`${directory}/`);
