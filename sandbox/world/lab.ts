/** The lab: four machines, the cluster on three of them, the file server on the fourth. */

import type { Api } from '../api/index.ts';
import { containerPrograms, Kubelet, type NodeOptions, nodePrograms, PodDispatcher } from '../kubelet/index.ts';
import { startStubKubelets } from '../kubelet/stub.ts';
import type { CommandResult, Observation } from '../lesson/observation.ts';
import { createMachine } from '../machines/create-machine.ts';
import { ROOT } from '../machines/filesystem/inode.ts';
import { plantOne, type Tree } from '../machines/filesystem/tree.ts';
import type { KernelMachine } from '../machines/kernel/machine.ts';
import { PathView } from '../machines/kernel/paths.ts';
import type { ProgramEntry, ProgramTable, Terminal } from '../machines/machine.ts';
import { Network } from '../machines/network/network.ts';
import type { Program } from '../machines/process.ts';
import { PROGRAMS } from '../machines/programs/index.ts';
import { completers } from '../machines/shell/readline/completion.ts';
import { SYSTEM_PROGRAMS } from '../machines/system-programs/index.ts';
import { Clock } from '../sim/clock.ts';
import { Random } from '../sim/random.ts';
import { outside, type Task } from '../sim/task.ts';
import { apiServer, type NodeCast, nodes, versions } from './cast.ts';
import { collect } from './collect.ts';
import { startControlPlane } from './control-plane.ts';
import { kubeconfig } from './kubeconfig.ts';
import type { ServedCluster } from './kubectl-program.ts';
import { WorldObservation } from './observation.ts';
import { ScriptShell } from './script-shell.ts';
import type { World } from './world.ts';

/** What one of the machines has that the others have not. */
interface MachineOwn {
  readonly files?: Tree;
  readonly extra?: readonly string[];
  readonly disk?: { readonly total: number; readonly used: number };
  readonly memory?: number;
}

/** Every world begins here: 22 November 2026, 09:00 UTC. */
export const START = Date.UTC(2026, 10, 22, 9);

/** Terminals before the page has measured its own. */
const SIZE = { columns: 80, rows: 24 };
const FILE_SERVER = { name: 'nfs', address: '192.168.120.230' };
const GIB = 1024 ** 3;
/** As the cluster's Node objects say. */
const NODE_MEMORY = 8 * GIB;
/** As `df` shows the article's file server: 14G, 1.5G of it used. */
const FILE_SERVER_DISK = { total: 13.39 * GIB, used: 1.45 * GIB };
const CLUSTER_DNS = '10.96.0.10';
/** How long a machine's boot and the lab's set-up took before the learner arrives. */
const HEAD_START = 2_000;

export interface LabOptions {
  readonly seed: number;
  /** The kubelet that the goldens were recorded with, instead of one that runs containers on the machines. */
  readonly stubKubelet?: boolean;
  /** When it begins, in milliseconds since the epoch; START unless given. */
  readonly start?: number;
}

export function createWorld({ seed, stubKubelet = false, start = START }: LabOptions): World {
  return new Lab(seed, stubKubelet, start);
}

/** The shell asks by command name; which lab a process belongs to is told by its network. */
const labs = new WeakMap<Network, Lab>();

completers.set('kubectl', function* (words, index, process) {
  const lab = labs.get((process.machine as KernelMachine).network);
  if (!lab) return [];
  const { completeKubectl } = yield* outside(lab.clock, () => import('./kubectl-program.ts'));
  return yield* completeKubectl(words, index, process, lab.cluster);
});

const CONTAINERD = {
  name: 'containerd.service',
  description: 'containerd container runtime',
  documentation: ['https://containerd.io'],
  enabled: true,
  command: ['/usr/bin/containerd'],
};

class Lab implements World {
  readonly clock: Clock;
  readonly machines = new Map<string, KernelMachine>();
  readonly observation: Observation;
  readonly #random: Random;
  readonly #api: Api;
  readonly #kubelets = new Map<string, Kubelet>();
  readonly #terminals = new Map<string, Terminal>();
  readonly #scripts = new Map<string, ScriptShell>();

