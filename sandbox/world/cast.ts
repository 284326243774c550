/** The nodes of the lab's cluster: names, addresses and what each is for. */

export interface NodeCast {
  readonly name: string;
  readonly address: string;
  readonly podCIDR: string;
  readonly controlPlane?: boolean;
}

export const nodes: readonly NodeCast[] = [
  { name: 'master01', address: '192.168.120.231', podCIDR: '10.244.0.0/24', controlPlane: true },
  { name: 'node01', address: '192.168.120.232', podCIDR: '10.244.1.0/24' },
  { name: 'node02', address: '192.168.120.233', podCIDR: '10.244.2.0/24' },
];

export const apiServer = { address: '192.168.120.231', port: 6443, serviceIP: '10.96.0.1' } as const;

export const versions = {
  kubernetes: 'v1.36.2',
  kernel: '6.1.0-37-amd64',
  containerRuntime: 'containerd://2.1.4',
  osImage: 'Debian GNU/Linux 12 (bookworm)',
} as const;

export const KUBELET_PORT = 10250;

/** Every world begins here: 22 November 2026, 09:00 UTC. */
export const START = Date.UTC(2026, 10, 22, 9);
