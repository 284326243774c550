/** A lesson's needs beside what a cluster has: what is there, what is missing, and what the lesson would meet. */

import { resources } from '../../api/resources/index.ts';
import type { ResourceName } from '../../api/types.ts';
import { Unseen } from '../../lesson/judgement.ts';
import { CannotAsk } from '../check/cannot-ask.ts';
import type { Cluster } from '../check/cluster.ts';
import type { ObjectName } from './manifests.ts';
import type { Needs } from './needs.ts';

/** undefined where it may not be seen. */
export interface Found extends ObjectName {
  readonly there: boolean | undefined;
}

export interface Compared {
  readonly server: string;
  readonly nodes: readonly Found[];
  readonly makes: readonly Found[];
  readonly expects: readonly Found[];
}

/** Throws CannotAsk where the cluster answers nothing. */
export async function compared(needs: Needs, cluster: Cluster): Promise<Compared> {
  const lists = new Map<string, Promise<ReadonlySet<string> | undefined>>();
  const there = async ({ kind, name }: ObjectName): Promise<Found> => {
    if (!lists.has(kind)) lists.set(kind, namesOf(kind, cluster));
    return { kind, name, there: (await lists.get(kind)!)?.has(name) };
  };
  const all = (names: readonly ObjectName[]) => Promise.all(names.map(there));
  const [nodes, makes, expects] = await Promise.all([
    all(needs.nodes.map((name) => ({ kind: 'Node', name }))),
    all(needs.makes),
    all(needs.expects),
  ]);
  if (!cluster.answered && cluster.refusal !== '') throw new CannotAsk(cluster.refusal);
  return { server: cluster.server, nodes, makes, expects };
}

/** Of a namespaced kind those of `default`, where the lessons make theirs. */
async function namesOf(kind: string, cluster: Cluster): Promise<ReadonlySet<string> | undefined> {
  const resource = resources.find((one) => one.kind === kind);
  if (!resource) return undefined;
  try {
    const objects = await cluster.list(resource.name as ResourceName);
    const here = objects.filter(({ metadata }) => !resource.namespaced || metadata.namespace === 'default');
    return new Set(here.map(({ metadata }) => metadata.name));
  } catch (error) {
    if (error instanceof Unseen) return undefined;
    throw error;
  }
}