  constructor(seed: number, stubKubelet: boolean, start: number) {
    this.clock = new Clock(start);
    this.#random = new Random(seed);
    const network = new Network(this.clock);
    labs.set(network, this);
    this.#api = startControlPlane(this.clock, this.#random);
    for (const node of nodes) this.machines.set(node.name, this.#nodeMachine(node, network));
    this.machines.set(FILE_SERVER.name, this.#fileServer(network));
    network.listen(apiServer.address, apiServer.port, ({ send }) => send.close());
    if (stubKubelet)
      startStubKubelets({ clock: this.clock, random: this.#random, client: this.#api.client('kubelet') });
    else this.#startKubelets();
    const { nfs } = this.#machine(FILE_SERVER.name);
    this.observation = new WorldObservation({
      api: this.#api,
      machines: this.machines,
      nfs,
      installed: (host, name) => this.machines.get(host)?.packages.has(name) ?? false,
      containerRoots: () => this.#containerRoots(),
    });
    this.clock.advanceTo(start + HEAD_START);
  }

  get server() {
    return this.#api.server;
  }

  get revision(): number {
    return this.#api.store.revision;
  }

  terminal(host: string): Terminal {
    let terminal = this.#terminals.get(host);
    if (!terminal) {
      terminal = this.#machine(host).login(SIZE);
      this.#terminals.set(host, terminal);
    }
    return terminal;
  }

  atPrompt(host: string): boolean {
    const terminal = this.#terminals.get(host);
    if (!terminal) return true;
    const { tty } = terminal;
    const leader = [...this.#machine(host).processes.values()].find(
      (process) => process.tty === tty && process.group === process.pid && process.argv[0] === '-bash',
    );
    return leader !== undefined && tty.foreground === leader.group;
  }

  *run(host: string, command: string, limit: number): Task<CommandResult | undefined> {
    return yield* collect(this.#machine(host), ['bash', '-c', command], limit);
  }

  script(host: string, command: string, limit: number): Task<CommandResult> {
    return this.#script(host).run(command, limit);
  }

  #script(host: string): ScriptShell {
    let shell = this.#scripts.get(host);
    if (!shell) {
      shell = new ScriptShell(this.#machine(host));
      this.#scripts.set(host, shell);
    }
    return shell;
  }

  #machine(host: string): KernelMachine {
    const machine = this.machines.get(host);
    if (!machine) throw new Error(`no machine "${host}"`);
    return machine;
  }

  #nodeMachine(node: NodeCast, network: Network): KernelMachine {
    return this.#debian(node.name, node.address, network, {
      files: nodeFiles(node),
      extra: [...nodePrograms.keys(), 'kubectl'],
      memory: NODE_MEMORY,
    });
  }

  #fileServer(network: Network): KernelMachine {
    const machine = this.#debian(FILE_SERVER.name, FILE_SERVER.address, network, { disk: FILE_SERVER_DISK });
    for (const one of machine.packages.closure(['nfs-kernel-server']))
      machine.packages.install(one, one.name === 'nfs-kernel-server' ? 'manual' : 'automatic');
    // The lab's administrator has cleared the package's example away.
    plantOne(machine.rootFileSystem.root, 'etc/exports', '');
    return machine;
  }

  #debian(hostname: string, address: string, network: Network, own: MachineOwn): KernelMachine {
    const { files = {}, extra = [], ...hardware } = own;
    return createMachine({
      clock: this.clock,
      random: this.#random.fork(hostname),
      hostname,
      address,
      network,
      programs: this.#programs(),
      executables: [...PROGRAMS.keys(), ...SYSTEM_PROGRAMS.keys(), ...extra],
      hosts: [...nodes, FILE_SERVER].map(({ address: at, name }) => [at, name] as const),
      files,
      ...hardware,
    });
  }

  /** One table for all machines: which of its programs a machine has is a matter of files. */
  #programs(): ProgramTable {
    const kubectl: ProgramEntry = { load: () => this.#loadKubectl() };
    return new Map<string, ProgramEntry>([
      ...SYSTEM_PROGRAMS,
      ...PROGRAMS,
      ...nodePrograms,
      ...containerPrograms,
      ['kubectl', kubectl],
    ]);
  }

  async #loadKubectl(): Promise<Program> {
    const { kubectlProgram } = await import('./kubectl-program.ts');
    return kubectlProgram(this.cluster);
  }

  get cluster(): ServedCluster {
    return { server: this.server, machine: this.#machine('master01'), port: apiServer.port };
  }

  #startKubelets(): void {
    const dispatcher = new PodDispatcher(this.#api.client('kubelet'));
    for (const node of nodes) {
      const machine = this.#machine(node.name);
      const kubelet = new Kubelet({
        clock: this.clock,
        random: this.#random.fork(`kubelet/${node.name}`),
        client: this.#api.client('kubelet'),
        machine,
        dispatcher,
        node: nodeOptions(node),
        clusterDNS: CLUSTER_DNS,
      });
      this.#kubelets.set(node.name, kubelet);
      this.#api.registerKubelet(node.name, kubelet.server);
      machine.units.start(machine.units.add(CONTAINERD));
      machine.units.start(
        machine.units.add({
          name: 'kubelet.service',
          description: 'kubelet: The Kubernetes Node Agent',
          documentation: ['https://kubernetes.io/docs/'],
          enabled: true,
          command: ['/usr/bin/kubelet'],
          start: () => {
            kubelet.start();
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

function nodeFiles(node: NodeCast): Tree {
  if (!node.controlPlane) return {};
  return {
    'root/.kube/config': { text: kubeconfig(`https://${apiServer.address}:${apiServer.port}`), mode: 0o600 },
    'root/kube_yaml/persistent_volume/': '',
  };
}

/** Looking at a container's files never leaves its own root, which is local. */
function* noWaiting(): Task<void> {}
