/** Assembles a Debian machine: disk contents, packages, units, kernel, network address. */

import { debianBase } from './filesystem/debian-base.ts';
import { plant, type Tree } from './filesystem/tree.ts';
import { type HardwareOptions, KernelMachine } from './kernel/machine.ts';
import { BASE_PACKAGES, CATALOGUE, PACKAGED_PROGRAMS } from './packages/catalogue.ts';
import { BASE_UNITS } from './systemd/units.ts';

export interface MachineOptions extends HardwareOptions {
  /** Programs that the base system has; all of the table unless given. Those of a package come with it. */
  readonly executables?: Iterable<string>;
  /** Packages beside the base system's, with all they depend on. */
  readonly packages?: readonly string[];
  /** Lines of /etc/hosts: address and names. */
  readonly hosts?: readonly (readonly [address: string, ...names: string[]])[];
  /** Further files, over those of the base system. */
  readonly files?: Tree;
}

const USUAL_PACKAGES = ['curl', 'vim'];

/** A running machine. */
export function createMachine(options: MachineOptions): KernelMachine {
  const machine = new KernelMachine(options);
  const root = machine.rootFileSystem.root;
  const executables = [...(options.executables ?? machine.programs.keys())];
  plant(
    root,
    debianBase({
      hostname: machine.hostname,
      hosts: options.hosts ?? [[machine.address, machine.hostname]],
      rootDevice: machine.hardware.rootDevice,
      programs: machine.programs,
      executables: executables.filter((name) => !PACKAGED_PROGRAMS.has(name)),
    }),
  );
  for (const name of BASE_PACKAGES) machine.packages.install(CATALOGUE.get(name)!, 'manual');
  for (const unit of BASE_UNITS) machine.units.add(unit);
  const wanted = options.packages ?? USUAL_PACKAGES;
  for (const one of machine.packages.closure(wanted)) {
    machine.packages.install(one, wanted.includes(one.name) ? 'manual' : 'automatic');
  }
  if (options.files) plant(root, options.files);
  machine.boot();
  return machine;
}
