/** What a pod may keep on its node, and whether it keeps more: limits of emptyDirs, containers and pods (pkg/kubelet/eviction/eviction_manager.go, localStorageEviction). */

import { addQuantities, formatQuantity, parseQuantity, toNumber } from '../api/quantity.ts';
import type { Container, Pod } from '../api/types.ts';
import type { Inode } from '../machines/filesystem/inode.ts';

/** In bytes; undefined where nothing is known yet. */
export interface StorageUsage {
  emptyDir(volume: string): number | undefined;
  /** The container's writable layer and its logs. */
  container(name: string): number;
}

/** Why the pod must go, in the words of its event and status; undefined while it keeps to its limits. */
export function excessOf(pod: Pod, usage: StorageUsage): string | undefined {
  return emptyDirExcess(pod, usage) ?? podExcess(pod, usage) ?? containerExcess(pod, usage);
}

/** Whether there is a limit to look after at all. */
export const isLimited = ({ spec }: Pod): boolean =>
  (spec!.volumes ?? []).some(({ emptyDir }) => emptyDir?.sizeLimit !== undefined) ||
  spec!.containers.some((container) => limitOf(container) !== undefined);

function emptyDirExcess(pod: Pod, usage: StorageUsage): string | undefined {
  for (const { name, emptyDir } of pod.spec!.volumes ?? []) {
    const limit = bytes(emptyDir?.sizeLimit);
    const used = usage.emptyDir(name);
    if (limit === undefined || limit <= 0 || used === undefined || used <= limit) continue;
    return `Usage of EmptyDir volume "${name}" exceeds the limit "${emptyDir!.sizeLimit}". `;
  }
  return undefined;
}

/** Containers without a limit count for nothing in the sum, but their usage does (PodLimits). */
function podExcess(pod: Pod, usage: StorageUsage): string | undefined {
  const { containers, volumes = [] } = pod.spec!;
  const limits = containers.map(limitOf).filter((limit) => limit !== undefined);
  if (limits.length === 0) return undefined;
  const limit = limits.reduce((sum, each) => sum + each, 0);
  const onDisk = volumes.filter(({ emptyDir }) => emptyDir && emptyDir.medium !== 'Memory');
  const used =
    containers.reduce((sum, { name }) => sum + usage.container(name), 0) +
    onDisk.reduce((sum, { name }) => sum + (usage.emptyDir(name) ?? 0), 0);
  if (used <= limit) return undefined;
  const shown = formatQuantity(
    containers
      .map(({ resources }) => parseQuantity(String(resources?.limits?.[RESOURCE] ?? 0)))
      .reduce((sum, each) => addQuantities(sum, each)),
  );
  return `Pod ephemeral local storage usage exceeds the total limit of containers ${shown}. `;
}

function containerExcess(pod: Pod, usage: StorageUsage): string | undefined {
  for (const container of pod.spec!.containers) {
    const limit = limitOf(container);
    if (!limit || usage.container(container.name) <= limit) continue;
    return `Container ${container.name} exceeded its local ephemeral storage limit "${container.resources!.limits![RESOURCE]}". `;
  }
  return undefined;
}

const RESOURCE = 'ephemeral-storage';

const limitOf = ({ resources }: Container): number | undefined =>
  bytes((resources?.limits as Readonly<Record<string, unknown>> | undefined)?.[RESOURCE]);

const bytes = (quantity: unknown): number | undefined =>
  quantity === undefined ? undefined : toNumber(parseQuantity(String(quantity)));

/** `du -s` of a directory that lies on one filesystem: blocks in bytes. */
export function usageOf(inode: Inode): number {
  let total = 0;
  const left: Inode[] = [inode];
  for (let at = left.pop(); at; at = left.pop()) {
    total += at.stat().blocks * 512;
    if (at.type !== 'directory') continue;
    for (const name of at.names()) {
      const below = at.lookup(name);
      if (below) left.push(below);
    }
  }
  return total;
}
