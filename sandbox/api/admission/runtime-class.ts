/** RuntimeClass: a pod of one takes its overhead and the nodes it runs on (plugin/pkg/admission/runtimeclass). */

import type { IRuntimeClass } from 'kubernetes-models/node.k8s.io/v1';
import { equal } from '../equality.ts';
import type { KubeObject } from '../object.ts';
import { put } from '../resources/shared.ts';
import type { Pod, PodSpec } from '../types.ts';
import type { Attributes, Plugin } from './plugin.ts';
import { refused } from './plugin.ts';

type RuntimeClass = KubeObject & IRuntimeClass;

export const runtimeClass: Plugin = {
  name: 'RuntimeClass',
  operations: ['CREATE'],
  resources: ['pods'],
  admit: (object, attributes, { lookup }) => {
    const pod = object as Pod;
    const { spec } = pod;
    if (!spec) return pod;
    const name = spec.runtimeClassName;
    const found = name ? (lookup('runtimeclasses', '', name) as KubeObject | undefined) : undefined;
    if (name && !found) throw refused(attributes, `pod rejected: RuntimeClass ${JSON.stringify(name)} not found`);
    const wanted = (found as RuntimeClass | undefined)?.overhead?.podFixed as PodSpec['overhead'];
    if (spec.overhead && Object.keys(spec.overhead).length > 0 && !equal(spec.overhead, wanted ?? {}))
      throw refused(attributes, told(wanted));
    const next = wanted ? put(spec, 'overhead', wanted) : spec;
    return put(pod, 'spec', placed(next, found as RuntimeClass | undefined, attributes));
  },
};

const told = (wanted: PodSpec['overhead']): string =>
  wanted
    ? 'pod rejected: Pod’s Overhead doesn’t match RuntimeClass’s defined Overhead'.replaceAll('’', "'")
    : 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead';

/** setScheduling: the class's selector and tolerations beside the pod's. */
function placed(spec: PodSpec, found: RuntimeClass | undefined, attributes: Attributes): PodSpec {
  const { nodeSelector, tolerations = [] } = found?.scheduling ?? {};
  for (const [key, value] of Object.entries(nodeSelector ?? {})) {
    const own = spec.nodeSelector?.[key];
    if (own === undefined || own === value) continue;
    throw refused(
      attributes,
      `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own}`,
    );
  }
  const selecting = nodeSelector ? put(spec, 'nodeSelector', { ...spec.nodeSelector, ...nodeSelector }) : spec;
  const added = tolerations.filter((one) => !spec.tolerations?.some((own) => equal(own, one)));
  return added.length > 0
    ? put(selecting, 'tolerations', [...(spec.tolerations ?? []), ...added] as PodSpec['tolerations'])
    : selecting;
}
