/** The lab: the cluster on three of its machines, the file server on the fourth. */

import type { ApiRequest, ApiResponse } from '../api/http.ts';
import type { Api } from '../api/index.ts';
import type { SaveRequest, SaveResult } from '../channel/files.ts';
import type { Foreground } from '../channel/messages.ts';
import type { TieBreak } from '../controllers/scheduler/algorithm.ts';
import { ImageCatalogue } from '../images/catalogue.ts';
import type { ImageDeclaration } from '../images/image.ts';
import { Kubelet, type NodeOptions, nodePrograms, PodDispatcher, startServiceNetwork } from '../kubelet/index.ts';
import { type StubKubeletOptions, startStubKubelets } from '../kubelet/stub.ts';
import type { CommandResult, Observation } from '../lesson/observation.ts';
import { binaryPath } from '../machines/filesystem/debian-base.ts';
import { ROOT } from '../machines/filesystem/inode.ts';
import { plantOne } from '../machines/filesystem/tree.ts';
import type { KernelMachine } from '../machines/kernel/machine.ts';
import { PathView } from '../machines/kernel/paths.ts';
import type { ProgramEntry, Terminal } from '../machines/machine.ts';
import { type Network, ROUTER } from '../machines/network/network.ts';
import type { Program } from '../machines/process.ts';
import { completers } from '../machines/shell/readline/completion.ts';
import type { Clock } from '../sim/clock.ts';
import { part } from '../sim/parts.ts';
import { outside, type Task } from '../sim/task.ts';
import { apiServer, type NodeCast, nodes, versions } from './cast.ts';
import { startControlPlane } from './control-plane.ts';
import type { ServedCluster } from './kubectl-program.ts';
import { LabMachines } from './machines.ts';
import { WorldObservation } from './observation.ts';
import { saveFile } from './saving.ts';
import type { World } from './world.ts';

/** How long the lab's set-up takes before the learner arrives (virtual milliseconds). */
const HEAD_START = 1_500;
const CLUSTER_DNS = '10.96.0.10';

export { START } from './cast.ts';

export interface LabOptions {
  readonly seed: number;
  /** The kubelet that the goldens were recorded with, instead of one that runs containers on the machines. */
  readonly stubKubelet?: boolean | Pick<StubKubeletOptions, 'images'>;
  /** Which of equal nodes a pod comes to, instead of chance. */
  readonly tieBreak?: TieBreak;
  /** Images beside the lab's own, which they come before. Throws for one that cannot be. */
  readonly images?: readonly ImageDeclaration[];
  /** Addresses and names at which the file server answers beside its own. */
  readonly fileServerNames?: readonly string[];
  /** Registries that have Docker's official images: `registry.example.com/team`. */
  readonly registries?: readonly string[];
  /** When it begins, in milliseconds since the epoch; START unless given. */
  readonly start?: number;
}

/** A cluster on machines of its own, or on those that are given: they came up before. */
export function createWorld({ seed, start, ...options }: LabOptions, machines?: LabMachines): World {
  return new Lab(machines ?? new LabMachines(seed, start), options);
}

/** The shell asks by command name; which lab a process belongs to is told by its network. */
const labs = new WeakMap<Network, Lab>();

const kubectlCode = part('program/kubectl', () => import('./kubectl-program.ts'));

completers.set('kubectl', function* (words, index, process) {
  const lab = labs.get((process.machine as KernelMachine).network);
  if (!lab) return [];
  const { completeKubectl } = yield* outside(lab.clock, kubectlCode);
  return yield* completeKubectl(words, index, process, lab.cluster);
});

/** A machine answers at another address or name: its router sends on what comes for it. */
function answerAt(network: Network, machine: KernelMachine, name: string): void {
  const { address } = machine;
  if (!/^[\d.]+$/.test(name)) {
    network.names.set(name, address);
    return;
  }
  network.attach(name, machine);
  network.filters.push((_, to, port) => (to === name ? { address, port } : undefined));
}

const CONTAINERD = {
  name: 'containerd.service',
  description: 'containerd container runtime',
  documentation: ['https://containerd.io'],
  enabled: true,
  command: ['/usr/bin/containerd'],
  restartAfter: 5_000,
};

class Lab implements World {
  readonly clock: Clock;
  readonly machines: ReadonlyMap<string, KernelMachine>;
  readonly observation: Observation;
  readonly #lab: LabMachines;
  readonly api: Api;
  readonly #catalogue: ImageCatalogue;
  readonly #kubelets = new Map<string, Kubelet>();

  constructor(lab: LabMachines, options: Omit<LabOptions, 'seed' | 'start'>) {
    const { stubKubelet = false, tieBreak, images, registries, fileServerNames = [] } = options;
    this.#lab = lab;
    this.#catalogue = new ImageCatalogue(images, registries);
    for (const name of fileServerNames) answerAt(lab.network, lab.fileServer, name);
    this.clock = lab.clock;
    this.machines = lab.hosts;
    labs.set(lab.network, this);
    this.#installPrograms();
    this.api = startControlPlane(this.clock, lab.random, tieBreak);
    lab.network.listen(apiServer.address, apiServer.port, ({ send }) => send.close());
    if (stubKubelet) this.#startStubKubelets(stubKubelet === true ? {} : stubKubelet);
    else this.#startNodes();
    this.observation = new WorldObservation({
      api: this.api,
      machines: this.machines,
      nfs: lab.fileServer.nfs,
      installed: (host, name) => this.machines.get(host)?.packages.has(name) ?? false,
      containerRoots: () => this.#containerRoots(),
    });
    this.clock.advanceTo(this.clock.now + HEAD_START);
  }

