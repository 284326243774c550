/** The privileged look behind `Process` that system programs have: what real ones read from /proc, netlink and D-Bus. */

import type { KernelMachine } from '../kernel/machine.ts';
import { KernelProcess } from '../kernel/process.ts';
import type { Process } from '../process.ts';

export function kernelProcess(process: Process): KernelProcess {
  if (!(process instanceof KernelProcess)) throw new Error('not a process of the lab’s kernel');
  return process;
}

export const machineOf = (process: Process): KernelMachine => kernelProcess(process).kernel.machine as KernelMachine;

/** The address of a process's sockets: its pod's, or its machine's. */
export const ownAddress = (process: Process): string =>
  kernelProcess(process).uts.address ?? machineOf(process).address;

/** In a container there is no systemd, no package database of the node, no NFS server. */
export const inContainer = (process: Process): boolean => {
  const own = kernelProcess(process);
  return own.view.namespace !== machineOf(process).init.view.namespace;
};
