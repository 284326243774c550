/** TaintNodesByCondition: a new node takes nothing until it is known to be ready (plugin/pkg/admission/nodetaint). */

import type { Node } from '../types.ts';
import type { Plugin } from './plugin.ts';

const NOT_READY = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' } as const;

export const taintNodesByCondition: Plugin = {
  name: 'TaintNodesByCondition',
  operations: ['CREATE'],
  resources: ['nodes'],
  admit: (object) => {
    const { spec, ...node } = object as Node;
    const taints = spec?.taints ?? [];
    if (taints.some(({ key, effect }) => key === NOT_READY.key && effect === NOT_READY.effect)) return object;
    return { ...node, spec: { ...spec, taints: [...taints, NOT_READY] } } as Node;
  },
};
