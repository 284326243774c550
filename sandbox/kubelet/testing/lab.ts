/** A small cluster for tests: the API, two nodes with kubelets, no controllers; pods are bound by hand. */

import type { Client } from '../../api/client.ts';
import { type Api, createApi } from '../../api/index.ts';
import { resources } from '../../api/resources/index.ts';
import type { ConfigMap, Pod, PodSpec } from '../../api/types.ts';
import { ImageCatalogue } from '../../images/catalogue.ts';
import { createMachine } from '../../machines/create-machine.ts';
import type { KernelMachine } from '../../machines/kernel/machine.ts';
import type { ProgramTable } from '../../machines/machine.ts';
import { Network } from '../../machines/network/network.ts';
import { PROGRAMS } from '../../machines/programs/index.ts';
import { SYSTEM_PROGRAMS } from '../../machines/system-programs/index.ts';
import { Clock } from '../../sim/clock.ts';
import { Random } from '../../sim/random.ts';
import { Coroutine, type Task } from '../../sim/task.ts';
import { type Kubelet, startKubelet } from '../kubelet.ts';
import { PodDispatcher } from '../pod-dispatcher.ts';
import { nodePrograms } from '../programs/index.ts';
import { run as runProgram } from '../volumes/mount-command.ts';

const catalogue = new ImageCatalogue();

/** At hand from the beginning: these tests step the clock without ever returning to the host, which loading would need. */
const programs: ProgramTable = new Map(
  await Promise.all(
    [...SYSTEM_PROGRAMS, ...PROGRAMS, ...nodePrograms, ...catalogue.programs].map(
      async ([name, entry]) => [name, 'run' in entry ? entry : { run: await entry.load() }] as const,
    ),
  ),
);

export interface Lab {
  readonly clock: Clock;
  readonly api: Api;
  readonly client: Client;
  readonly network: Network;
  readonly node01: Kubelet;
  readonly node02: Kubelet;
  /** The file server exports nothing yet; the nodes lack nfs-common. */
  readonly machines: Readonly<Record<'node01' | 'node02' | 'nfs', KernelMachine>>;
  /** Runs a task to its end in virtual time. */
  run<T>(task: Task<T>): T;
  /** Creates a pod already bound to node01, unless the spec names another. */
  pod(name: string, spec: Partial<PodSpec> & Pick<PodSpec, 'containers'>): Pod;
  advance(ms: number): void;
  get(name: string): Pod;
  /** `reason message` of the pod's events, with the count where it is more than one. */
  events(name: string): string[];
  logs(pod: string, container: string, previous?: boolean): string;
  exec(
    pod: string,
    container: string,
    command: readonly string[],
    stdin?: string,
  ): { stdout: string; stderr: string; exitCode?: number; error?: string };
  /** Runs a program on node01 (or another machine) and gives its output. */
  on(machine: KernelMachine, ...argv: string[]): string;
}

export const NODES = {
  node01: ['192.168.120.232', '10.244.1.0/24'],
  node02: ['192.168.120.233', '10.244.2.0/24'],
} as const;

