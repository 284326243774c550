/** A pod's requests are one sum wherever they are asked for: by the scheduler, the kubelet, a quota (component-helpers resource/helpers_test.go). */

import { expect, test } from 'vitest';
import { usageOf } from '../api/admission/usage.ts';
import { podLimits, podRequests } from '../api/pod-resources.ts';
import { formatQuantity } from '../api/quantity.ts';
import type { Pod, PodSpec } from '../api/types.ts';
import { podRequests as scheduled } from '../controllers/scheduler/requests.ts';
import { requestOf } from './admission.ts';

const container = (name: string, cpu: string, more: object = {}) => ({
  name,
  image: 'nginx',
  resources: { requests: { cpu }, limits: { cpu } },
  ...more,
});
const sidecar = (cpu: string) => container('side', cpu, { restartPolicy: 'Always' });

const PODS = 'pods';

/** Thousandths of a core, as each of them sees it. */
function cpuOf(spec: object) {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec } as unknown as Pod;
  const quota = usageOf({ group: '', name: PODS }, pod);
  return {
    requests: formatQuantity(podRequests(pod.spec!).cpu!),
    limits: formatQuantity(podLimits(pod.spec!).cpu!),
    quota: formatQuantity(quota['requests.cpu']!),
    scheduler: `${scheduled(pod.spec as PodSpec).cpu}m`,
    kubelet: `${requestOf(pod, 'cpu') * 1000}m`,
  };
}

const everywhere = (cpu: string, limits = cpu) => ({ requests: cpu, limits, quota: cpu, scheduler: cpu, kubelet: cpu });

test('a sidecar counts beside the containers', () => {
  expect(cpuOf({ initContainers: [sidecar('300m')], containers: [container('c', '400m')] })).toEqual(
    everywhere('700m'),
  );
});

test('an init container counts beside the sidecars that were started before it', () => {
  const containers = [container('c', '100m')];
  const init = container('init', '600m');
  expect(cpuOf({ initContainers: [init, sidecar('200m')], containers })).toEqual(everywhere('600m'));
  expect(cpuOf({ initContainers: [sidecar('200m'), init], containers })).toEqual(everywhere('800m'));
});

test('what the pod says holds for all its containers; overhead comes on top', () => {
  const containers = [container('c', '100m'), container('d', '100m')];
  const resources = { requests: { cpu: '500m' }, limits: { cpu: '900m' } };
  expect(cpuOf({ containers, resources })).toEqual(everywhere('500m', '900m'));
  expect(cpuOf({ containers, overhead: { cpu: '50m' } })).toEqual(everywhere('250m'));
});
