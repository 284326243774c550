/** What `ephemeralcontainers` and `resize` take of the pod that is sent, and refuse (pkg/registry/core/pod/strategy.go, pkg/apis/core/validation). */

import { equal } from '../equality.ts';
import type { Subresource } from '../resource.ts';
import type { Container, Pod } from '../types.ts';
import { defaultPod } from './pod-defaults.ts';
import { qosClass } from './pod-qos.ts';
import { type FieldErrors, forbidden, invalid, Problems } from './validation/errors.ts';
import { pod as newPod } from './validation/pod-spec.ts';

const VERBS = ['get', 'patch', 'update'];

export const ephemeralContainers: Subresource<Pod> = {
  kind: 'Pod',
  verbs: VERBS,
  /** dropNonEphemeralContainerUpdates. */
  generation: true,
  resetFields: ({ spec }, before) =>
    defaultPod({ ...before, spec: { ...before.spec!, ephemeralContainers: spec?.ephemeralContainers } }),
  validateUpdate: validateEphemeralContainers,
};

/** They may be added, never changed or removed (ValidatePodEphemeralContainersUpdate). */
function validateEphemeralContainers(pod: Pod, before: Pod): FieldErrors {
  const problems = new Problems();
  newPod(problems, pod);
  const path = 'spec.ephemeralContainers';
  const now = new Map((pod.spec?.ephemeralContainers ?? []).map((one) => [one.name, one]));
  for (const old of before.spec?.ephemeralContainers ?? []) {
    const found = now.get(old.name);
    const which = `existing ephemeral containers ${JSON.stringify(old.name)}`;
    if (!found) problems.add(forbidden(path, `${which} may not be removed\n`));
    else if (!equal(found, old)) problems.add(forbidden(path, `${which} may not be changed\n`));
  }
  return problems.list;
}

export const resize: Subresource<Pod> = {
  kind: 'Pod',
  verbs: VERBS,
  /** dropNonResizeUpdates: resources, by the containers' names. */
  generation: true,
  resetFields: ({ spec }, before) =>
    defaultPod({
      ...before,
      spec: {
        ...before.spec!,
        containers: resized(before.spec?.containers ?? [], spec?.containers),
        ...(before.spec?.initContainers && {
          initContainers: resized(before.spec.initContainers, spec?.initContainers),
        }),
      },
    }),
  validateUpdate: validateResize,
};

const resized = (before: readonly Container[], after: readonly Container[] = []): readonly Container[] =>
  before.map((container) => {
    const sent = after.find(({ name }) => name === container.name);
    return sent && !equal(sent.resources, container.resources)
      ? { ...container, resources: sent.resources }
      : container;
  });

const RESIZABLE = ['cpu', 'memory'];

/** ValidatePodResize. */
function validateResize(pod: Pod, before: Pod): FieldErrors {
  const problems = new Problems();
  newPod(problems, pod);
  if (before.status?.qosClass && qosClass(pod) !== before.status.qosClass) {
    const why = 'Pod QOS Class may not change as a result of resizing';
    problems.add(invalid('spec', before.status.qosClass, why));
  }
  for (const [i, container] of (pod.spec?.containers ?? []).entries()) {
    const old = before.spec?.containers?.[i]?.resources ?? {};
    const path = `spec.containers[${i}].resources`;
    for (const kind of ['limits', 'requests'] as const) {
      const [was, is] = [old[kind] ?? {}, container.resources?.[kind] ?? {}];
      const changed = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((name) => was[name] !== is[name]);
      if (changed.some((name) => RESIZABLE.includes(name) && is[name] === undefined)) {
        problems.add(forbidden(`${path}.${kind}`, `resource ${kind} cannot be removed`));
      }
      if (changed.some((name) => !RESIZABLE.includes(name))) {
        problems.add(forbidden(path, 'only cpu and memory resources are mutable'));
      }
    }
  }
  return problems.list;
}
