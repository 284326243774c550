/** Assembles a Debian machine: disk contents, kernel, network address. */

import { debianBase } from './filesystem/debian-base.ts';
import { plant, type Tree } from './filesystem/tree.ts';
import { type HardwareOptions, KernelMachine } from './kernel/machine.ts';

export interface MachineOptions extends HardwareOptions {
  /** Programs that the base system has in /usr/bin and /usr/sbin; all of the table unless given. */
  readonly executables?: Iterable<string>;
  /** Lines of /etc/hosts: address and names. */
  readonly hosts?: readonly (readonly [address: string, ...names: string[]])[];
  /** Further files, over those of the base system. */
  readonly files?: Tree;
}

/** A running machine. */
export function createMachine(options: MachineOptions): KernelMachine {
  const machine = new KernelMachine(options);
  const root = machine.rootFileSystem.root;
  plant(
    root,
    debianBase({
      hostname: machine.hostname,
      hosts: options.hosts ?? [[machine.address, machine.hostname]],
      rootDevice: machine.hardware.rootDevice,
      programs: machine.programs,
      executables: options.executables ?? machine.programs.keys(),
    }),
  );
  if (options.files) plant(root, options.files);
  machine.boot();
  return machine;
}
