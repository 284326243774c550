/** Services from inside Pods: names, cluster IPs, node ports. */

import { beforeEach, expect, test } from 'vitest';
import type { EndpointSlice, Service } from '../../api/types.ts';
import { type Lab, NODES, startLab } from '../testing/lab.ts';
import { startServiceNetwork } from './index.ts';

let lab: Lab;
const sh = (pod: string, script: string) => lab.exec(pod, 'c', ['sh', '-c', script]);

beforeEach(() => {
  lab = startLab();
  startServiceNetwork({
    clock: lab.clock,
    random: lab.node01.random,
    client: lab.client,
    network: lab.network,
    nodes: Object.entries(NODES).map(([name, [address]]) => ({ name, address })),
    clusterDNS: '10.96.0.10',
    dnsHost: lab.machines.node02,
    upstream: '192.168.120.1',
  });
  lab.pod('web-0', { hostname: 'web-0', subdomain: 'nginx', containers: [{ name: 'c', image: 'nginx' }] });
  lab.clock.settle();
  lab.pod('web-1', { nodeName: 'node02', containers: [{ name: 'c', image: 'nginx' }] });
  lab.pod('box', { containers: [{ name: 'c', image: 'busybox:1.28', args: ['sleep', '9999'] }] });
  lab.pod('new', { containers: [{ name: 'c', image: 'busybox', args: ['sleep', '9999'] }] });
  lab.clock.settle();
  for (const pod of ['web-0', 'web-1']) sh(pod, `echo ${pod} > /usr/share/nginx/html/index.html`);
});

function service(name: string, clusterIP: string, endpoints: EndpointSlice['endpoints'], spec: object = {}) {
  const ports = [{ name: 'http', port: 80, targetPort: 80 }];
  lab.client.create('services', 'default', {
    metadata: { name },
    spec: { clusterIP, clusterIPs: [clusterIP], ports, ...spec },
  } as unknown as Service);
  slice(name, endpoints);
}

const slice = (name: string, endpoints: EndpointSlice['endpoints']) =>
  lab.client.create('endpointslices', 'default', {
    metadata: { generateName: `${name}-`, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    endpoints,
    ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
  } as unknown as EndpointSlice);

const at = (pod: string, rest: object = {}) => ({ addresses: [lab.get(pod).status!.podIP!], ...rest });

test('a headless service is its pods, each by its own name', () => {
  service('nginx', 'None', [at('web-0', { hostname: 'web-0' }), at('web-1')]);
  expect(sh('box', 'nslookup web-0.nginx').stdout).toBe(`Server:    10.96.0.10
Address 1: 10.96.0.10 kube-dns.kube-system.svc.cluster.local

Name:      web-0.nginx
Address 1: 10.244.1.2 web-0.nginx.default.svc.cluster.local
`);
  expect(sh('box', 'nslookup nginx').stdout).toContain(
    'Address 1: 10.244.1.2 web-0.nginx.default.svc.cluster.local\nAddress 2: 10.244.2.2 10-244-2-2.nginx.default.svc.cluster.local\n',
  );
  expect(sh('box', 'wget -qO- web-0.nginx').stdout).toBe('web-0\n');
});

test('since 1.29 busybox looks only names without dots up in the search domains', () => {
  service('nginx', 'None', [at('web-0', { hostname: 'web-0' })]);
  const found = sh('new', 'nslookup web-0.nginx');
  expect(found.exitCode).toBe(1);
  expect(found.stdout).toBe(
    `Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\n${"** server can't find web-0.nginx: NXDOMAIN\n\n".repeat(2)}`,
  );
  expect(sh('new', 'nslookup web-0.nginx.default.svc.cluster.local')).toMatchObject({
    stdout: expect.stringContaining('Name:\tweb-0.nginx.default.svc.cluster.local\nAddress: 10.244.1.2\n\n\n'),
    exitCode: 0,
  });
  expect(sh('new', 'nslookup -type=srv _http._tcp.nginx.default.svc.cluster.local').stdout).toContain(
    'service = 0 100 80 web-0.nginx.default.svc.cluster.local\n',
  );
});

test('a cluster IP leads to the ready endpoints; without any, connections are refused', () => {
  service('web', '10.96.7.7', [at('web-0'), at('web-1'), at('box', { conditions: { ready: false } })]);
  const answers = new Set(Array.from({ length: 12 }, () => sh('new', 'wget -qO- http://web').stdout));
  expect(answers).toEqual(new Set(['web-0\n', 'web-1\n']));
  service('none', '10.96.7.8', []);
  expect(sh('new', 'wget -qO- http://none')).toMatchObject({
    stderr: "wget: can't connect to remote host (10.96.7.8): Connection refused\n",
    exitCode: 1,
  });
});

test('with ClientIP affinity a client stays with its endpoint', () => {
  service('web', '10.96.7.7', [at('web-0'), at('web-1')], { sessionAffinity: 'ClientIP' });
  expect(new Set(Array.from({ length: 12 }, () => sh('new', 'wget -qO- http://web').stdout)).size).toBe(1);
});

test('a node port answers on every node, to those outside the cluster too', () => {
  const ports = [{ name: 'http', port: 80, targetPort: 80, nodePort: 30080 }];
  service('web', '10.96.7.7', [at('web-0')], { type: 'NodePort', ports });
  expect(lab.on(lab.machines.nfs, 'curl', '-s', 'http://192.168.120.233:30080')).toBe('web-0\n');
  expect(lab.on(lab.machines.node01, 'curl', '-s', 'http://127.0.0.1:30080')).toBe('web-0\n');
});

test('another name is another name; a name nobody has is told', () => {
  lab.client.create('services', 'default', {
    metadata: { name: 'out' },
    spec: { type: 'ExternalName', externalName: 'web.default.svc.cluster.local' },
  } as unknown as Service);
  service('web', '10.96.7.7', [at('web-0')]);
  expect(sh('new', 'nslookup out.default.svc.cluster.local').stdout).toContain(
    'out.default.svc.cluster.local\tcanonical name = web.default.svc.cluster.local\nName:\tweb.default.svc.cluster.local\nAddress: 10.96.7.7\n',
  );
  expect(sh('new', 'wget -qO- nobody')).toMatchObject({ stderr: "wget: bad address 'nobody'\n", exitCode: 1 });
  expect(sh('web-0', 'curl -sS nobody')).toMatchObject({ stderr: 'curl: (6) Could not resolve host: nobody\n' });
});

test('while the name server is away, names are waited for', () => {
  service('web', '10.96.7.7', [at('web-0')]);
  lab.machines.node02.powerOff();
  const begun = lab.clock.now;
  expect(sh('box', 'nslookup web').stderr).toContain("nslookup: can't resolve 'web'\n");
  expect(lab.clock.now - begun).toBeGreaterThanOrEqual(10_000);
});
