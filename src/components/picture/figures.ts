/** The article's figures 001 to 004, recognised by the state of the cluster and by nothing else. */

import type { Picture } from '../../../sandbox/channel/messages.ts';
import { workloadOf } from './edges.ts';

export type FigureName = '001' | '002' | '003' | '004';

export interface Figure {
  readonly figure: FigureName;
  /** The workload that it is a figure of. */
  readonly workload: string;
}

/**
 * 001: the Pods of a Deployment stand on one claim, bound to one volume. 003: each Pod of a StatefulSet has a claim and a volume
 * of its own. 002 and 004: the same after a Pod has been replaced.
 */
export function figuresOf(picture: Picture): Figure[] {
  return picture.workloads.flatMap(({ kind, name, ready, replicas, replaced }): Figure[] => {
    if (ready < replicas) return [];
    const pods = picture.pods.filter((pod) => workloadOf(picture, pod) === name);
    const volumes = pods.map((pod) => volumeOf(picture, pod));
    if (pods.length < 2 || pods.length !== replicas || volumes.includes(undefined)) return [];
    const different = new Set(volumes).size;
    if (kind === 'Deployment' && different === 1) return [{ figure: replaced > 0 ? '002' : '001', workload: name }];
    if (kind === 'StatefulSet' && different === pods.length)
      return [{ figure: replaced > 0 ? '004' : '003', workload: name }];
    return [];
  });
}

/** The one volume that a pod's one claim is bound to, if its node has mounted it for the pod. */
function volumeOf(picture: Picture, { uid, claims }: Picture['pods'][number]): string | undefined {
  const claim = claims.length === 1 ? picture.claims.find(({ name }) => name === claims[0]) : undefined;
  if (claim?.status !== 'Bound') return undefined;
  return picture.mounts.find(({ pod, volume }) => pod === uid && volume === claim.volume)?.volume;
}