  get server() {
    return this.api.server;
  }

  inquire(request: ApiRequest): ApiResponse {
    const dry = request.query.some(([name, value]) => name === 'dryRun' && value === 'All');
    if (request.method !== 'GET' && !dry) throw new Error(`${request.method} ${request.path} is no question`);
    return this.api.registry.leavingChance(() => this.server.handle(request));
  }

  get revision(): number {
    return this.api.store.revision;
  }

  terminal(host: string): Terminal {
    return this.#lab.terminal(host);
  }

  openTerminal(host: string, name: string, onEnd: () => void): Terminal {
    return this.#lab.openTerminal(host, name, onEnd);
  }

  get openedTerminals(): readonly string[] {
    return this.#lab.opened;
  }

  closeTerminal(name: string): void {
    this.#lab.closeTerminal(name);
  }

  atPrompt(host: string): boolean {
    return this.#lab.atPrompt(host);
  }

  foreground(host: string): Foreground {
    return this.#lab.foreground(host);
  }

  goesInside(host: string, keys: string): boolean {
    return this.#lab.goesInside(host, keys);
  }

  get tasks(): number {
    let tasks = 0;
    for (const machine of this.machines.values()) tasks += machine.processes.size;
    return tasks;
  }

  script(host: string, command: string, limit: number): Task<CommandResult> {
    return this.#lab.script(host, command, limit);
  }

  save(host: string, request: SaveRequest): Task<SaveResult> {
    return saveFile(this.#lab.machine(host), request);
  }

  power(host: string, on: boolean): void {
    const machine = this.#lab.machine(host);
    this.clock.cause = this.clock.because({ type: 'input', input: 'power', host, text: on ? 'on' : 'off' });
    if (on) machine.powerOn();
    else machine.powerOff();
  }

  /** What a node has because it is one of a cluster, and what only its containers have. */
  #installPrograms(): void {
    const onNodes = new Map<string, ProgramEntry>([...nodePrograms, ['kubectl', { load: () => this.#loadKubectl() }]]);
    for (const [name, program] of [...onNodes, ...this.#catalogue.programs]) this.#lab.programs.set(name, program);
    for (const { name } of nodes) {
      const { root } = this.#lab.machine(name).rootFileSystem;
      for (const program of onNodes.keys()) plantOne(root, binaryPath(program), { program });
    }
  }

  async #loadKubectl(): Promise<Program> {
    const { kubectlProgram } = await kubectlCode();
    return kubectlProgram(this.cluster);
  }

  get cluster(): ServedCluster {
    return { server: this.server, machine: this.#lab.machine('master01'), port: apiServer.port };
  }

  #startStubKubelets(options: Pick<StubKubeletOptions, 'images'>): void {
    startStubKubelets({ ...options, clock: this.clock, random: this.#lab.random, client: this.api.client('kubelet') });
  }

  #startNodes(): void {
    startServiceNetwork({
      clock: this.clock,
      random: this.#lab.random,
      client: this.api.client('kube-proxy'),
      network: this.#lab.network,
      nodes,
      clusterDNS: CLUSTER_DNS,
      dnsHost: this.#lab.machine('master01'),
      upstream: ROUTER,
    });
    const dispatcher = new PodDispatcher(this.api.client('kubelet'));
    for (const node of nodes) {
      const machine = this.#lab.machine(node.name);
      const kubelet = new Kubelet({
        clock: this.clock,
        random: this.#lab.random.fork(`kubelet/${node.name}`),
        client: this.api.client('kubelet').as('kubelet', `kubelet/${node.name}`),
        machine,
        dispatcher,
        catalogue: this.#catalogue,
        node: nodeOptions(node),
        clusterDNS: CLUSTER_DNS,
      });
      this.#kubelets.set(node.name, kubelet);
      this.api.registerKubelet(node.name, kubelet.server);
      machine.units.start(
        machine.units.add({
          ...CONTAINERD,
          start: ({ log }) => {
            log(
              `time="${new Date(machine.clock.now).toISOString().slice(0, 19)}.000000000Z" level=info msg="containerd successfully booted in 0.042013s"`,
            );
            kubelet.runtime.serve();
            return (end) => kubelet.runtime.fallSilent(end);
          },
        }),
      );
      machine.units.start(
        machine.units.add({
          name: 'kubelet.service',
          description: 'kubelet: The Kubernetes Node Agent',
          documentation: ['https://kubernetes.io/docs/'],
          enabled: true,
          command: ['/usr/bin/kubelet'],
          restartAfter: 10_000,
          start: ({ log }) => {
            kubelet.start(log);
            return () => kubelet.stop();
          },
        }),
      );
    }
  }

  *#containerRoots(): Generator<PathView> {
    for (const kubelet of this.#kubelets.values())
      for (const container of kubelet.runtime.containers())
        if (container.state === 'running' && container.kernel)
          yield new PathView(container.kernel.namespace, ROOT, noWaiting);
  }
}

/** What a kubelet would register its node with; the cluster's objects have it already. */
const nodeOptions = (node: NodeCast): NodeOptions => ({
  name: node.name,
  address: node.address,
  roles: node.controlPlane ? ['control-plane'] : [],
  podCIDR: node.podCIDR,
  taints: node.controlPlane ? [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] : [],
  capacity: { cpu: 2, memory: '8Gi', storage: '13706Mi', pods: 110 },
  allocatable: { memory: '8086Mi', storage: '12934604369' },
  kubeletVersion: versions.kubernetes,
});

/** Looking at a container's files never leaves its own root, which is local. */
function* noWaiting(): Task<void> {}
