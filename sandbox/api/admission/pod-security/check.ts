/** What the checks of Pod Security share: whom they find at fault, and how they name them (pod-security-admission/policy/{checks,helpers,visitor}.go). */

import type { Container, Pod, PodSpec } from '../../types.ts';

export interface Finding {
  /** `host namespaces`. */
  readonly reason: string;
  /** `hostNetwork=true`. */
  readonly detail: string;
}

export interface Check {
  /** The first minor version of the policy that has it. */
  readonly since: number;
  find(pod: Pick<Pod, 'metadata' | 'spec'>): Finding | undefined;
}

/** Init containers first, then the others, then what was added later. */
export const containersOf = ({
  initContainers = [],
  containers = [],
  ephemeralContainers = [],
}: PodSpec): readonly Container[] => [
  ...initContainers,
  ...containers,
  ...(ephemeralContainers as readonly Container[]),
];

interface Security {
  readonly seLinuxOptions?: { readonly type?: string; readonly user?: string; readonly role?: string };
  readonly seccompProfile?: { readonly type?: string };
  readonly appArmorProfile?: { readonly type?: string };
  readonly windowsOptions?: { readonly hostProcess?: boolean };
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
}

/** What a pod and a container may both say. */
export const securityOf = (holder: object | undefined): Security =>
  (holder as { readonly securityContext?: Security } | undefined)?.securityContext ?? {};

export const naming = (spec: PodSpec, isBad: (container: Container) => boolean): readonly string[] =>
  containersOf(spec)
    .filter(isBad)
    .map(({ name }) => name);

export const quoted = (names: readonly string[]): string => names.map((name) => JSON.stringify(name)).join(', ');

export const plural = (noun: string, count: number): string => (count === 1 ? noun : `${noun}s`);

/** `containers "a", "b"`. */
export const named = (names: readonly string[], noun = 'container'): string =>
  `${plural(noun, names.length)} ${quoted(names)}`;

/** `pod and container "a"`; undefined when none is at fault. */
export function setters(spec: PodSpec, isBad: (holder: object) => boolean): string | undefined {
  const containers = naming(spec, isBad);
  const all = [...(isBad(spec) ? ['pod'] : []), ...(containers.length > 0 ? [named(containers)] : [])];
  return all.length > 0 ? all.join(' and ') : undefined;
}

export const sortedSet = (values: readonly string[]): readonly string[] => [...new Set(values)].sort();
