/** Validation: what upstream complains of, in its words, at its paths and in its order. */

import { expect, test } from 'vitest';
import { MAPS, map, PODS, pod, startApi } from './testing.ts';

const CORE = '/api/v1/namespaces/default';

function posting() {
  const { call } = startApi();
  /** The complaints of one creation, without the kind and name before them. */
  return (path: string, object: object): string[] => {
    const { value } = call('POST', path, object);
    return (value.details?.causes ?? []).map(
      ({ field, message }: { field: string; message: string }) => `${field}: ${message}`,
    );
  };
}

const service = (spec: object) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec });
const container = (more: object) => ({ containers: [{ name: 'c', image: 'nginx', ...more }] });

test('a pod on its host’s network has the ports of its host', () => {
  const post = posting();
  const ports = [{ containerPort: 80, hostPort: 81 }];
  expect(post(PODS, pod('p', { hostNetwork: true, ...container({ ports }) }))).toEqual([
    'spec.containers[0].ports[0].hostPort: Invalid value: 81: must match `containerPort` when `hostNetwork` is true',
  ]);
});

test('gates, aliases, DNS and what `hostUsers` forbids', () => {
  const post = posting();
  expect(post(PODS, pod('p', { schedulingGates: [{ name: 'a/b' }, { name: 'a/b' }], nodeName: 'n' }))).toEqual([
    'spec.schedulingGates[1]: Duplicate value: "a/b"',
    'spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared',
  ]);
  expect(post(PODS, pod('p', { dnsPolicy: 'None' }))).toEqual([
    'spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None',
  ]);
  expect(post(PODS, pod('p', { hostAliases: [{ ip: '1.2.3', hostnames: ['A'] }] }))).toEqual([
    'spec.hostAliases[0].ip: Invalid value: "1.2.3": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    expect.stringMatching(
      /^spec\.hostAliases\[0\]\.hostnames\[0\]: Invalid value: "A": a lowercase RFC 1123 subdomain/,
    ),
  ]);
  expect(post(PODS, pod('p', { hostUsers: false, hostPID: true }))).toEqual([
    'spec.HostPID: Forbidden: when `pod.Spec.HostUsers` is false',
  ]);
});

test('mounts: paths below a volume are told of the whole list', () => {
  const post = posting();
  const volumes = [{ name: 'v', emptyDir: {} }];
  const mount = (more: object) =>
    pod('p', { volumes, ...container({ volumeMounts: [{ name: 'v', mountPath: '/v', ...more }] }) });
  expect(post(PODS, mount({ subPath: '/a/..' }))).toEqual([
    'spec.containers[0].volumeMounts.subPath: Invalid value: "/a/..": must be a relative path',
    'spec.containers[0].volumeMounts.subPath: Invalid value: "/a/..": must not contain \'..\'',
  ]);
  expect(post(PODS, mount({ mountPropagation: 'Bidirectional' }))).toEqual([
    'spec.containers[0].volumeMounts.mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged containers',
  ]);
  expect(post(PODS, mount({ recursiveReadOnly: 'Enabled' }))).toEqual([
    'spec.containers[0].volumeMounts.recursiveReadOnly: Forbidden: may only be specified when readOnly is true',
  ]);
});

test('two sources of one volume, and one file from two projections', () => {
  const post = posting();
  expect(post(PODS, pod('p', { volumes: [{ name: 'v', configMap: {}, downwardAPI: {} }] }))).toEqual([
    'spec.volumes[0].configMap: Forbidden: may not specify more than 1 volume type',
  ]);
  const file = (kind: string) => ({ [kind]: { name: 'x', items: [{ key: 'k', path: 'f' }] } });
  expect(
    post(PODS, pod('p', { volumes: [{ name: 'v', projected: { sources: [file('secret'), file('configMap')] } }] })),
  ).toEqual(['spec.volumes[0].projected: Invalid value: "x": conflicting duplicate paths']);
});

test('environment: references by field, by resource and by key', () => {
  const post = posting();
  const env = (valueFrom: object) => pod('p', container({ env: [{ name: 'E', valueFrom }] }));
  const path = 'spec.containers[0].env[0].valueFrom';
  expect(post(PODS, env({ fieldRef: { fieldPath: 'spec.volumes' } }))).toEqual([
    `${path}.fieldRef.fieldPath: Invalid value: "spec.volumes": error converting fieldPath: field label not supported: spec.volumes`,
  ]);
  expect(post(PODS, env({ fieldRef: { fieldPath: 'spec.restartPolicy' } }))[0]).toContain(
    `${path}.fieldRef.fieldPath: Unsupported value: "spec.restartPolicy": supported values: "metadata.name",`,
  );
  expect(post(PODS, env({ resourceFieldRef: { resource: 'limits.cpu', divisor: '2' } }))).toEqual([
    `${path}.resourceFieldRef.divisor: Invalid value: "limits.cpu": only divisor's values 1m and 1 are supported with the cpu resource`,
  ]);
  expect(post(PODS, pod('p', container({ envFrom: [{}] })))).toEqual([
    'spec.containers[0].envFrom: Invalid value: "": must specify one of: `configMapRef` or `secretRef`',
  ]);
});

