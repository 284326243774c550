/** The lab's machines before there is a cluster on them: three nodes, the file server, and a login shell on each one's terminal. */

import type { Foreground } from '../channel/messages.ts';
import type { CommandResult } from '../lesson/observation.ts';
import { createMachine } from '../machines/create-machine.ts';
import { plantOne, type Tree } from '../machines/filesystem/tree.ts';
import type { KernelMachine } from '../machines/kernel/machine.ts';
import type { ProgramEntry, Terminal } from '../machines/machine.ts';
import { Network } from '../machines/network/network.ts';
import { PROGRAMS } from '../machines/programs/index.ts';
import { SYSTEM_PROGRAMS } from '../machines/system-programs/index.ts';
import { Clock } from '../sim/clock.ts';
import { Random } from '../sim/random.ts';
import type { Task } from '../sim/task.ts';
import { apiServer, type NodeCast, nodes, START } from './cast.ts';
import { kubeconfig } from './kubeconfig.ts';
import { ScriptShell } from './script-shell.ts';

/** What one of the machines has that the others have not. */
interface MachineOwn {
  readonly files?: Tree;
  readonly disk?: { readonly total: number; readonly used: number };
  readonly memory?: number;
}

/** Terminals before the page has measured its own. */
const SIZE = { columns: 80, rows: 24 };
const FILE_SERVER = { name: 'nfs', address: '192.168.120.230' };
const GIB = 1024 ** 3;
/** As the cluster's Node objects say. */
const NODE_MEMORY = 8 * GIB;
/** As `df` shows the article's file server: 14G, 1.5G of it used. */
const FILE_SERVER_DISK = { total: 13.39 * GIB, used: 1.45 * GIB };
const SHELL = /^-?(?:.*\/)?(?:ba|da|a)?sh$/;
/** Ctrl-C, Ctrl-\\, Ctrl-Z. */
const SIGNALLING = /[\x03\x1c\x1a]/;
/** The prompts are there by then (virtual milliseconds). */
const LOGIN = 500;

export class LabMachines {
  readonly clock: Clock;
  readonly random: Random;
  readonly network: Network;
  readonly hosts = new Map<string, KernelMachine>();
  /** One table for all machines: which of its programs a machine has is a matter of files. */
  readonly programs = new Map<string, ProgramEntry>([...SYSTEM_PROGRAMS, ...PROGRAMS]);
  readonly #terminals = new Map<string, { readonly host: string; readonly terminal: Terminal }>();
  /** Of those, the ones beside the hosts' own that have not ended. */
  readonly #opened = new Set<string>();
  readonly #scripts = new Map<string, ScriptShell>();

  constructor(seed: number, start = START) {
    this.clock = new Clock(start);
    this.random = new Random(seed);
    this.network = new Network(this.clock);
    for (const node of nodes) this.hosts.set(node.name, this.#nodeMachine(node));
    this.hosts.set(FILE_SERVER.name, this.#fileServer());
    // Every terminal logs in, looked at or not: a replay must not find its shell younger than it was.
    for (const [host, machine] of this.hosts) this.#terminals.set(host, { host, terminal: machine.login(SIZE) });
    this.clock.advanceTo(start + LOGIN);
  }

  machine(host: string): KernelMachine {
    const machine = this.hosts.get(host);
    if (!machine) throw new Error(`no machine "${host}"`);
    return machine;
  }

  get fileServer(): KernelMachine {
    return this.machine(FILE_SERVER.name);
  }

  terminal(name: string): Terminal {
    return this.#named(name).terminal;
  }

  openTerminal(host: string, name: string, onEnd: () => void): Terminal {
    if (this.#terminals.has(name)) throw new Error(`there is a terminal "${name}" already`);
    const terminal = this.machine(host).login(SIZE, () => {
      this.#opened.delete(name);
      onEnd();
    });
    this.#terminals.set(name, { host, terminal });
    this.#opened.add(name);
    return terminal;
  }

  get opened(): readonly string[] {
    return [...this.#opened];
  }

  closeTerminal(name: string): void {
    if (this.#opened.has(name)) this.terminal(name).hangUp();
  }

  atPrompt(name: string): boolean {
    const shell = this.#loginShell(name);
    return shell !== undefined && this.terminal(name).tty.foreground === shell.group;
  }

  foreground(name: string): Foreground {
    // It is being opened.
    if (!this.#terminals.has(name)) return { prompt: false, command: '' };
    const { host, terminal } = this.#named(name);
    const { tty } = terminal;
    // While bash edits a line, the terminal is in its raw mode; a loop of its own runs in the shell's own group.
    if (this.atPrompt(name)) return { prompt: !tty.modes.canonical && !tty.modes.continues, command: '-bash' };
    const leader = this.machine(host).processes.get(tty.foreground);
    return { prompt: false, command: leader?.argv.join(' ') ?? '' };
  }

  /**
   * What is typed ahead while a program runs that does not read is the shell's next line. A program in front of the shell that has
   * the terminal in a mode of its own reads, though it may be busy between two keys.
   */
  goesInside(name: string, keys: string): boolean {
    const { tty } = this.#named(name).terminal;
    const { canonical, signals, continues } = tty.modes;
    if (!canonical) return !this.atPrompt(name) || continues === true;
    return tty.awaited || (signals && SIGNALLING.test(keys));
  }

  /** The leader of the terminal's session, while it is a shell: `exec` may have put another in its place. */
  #loginShell(name: string) {
    const { host, terminal } = this.#named(name);
    return [...this.machine(host).processes.values()].find(
      ({ tty, session, pid, argv }) => tty === terminal.tty && session === pid && SHELL.test(argv[0] ?? ''),
    );
  }

  #named(name: string) {
    const named = this.#terminals.get(name);
    if (!named) throw new Error(`no terminal "${name}"`);
    return named;
  }

  script(host: string, command: string, limit: number): Task<CommandResult> {
    return this.#script(host).run(command, limit);
  }

  #script(host: string): ScriptShell {
    let shell = this.#scripts.get(host);
    if (!shell) {
      shell = new ScriptShell(this.machine(host));
      this.#scripts.set(host, shell);
    }
    return shell;
  }

  #nodeMachine(node: NodeCast): KernelMachine {
    return this.#debian(node.name, node.address, {
      files: nodeFiles(node),
      memory: NODE_MEMORY,
    });
  }

  #fileServer(): KernelMachine {
    const machine = this.#debian(FILE_SERVER.name, FILE_SERVER.address, { disk: FILE_SERVER_DISK });
    for (const one of machine.packages.closure(['nfs-kernel-server']))
      machine.packages.install(one, one.name === 'nfs-kernel-server' ? 'manual' : 'automatic');
    // The lab's administrator has cleared the package's example away.
    plantOne(machine.rootFileSystem.root, 'etc/exports', '');
    return machine;
  }

  #debian(hostname: string, address: string, own: MachineOwn): KernelMachine {
    const { files = {}, ...hardware } = own;
    return createMachine({
      clock: this.clock,
      random: this.random.fork(hostname),
      hostname,
      address,
      network: this.network,
      programs: this.programs,
      executables: [...PROGRAMS.keys(), ...SYSTEM_PROGRAMS.keys()],
      hosts: [...nodes, FILE_SERVER].map(({ address: at, name }) => [at, name] as const),
      files,
      ...hardware,
    });
  }
}

function nodeFiles(node: NodeCast): Tree {
  if (!node.controlPlane) return {};
  return {
    'root/.kube/config': { text: kubeconfig(`https://${apiServer.address}:${apiServer.port}`), mode: 0o600 },
    'root/kube_yaml/persistent_volume/': '',
  };
}
