/** DefaultTolerationSeconds: five minutes on a node that went away, unless the pod says otherwise (plugin/pkg/admission/defaulttolerationseconds). */

import { put } from '../resources/shared.ts';
import type { Pod, PodSpec } from '../types.ts';
import type { Plugin } from './plugin.ts';

type Toleration = NonNullable<PodSpec['tolerations']>[number];

const DEFAULTS: readonly Toleration[] = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'].map(
  (key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }),
);

export const defaultTolerationSeconds: Plugin = {
  name: 'DefaultTolerationSeconds',
  operations: ['CREATE', 'UPDATE'],
  resources: ['pods'],
  admit: (object) => {
    const pod = object as Pod;
    return pod.spec ? put(pod, 'spec', tolerating(pod.spec)) : pod;
  },
};

function tolerating(spec: PodSpec): PodSpec {
  const given = spec.tolerations ?? [];
  if (given.length === 0) return put(spec, 'tolerations', DEFAULTS);
  const missing = DEFAULTS.filter(({ key }) => !given.some((one) => tolerates(one, key)));
  return missing.length > 0 ? put(spec, 'tolerations', [...given, ...missing]) : spec;
}

const tolerates = (toleration: Toleration, key: string | undefined): boolean =>
  (!toleration.key || toleration.key === key) && (!toleration.effect || toleration.effect === 'NoExecute');