export function startLab(): Lab {
  const clock = new Clock(Date.UTC(2026, 10, 22, 20));
  const random = new Random(1);
  const network = new Network(clock);
  const api = createApi({ clock, random, resources });
  const client = api.client('kubelet');
  for (const name of ['default', 'kube-node-lease']) client.create('namespaces', '', { metadata: { name } });
  client.create('serviceaccounts', 'default', { metadata: { name: 'default' } });
  client.create('configmaps', 'default', {
    metadata: { name: 'kube-root-ca.crt' },
    data: { 'ca.crt': '-----BEGIN CERTIFICATE-----\n' },
  } as unknown as ConfigMap);
  const executables = [...SYSTEM_PROGRAMS.keys(), ...PROGRAMS.keys(), ...nodePrograms.keys()];
  const dispatcher = new PodDispatcher(client);
  const machines = {} as Record<'node01' | 'node02' | 'nfs', KernelMachine>;
  const kubelets = {} as Record<'node01' | 'node02', Kubelet>;
  for (const [name, [address, podCIDR]] of Object.entries(NODES) as [
    'node01' | 'node02',
    readonly [string, string],
  ][]) {
    machines[name] = createMachine({
      clock,
      random: random.fork(name),
      network,
      hostname: name,
      address,
      programs,
      executables,
    });
    kubelets[name] = startKubelet({
      catalogue,
      clock,
      random: random.fork(`kubelet/${name}`),
      client,
      machine: machines[name],
      clusterDNS: '10.96.0.10',
      dispatcher,
      node: {
        name,
        address,
        podCIDR,
        roles: [],
        taints: [],
        capacity: { cpu: 4, memory: '8Gi', storage: '13706Mi', pods: 110 },
        allocatable: { memory: '8086Mi', storage: '12934604369' },
        kubeletVersion: 'v1.36.2',
      },
    });
  }
  machines.nfs = createMachine({
    clock,
    random: random.fork('nfs'),
    network,
    hostname: 'nfs',
    address: '192.168.120.230',
    programs,
    executables: [...SYSTEM_PROGRAMS.keys(), ...PROGRAMS.keys()],
  });
  install(machines.nfs, 'nfs-kernel-server');
  clock.settle();
  const target = (pod: string, container: string) => ({
    namespace: 'default',
    pod,
    uid: get(pod).metadata.uid,
    container,
  });
  const get = (name: string): Pod => client.get('pods', 'default', name)!;
  const kubeletOf = (name: string): Kubelet => kubelets[get(name).spec!.nodeName as 'node01'];
  const run = <T>(task: Task<T>): T => {
    const coroutine = new Coroutine(clock, task);
    while (!coroutine.outcome && clock.step());
    const { outcome } = coroutine;
    if (outcome?.status === 'done') return outcome.value;
    throw outcome?.status === 'failed' ? outcome.error : new Error('the task never ends');
  };
  return {
    clock,
    api,
    client,
    network,
    machines,
    ...kubelets,
    run,
    get,
    pod: (name, spec) =>
      client.create('pods', 'default', { metadata: { name }, spec: { nodeName: 'node01', ...spec } } as unknown as Pod),
    advance: (ms) => void clock.advanceTo(clock.now + ms),
    events: (name) =>
      client
        .list('events', 'default')
        .filter((event) => event.involvedObject.name === name)
        .sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
        .map((event) => `${event.reason} ${event.message}${event.count === 1 ? '' : ` x${event.count}`}`),
    logs: (pod, container, previous = false) => {
      const answer = kubeletOf(pod).server.logs(target(pod, container), { previous });
      return typeof answer === 'string' ? answer : 'message' in answer ? `error: ${answer.message}` : 'stream';
    },
    exec: (pod, container, command, stdin) => {
      const streams = { stdin: stdin !== undefined, stdout: true, stderr: true, tty: false };
      const session = kubeletOf(pod).server.exec(target(pod, container), command, streams);
      if ('message' in session) return { stdout: '', stderr: '', error: session.message };
      if (stdin !== undefined) session.stdin.push(new TextEncoder().encode(stdin));
      session.stdin.close();
      const result = run(session.done.next())!;
      const text = (channel: typeof session.stdout) => {
        let all = '';
        for (let data = channel.take(); data; data = channel.take()) all += new TextDecoder().decode(data);
        return all;
      };
      return { stdout: text(session.stdout), stderr: text(session.stderr), ...result };
    },
    on: (machine, ...argv) => run(runProgram(machine.init, argv)).output,
  };
}

/** As apt-get does it, without its time and its talk. */
export function install(machine: KernelMachine, name: string): void {
  for (const one of machine.packages.closure([name])) machine.packages.install(one, 'manual');
}
