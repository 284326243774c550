/** Where workloads keep their pod template, and changing it (kubectl pkg/polymorphichelpers/updatepodspecforobject.go). */

import { CommandError } from '../cli/errors.ts';
import type { KObject } from '../resource/info.ts';

export interface ContainerSpec {
  name: string;
  image?: string;
  env?: EnvVar[];
  envFrom?: { prefix?: string; configMapRef?: { name: string }; secretRef?: { name: string } }[];
  resources?: { limits?: Record<string, string>; requests?: Record<string, string> };
  ports?: { containerPort: number; protocol?: string; name?: string }[];
  [key: string]: unknown;
}

export interface EnvVar {
  name: string;
  value?: string;
  valueFrom?: Record<string, { key?: string; name?: string; fieldPath?: string; resource?: string }>;
}

export interface PodTemplateSpec {
  containers: ContainerSpec[];
  initContainers?: ContainerSpec[];
  serviceAccountName?: string;
  serviceAccount?: string;
  [key: string]: unknown;
}

export const POD_SPEC_PATHS: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec'],
  ReplicationController: ['spec', 'template', 'spec'],
  Deployment: ['spec', 'template', 'spec'],
  DaemonSet: ['spec', 'template', 'spec'],
  ReplicaSet: ['spec', 'template', 'spec'],
  StatefulSet: ['spec', 'template', 'spec'],
  Job: ['spec', 'template', 'spec'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
};

/** Undefined: a kind without pods. */
export function podSpecOf(object: KObject): PodTemplateSpec | undefined {
  const path = POD_SPEC_PATHS[object.kind ?? ''];
  if (!path) return undefined;
  let value: unknown = object;
  for (const key of path) value = (value as Record<string, unknown> | undefined)?.[key];
  return value as PodTemplateSpec | undefined;
}

/** polymorphichelpers.UpdatePodSpecForObject on a kind that has none. */
export class NoPodTemplate extends CommandError {
  constructor({ apiVersion = '', kind }: KObject) {
    super(`the object is not a pod or does not have a pod template: *${apiVersion.split('/').pop()}.${kind}`);
  }
}

/** The object with its pod spec changed; what is not on the way is shared. */
export function withPodSpec(object: KObject, change: (spec: PodTemplateSpec) => PodTemplateSpec): KObject {
  const path = POD_SPEC_PATHS[object.kind ?? ''];
  if (!path) throw new NoPodTemplate(object);
  const descend = (value: Record<string, unknown>, depth: number): Record<string, unknown> => {
    const key = path[depth]!;
    const inner = (value[key] ?? {}) as Record<string, unknown>;
    return {
      ...value,
      [key]: depth === path.length - 1 ? change(inner as unknown as PodTemplateSpec) : descend(inner, depth + 1),
    };
  };
  return descend(object, 0) as KObject;
}

/** `*` and `?` patterns of -c. */
export function selectContainers(containers: readonly ContainerSpec[], pattern: string): ContainerSpec[] {
  const expression = new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.')}$`,
  );
  return containers.filter(({ name }) => expression.test(name));
}
