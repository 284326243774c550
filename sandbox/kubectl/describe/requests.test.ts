/** What pods take of a node and of a quota, as the real kubectl 1.35.2 told of the same pods. */

import { expect, test } from 'vitest';
import { TestBed } from '../test-bed.ts';

const NODE = `apiVersion: v1
kind: Node
metadata: {name: node01}
status: {allocatable: {cpu: "4", memory: 8Gi, pods: "110"}, capacity: {cpu: "4", memory: 8Gi, pods: "110"}}
`;

const PODS = `apiVersion: v1
kind: Pod
metadata: {name: sidecar}
spec:
  nodeName: node01
  initContainers:
  - {name: init, image: busybox, resources: {requests: {cpu: 600m}, limits: {cpu: 650m}}}
  - {name: side, image: busybox, restartPolicy: Always, resources: {requests: {cpu: 300m, memory: 64Mi}, limits: {cpu: 350m}}}
  containers:
  - {name: c, image: nginx, resources: {requests: {cpu: 400m, memory: 128Mi}, limits: {cpu: 500m, memory: 256Mi}}}
---
apiVersion: v1
kind: Pod
metadata: {name: init-is-larger}
spec:
  nodeName: node01
  initContainers:
  - {name: side, image: busybox, restartPolicy: Always, resources: {requests: {cpu: 200m}}}
  - {name: init, image: busybox, resources: {requests: {cpu: 600m}, limits: {cpu: 700m}}}
  containers:
  - {name: c, image: nginx, resources: {requests: {cpu: 100m}, limits: {cpu: 100m}}}
---
apiVersion: v1
kind: Pod
metadata: {name: pod-level}
spec:
  nodeName: node01
  resources: {requests: {cpu: 500m, memory: 512Mi}, limits: {cpu: 900m}}
  containers:
  - {name: c, image: nginx, resources: {requests: {cpu: 100m}}}
  - {name: d, image: nginx}
---
apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata: {name: heavy}
handler: runc
overhead: {podFixed: {cpu: 50m, memory: 32Mi}}
---
apiVersion: v1
kind: Pod
metadata: {name: overhead}
spec:
  nodeName: node01
  runtimeClassName: heavy
  containers:
  - {name: c, image: nginx, resources: {requests: {cpu: 100m}, limits: {cpu: 200m}}}
`;

/** Without ages. The server's sums know what a pod asks for as a whole; kubectl 1.35's do not. */
const TOLD = `  default                     init-is-larger    800m (20%)    700m (17%)  0 (0%)           0 (0%)
  default                     overhead          150m (3%)     250m (6%)   32Mi (0%)        0 (0%)
  default                     pod-level         100m (2%)     0 (0%)      0 (0%)           0 (0%)
  default                     sidecar           700m (17%)    850m (21%)  192Mi (2%)       256Mi (3%)
Allocated resources:
  (Total limits may be over 100 percent, i.e., overcommitted.)
  Resource           Requests     Limits
  --------           --------     ------
  cpu                1750m (43%)  1800m (45%)
  memory             224Mi (2%)   256Mi (3%)
  ephemeral-storage  0 (0%)       0 (0%)
`;

function start(): TestBed {
  const bed = new TestBed();
  expect(bed.run(['create', '-f', '-'], NODE).stderr).toBe('');
  expect(bed.run(['apply', '-f', '-'], PODS).stderr).toBe('');
  return bed;
}

test('describe node adds sidecars, init containers and overhead up', () => {
  const { stdout } = start().run(['describe', 'node', 'node01']);
  const ageless = stdout.replace(/ +\d\S*s$/gm, '');
  expect(ageless).toContain(TOLD);
});

test('describe pod tells of each container, and of what the pod asks for as a whole', () => {
  const { stdout } = start().run(['describe', 'pod', 'pod-level']);
  expect(stdout).toContain(`Resources:
  Limits:
    cpu:  900m
  Requests:
    cpu:     500m
    memory:  512Mi
`);
});
