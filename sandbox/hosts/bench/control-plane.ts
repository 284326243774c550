/** The benchmark of scale: a control plane with the stand-in kubelet, and sets, claims and deletions of many sizes on it. */

import type { Client } from '../../api/client.ts';
import type { PersistentVolumeClaim } from '../../api/types.ts';
import { startStubKubelets } from '../../kubelet/stub.ts';
import { Clock } from '../../sim/clock.ts';
import { runUntil } from '../../sim/driver.ts';
import { Random } from '../../sim/random.ts';
import { startControlPlane } from '../../world/control-plane.ts';
import { START } from '../../world/lab.ts';
import { collectGarbage, cpu } from './measure.ts';

/** Nothing here may take longer, in virtual time. */
const PATIENCE = 3_600_000;
const PODS_PER_NODE = 100;

class Cluster {
  readonly clock = new Clock(START);
  readonly client: Client;
  /** Counted as they change: a look at all of them after every event would cost more than what is measured. */
  pods = 0;
  boundClaims = 0;

  /** With workers enough for so many pods. */
  constructor(pods: number) {
    collectGarbage();
    const random = new Random(1);
    const { client } = startControlPlane(this.clock, random);
    this.client = client('bench');
    this.#addWorkers(Math.ceil(pods / PODS_PER_NODE));
    this.#count();
    startStubKubelets({ clock: this.clock, random, client: this.client });
    this.clock.advanceTo(this.clock.now + 5_000);
  }

  #addWorkers(count: number): void {
    const node = this.client.get('nodes', '', 'node01')!;
    for (let i = 3; i <= count; i++) {
      const name = `node${String(i).padStart(2, '0')}`;
      this.client.create('nodes', '', {
        metadata: { name, labels: { ...node.metadata.labels, 'kubernetes.io/hostname': name } },
        spec: { podCIDR: `10.244.${i}.0/24`, podCIDRs: [`10.244.${i}.0/24`] },
      } as never);
      this.client.create('leases', 'kube-node-lease', {
        metadata: { name },
        spec: { holderIdentity: name, leaseDurationSeconds: 40 },
      });
      this.client.mutate('nodes', '', name, (created) => ({ ...created, status: node.status! }), 'status');
    }
  }

  #count(): void {
    const isBound = (claim: PersistentVolumeClaim) => claim.status?.phase === 'Bound';
    this.client.informer('pods').handle({ added: () => this.pods++, deleted: () => this.pods-- });
    this.client.informer('persistentvolumeclaims').handle({
      updated: (before, after) => {
        if (!isBound(before) && isBound(after)) this.boundClaims++;
      },
    });
  }

  async until(what: string, done: () => boolean): Promise<void> {
    if (!(await runUntil(this.clock, done, this.clock.now + PATIENCE))) throw new Error(`waited in vain: ${what}`);
  }

  createDeployment(replicas: number): void {
    this.client.create('deployments', 'default', {
      metadata: { name: 'web' },
      spec: { replicas, selector: { matchLabels: { app: 'web' } }, template: podTemplate() },
    } as never);
  }

  scaleDeployment(replicas: number): void {
    this.client.mutate('deployments', 'default', 'web', (web) => ({ ...web, spec: { ...web.spec!, replicas } }));
  }

  deploymentHas(replicas: number): Promise<void> {
    const status = () => this.client.get('deployments', 'default', 'web')?.status;
    return this.until(`${replicas} Ready`, () => {
      const { replicas: all = 0, readyReplicas = 0 } = status() ?? {};
      return all === replicas && readyReplicas === replicas;
    });
  }

  createVolume(name: string): void {
    this.client.create('persistentvolumes', '', {
      metadata: { name },
      spec: {
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'slow',
        capacity: { storage: '1Gi' },
        nfs: { server: '192.168.120.230', path: `/mnt/${name}` },
      },
    } as never);
  }

  createClaim(name: string): void {
    this.client.create('persistentvolumeclaims', 'default', { metadata: { name }, spec: claimSpec } as never);
  }
}

const claimSpec = {
  accessModes: ['ReadWriteOnce'],
  storageClassName: 'slow',
  resources: { requests: { storage: '1Gi' } },
};

const podTemplate = (volumeMounts: readonly object[] = []) => ({
  metadata: { labels: { app: 'web' } },
  spec: {
    containers: [
      { name: 'nginx', image: 'nginx', resources: { requests: { cpu: '10m', memory: '10Mi' } }, volumeMounts },
    ],
  },
});

/** From the Deployment's creation until every replica is Ready. */
export function deploymentReady(replicas: number): Promise<number> {
  const cluster = new Cluster(replicas);
  return cpu(async () => {
    cluster.createDeployment(replicas);
    await cluster.deploymentHas(replicas);
  });
}

/** From half of the replicas to all of them, and back. */
export async function deploymentScaled(replicas: number): Promise<number> {
  const cluster = new Cluster(replicas);
  cluster.createDeployment(replicas / 2);
  await cluster.deploymentHas(replicas / 2);
  return cpu(async () => {
    cluster.scaleDeployment(replicas);
    await cluster.deploymentHas(replicas);
    cluster.scaleDeployment(replicas / 2);
    await cluster.deploymentHas(replicas / 2);
    await cluster.until('the rest is gone', () => cluster.pods === replicas / 2);
  });
}

/** The cascade, in the background as kubectl asks for it: until no pod is left. */
export async function deploymentDeleted(replicas: number): Promise<number> {
  const cluster = new Cluster(replicas);
  cluster.createDeployment(replicas);
  await cluster.deploymentHas(replicas);
  return cpu(async () => {
    cluster.client.delete('deployments', 'default', 'web', { propagationPolicy: 'Background' });
    await cluster.until('all pods gone', () => cluster.pods === 0);
  });
}

/** So many volumes and so many claims, created one after the other, until all are bound. */
export function claimsBound(claims: number): Promise<number> {
  const cluster = new Cluster(0);
  return cpu(async () => {
    for (let i = 0; i < claims; i++) {
      cluster.createVolume(`pv${i}`);
      cluster.createClaim(`claim${i}`);
    }
    await cluster.until('all claims Bound', () => cluster.boundClaims === claims);
  });
}

/** An ordered StatefulSet over volumes that are there: a claim, a binding and a pod, one replica after the other. */
export function statefulSetReady(replicas: number): Promise<number> {
  const cluster = new Cluster(replicas);
  for (let i = 0; i < replicas; i++) cluster.createVolume(`pv${i}`);
  cluster.clock.advanceTo(cluster.clock.now + 5_000);
  return cpu(async () => {
    cluster.client.create('statefulsets', 'default', {
      metadata: { name: 'web' },
      spec: {
        replicas,
        serviceName: 'web',
        selector: { matchLabels: { app: 'web' } },
        template: podTemplate([{ name: 'www', mountPath: '/usr/share/nginx/html' }]),
        volumeClaimTemplates: [{ metadata: { name: 'www' }, spec: claimSpec }],
      },
    } as never);
    const ready = () => cluster.client.get('statefulsets', 'default', 'web')?.status?.readyReplicas === replicas;
    await cluster.until(`${replicas} Ready`, ready);
  });
}
