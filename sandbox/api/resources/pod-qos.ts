/** A pod's quality-of-service class (pkg/apis/core/helper/qos). */

import type { Pod } from '../types.ts';

const COMPUTE = ['cpu', 'memory'];

export function qosClass({ spec }: Pod): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  let guaranteed = true;
  let asked = false;
  // What is said of the pod as a whole is all that counts.
  const whole = Object.keys({ ...spec?.resources?.requests, ...spec?.resources?.limits }).length > 0;
  for (const { resources } of whole ? [spec!] : [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])]) {
    for (const name of COMPUTE) {
      const request = positive(resources?.requests?.[name]);
      const limit = positive(resources?.limits?.[name]);
      if (request || limit) asked = true;
      if (!limit || (request ?? limit) !== limit) guaranteed = false;
    }
  }
  return asked ? (guaranteed ? 'Guaranteed' : 'Burstable') : 'BestEffort';
}

const positive = (quantity: string | number | undefined): string | undefined =>
  quantity === undefined || /^[+-]?[0.]+[A-Za-z]*$/.test(String(quantity)) ? undefined : String(quantity);
