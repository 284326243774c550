/** Names to addresses: /etc/hosts, then what the network knows (nsswitch's `files dns`). */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { Process } from '../../process.ts';
import { machineOf } from '../kernel-access.ts';

export interface HostEntry {
  readonly address: string;
  readonly names: readonly string[];
}

export function* hostsFile(process: Process): Task<HostEntry[]> {
  try {
    const text = yield* process.readText('/etc/hosts');
    return text
      .split('\n')
      .map((line) => line.replace(/#.*/, '').trim().split(/\s+/))
      .filter((fields) => fields.length > 1)
      .map(([address, ...names]) => ({ address: address!, names }));
  } catch (error) {
    if (!isErrno(error)) throw error;
    return [];
  }
}

export const isAddress = (text: string): boolean => {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
};

export function* resolveHost(process: Process, name: string): Task<string | undefined> {
  if (isAddress(name)) return name;
  const entry = (yield* hostsFile(process)).find((one) => one.names.includes(name) && isAddress(one.address));
  return entry?.address ?? machineOf(process).network.names.get(name);
}