test('extended resources are asked for as limited; huge pages only with memory or cpu', () => {
  const post = posting();
  const asks = (resources: object) => pod('p', container({ resources }));
  expect(post(PODS, asks({ requests: { 'a.b/gpu': '1' } }))).toEqual([
    'spec.containers[0].resources.limits: Required value: Limit must be set for non overcommitable resources',
  ]);
  expect(post(PODS, asks({ limits: { 'hugepages-2Mi': '2Mi' }, requests: { 'hugepages-2Mi': '2Mi' } }))).toEqual([
    'spec.containers[0].resources: Forbidden: HugePages require cpu or memory',
  ]);
});

test('a hook sleeps no longer than its pod has to terminate', () => {
  const post = posting();
  expect(post(PODS, pod('p', container({ lifecycle: { preStop: { sleep: { seconds: 31 } } } })))).toEqual([
    'spec.containers[0].lifecycle.preStop.sleep: Invalid value: 31: must be non-negative and less than terminationGracePeriodSeconds (30)',
  ]);
});

test('spreading: the first of two equal constraints is told; keys need a selector', () => {
  const post = posting();
  const one = { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' };
  expect(
    post(PODS, pod('p', { topologySpreadConstraints: [one, { ...one, minDomains: 2, matchLabelKeys: ['a'] }] })),
  ).toEqual([
    'spec.topologySpreadConstraints[0].{topologyKey, whenUnsatisfiable}: Duplicate value: "{zone, ScheduleAnyway}"',
    'spec.topologySpreadConstraints[1].minDomains: Invalid value: 2: can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway',
    'spec.topologySpreadConstraints[1].matchLabelKeys: Forbidden: must not be specified when labelSelector is not set',
  ]);
});

test('security contexts', () => {
  const post = posting();
  const path = 'spec.securityContext';
  const securityContext = {
    sysctls: [{ name: 'A', value: '1' }],
    fsGroupChangePolicy: 'Never',
    seccompProfile: { type: 'Localhost' },
    appArmorProfile: { type: 'RuntimeDefault', localhostProfile: 'x' },
  };
  expect(post(PODS, pod('p', { hostPID: true, shareProcessNamespace: true, securityContext }))).toEqual([
    `${path}.shareProcessNamespace: Invalid value: true: ShareProcessNamespace and HostPID cannot both be enabled`,
    expect.stringContaining(`${path}.sysctls[0].name: Invalid value: "A": must have at most 253 characters and match`),
    `${path}.fsGroupChangePolicy: Unsupported value: "Never": supported values: "Always", "OnRootMismatch"`,
    `${path}.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost`,
    `${path}.appArmorProfile.localhostProfile: Invalid value: "x": can only be set when AppArmor type is Localhost`,
  ]);
});

test('services: node ports, duplicates and what only load balancers have', () => {
  const post = posting();
  const path = `${CORE}/services`;
  const http = { name: 'a', port: 80 };
  expect(
    post(
      path,
      service({
        ports: [
          { ...http, nodePort: 30_080 },
          { ...http, name: 'b' },
        ],
      }),
    ),
  ).toEqual([
    "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
    'spec.ports[1]: Duplicate value: {"port":80,"protocol":"TCP"}',
  ]);
  expect(
    post(path, service({ ports: [http], loadBalancerSourceRanges: ['10.0.0.0/8'], loadBalancerClass: 'a/b' })),
  ).toEqual([
    "spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'",
    "spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'",
  ]);
  expect(post(path, service({ ports: [http], externalIPs: ['127.0.0.1'] }))).toEqual([
    'spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
  ]);
});

test('quotas and limit ranges', () => {
  const post = posting();
  const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'q' } };
  const quotas = `${CORE}/resourcequotas`;
  expect(
    post(quotas, { ...quota, spec: { hard: { services: '1' }, scopes: ['BestEffort', 'NotBestEffort'] } }),
  ).toEqual([
    'spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: unsupported scope applied to resource',
    'spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: unsupported scope applied to resource',
    'spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: conflicting scopes',
  ]);
  const range = { apiVersion: 'v1', kind: 'LimitRange', metadata: { name: 'l' } };
  const limits = [{ type: 'Thing' }, { type: 'Container', min: { cpu: '2' }, max: { cpu: '1' } }];
  expect(post(`${CORE}/limitranges`, { ...range, spec: { limits } })).toEqual([
    'spec.limits[0].type: Invalid value: "Thing": must be a standard limit type or fully qualified',
    'spec.limits[1].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1',
    'spec.limits[1].defaultRequest[cpu]: Invalid value: "1": min value 2 is greater than default request value 1',
    'spec.limits[1].default[cpu]: Invalid value: "2": min value 2 is greater than default value 1',
  ]);
});

test('a service of addresses outside the cluster has a policy for what comes from there', () => {
  const { call } = startApi();
  const ports = [{ port: 80 }];
  const { value } = call('POST', `${CORE}/services`, service({ ports, externalIPs: ['192.0.2.1'] }));
  expect(value.spec.externalTrafficPolicy).toBe('Cluster');
});

test('a key is data or binary, not both', () => {
  const post = posting();
  expect(post(MAPS, { ...map('m', { k: 'v' }), binaryData: { k: 'dg==' } })).toEqual([
    'data[k]: Invalid value: "k": duplicate of key present in binaryData',
  ]);
});
