/** What keeps an NFS export from a client: the server, the directory, its line in /etc/exports, and whether that was read. */

import { isErrno } from '../machines/errno.ts';
import type { KernelMachine } from '../machines/kernel/machine.ts';
import { type Complaint, type Export, readExports } from '../machines/nfs/exports.ts';
import { describeOptions } from '../machines/nfs/options.ts';
import { type Act, type Finding, finding, type Scene, says } from './scene.ts';

const FILE = '/etc/exports';
const CLIENT_PACKAGE = 'nfs-common';

/** Why a node does not get what a volume names; the last is the cause. */
export function mountFindings(scene: Scene, node: string, address: string, path: string): Finding[] {
  const client = scene.machine(node);
  if (!client) return [];
  const without = clientFindings(scene, node);
  if (without.length > 0) return without;
  const server = scene.server(address);
  if (!server) return [finding('nfs.no-machine', { server: address })];
  const { host, machine } = server;
  const down = machineFindings(scene, host, machine, address);
  if (down.length > 0) return down;
  const { nfs } = machine;
  const subject = { type: 'path', host, path } as const;
  try {
    // The very function that answers a client's mount.
    nfs.mount(client.address, path);
    return [finding('nfs.next-try', { host, path, node }, subject, [tableAct(machine)])];
  } catch (error) {
    if (isErrno(error, 'EACCES'))
      return [
        finding('nfs.refused', { host, path, node }, subject),
        ...directoryFindings(scene, host, path),
        ...lineFindings(scene, host, machine, path, node),
      ];
    if (isErrno(error)) return directoryFindings(scene, host, path);
    throw error;
  }
}

/** Why a node can mount nothing over NFS. */
export function clientFindings(scene: Scene, node: string): Finding[] {
  const client = scene.machine(node);
  if (!client || client.packages.has(CLIENT_PACKAGE)) return [];
  return [
    finding('machine.no-client', { node }, { type: 'machine', host: node }, [packageAct(client, CLIENT_PACKAGE)]),
  ];
}

export const isNode = (host: string): boolean => host.startsWith('node');

/** Of an exported directory by itself: whatever would be said of it to any node. */
export function exportFindings(scene: Scene, host: string, path: string): Finding[] {
  const machine = scene.machine(host)!;
  const down = machineFindings(scene, host, machine, machine.address);
  const directory = directoryFindings(scene, host, path);
  const nodes = [...scene.machines].filter(([name, one]) => name !== host && one.up && isNode(name));
  const refused = nodes.find(([, one]) => machine.nfs.entry(one.address, path) === undefined);
  const lines = refused
    ? lineFindings(scene, host, machine, path, refused[0])
    : optionFindings(scene, host, machine, path);
  return down.length > 0 ? [...directory, ...down] : [...directory, ...lines];
}

/** Only what lies where exports are kept, or is named in the file, is meant to be one. */
export const isExport = (scene: Scene, host: string, path: string): boolean => {
  const machine = scene.machine(host);
  if (!machine?.packages.has('nfs-kernel-server')) return false;
  return /^\/mnt\/[^/]+$/.test(path) || machine.nfs.exports.some((one) => one.path === path);
};

function machineFindings(scene: Scene, host: string, machine: KernelMachine, address: string): Finding[] {
  const subject = { type: 'machine', host } as const;
  if (!machine.up) return [finding('machine.off', { host }, subject, [turnedAct(host, machine)])];
  if (!machine.packages.has('nfs-kernel-server'))
    return [finding('nfs.not-server', { host, server: address }, subject)];
  if (!machine.nfs.running) return [finding('nfs.stopped', { host }, subject, [serviceAct(scene, host, 'nfs-server')])];
  return [];
}

export function directoryFindings(scene: Scene, host: string, path: string): Finding[] {
  const subject = { type: 'path', host, path } as const;
  const inode = scene.inode(host, path);
  if (!inode) return [finding('nfs.no-directory', { host, path }, subject, [scene.fileAct(host, path)])];
  if (inode.type === 'directory') return [];
  return [finding('nfs.not-directory', { host, path }, subject, [scene.fileAct(host, path)])];
}

/** The line that a client's mount lacks. */
function lineFindings(scene: Scene, host: string, machine: KernelMachine, path: string, node: string): Finding[] {
  const subject = { type: 'path', host, path: FILE } as const;
  const written = scene.fileAct(host, FILE);
  const evidence = [written, tableAct(machine)];
  const { entries, complaint } = readFile(scene, host);
  const own = entries.filter((one) => one.path === path);
  const address = scene.machine(node)!.address;
  if (own.some((one) => machine.nfs.admits(one, address))) {
    // Whoever wrote the file last did it after the table was read, or the table was emptied since.
    const stale = (written?.at ?? 0) > machine.nfs.written.at;
    return [finding(stale ? 'exports.not-read' : 'exports.taken-back', { host, path }, subject, evidence)];
  }
  if (own.length > 0) {
    const clients = own.map(({ client }) => client).join(', ');
    return [finding('exports.other-client', { host, path, client: clients, node }, subject, evidence)];
  }
  if (complaint && mentions(scene, host, path))
    return [finding('exports.unreadable', { host, path, message: complaint }, subject, evidence)];
  const others = [...new Set(entries.map((one) => one.path))];
  const none = finding('exports.no-line', { host, path }, subject, evidence);
  return others.length > 0
    ? [finding('exports.other-line', { host, path, other: others.join(', ') }, subject), none]
    : [none];
}

/** A directory that every node may mount, but not as one means. */
function optionFindings(scene: Scene, host: string, machine: KernelMachine, path: string): Finding[] {
  const subject = { type: 'path', host, path: FILE } as const;
  const evidence = [scene.fileAct(host, FILE), tableAct(machine)];
  const { entries } = readFile(scene, host);
  const listed = entries.filter((one) => one.path === path);
  const given = machine.nfs.exports.filter((one) => one.path === path);
  const text = (one: Export): string => `${one.client}(${describeOptions(one.options)})`;
  const readOnly = given.find((one) => describeOptions(one.options).split(',').includes('ro'));
  if (readOnly && spaced(scene, host, path))
    return [finding('exports.space', { host, path, client: readOnly.client }, subject, evidence)];
  const stale = listed.length > 0 && listed.some((one) => !given.some((other) => text(other) === text(one)));
  if (stale) return [finding('exports.not-read', { host, path }, subject, evidence)];
  if (listed.length === 0 && given.length > 0)
    return [finding('exports.still-read', { host, path }, subject, evidence)];
  const found: Finding[] = [];
  for (const one of given) {
    const words = describeOptions(one.options).split(',');
    const params = { host, path, client: one.client };
    if (words.includes('ro')) found.push(finding('exports.read-only', params, subject, evidence));
    else if (!words.includes('no_root_squash') || words.includes('all_squash'))
      found.push(finding('exports.squashed', params, subject, evidence));
  }
  return found;
}

function readFile(scene: Scene, host: string): { readonly entries: readonly Export[]; readonly complaint: string } {
  const entries: Export[] = [];
  let complaint = '';
  for (const one of readExports(scene.world.observation.readText(host, FILE) ?? '', FILE))
    if ('options' in one) entries.push(one);
    else if ((one as Complaint).error) complaint ||= one.text;
  return { entries, complaint };
}

const linesOf = (scene: Scene, host: string, path: string): string[] =>
  (scene.world.observation.readText(host, FILE) ?? '').split('\n').filter((line) => line.trim().startsWith(path));

const mentions = (scene: Scene, host: string, path: string): boolean => linesOf(scene, host, path).length > 0;

const spaced = (scene: Scene, host: string, path: string): boolean =>
  linesOf(scene, host, path).some((line) => /\S\s+\(/.test(line.trim().slice(path.length)));

// What the machines did

function tableAct({ hostname: host, nfs }: KernelMachine): Act | undefined {
  const { at, because } = nfs.written;
  const subject = { type: 'path', host, path: FILE } as const;
  return because && { at, component: `exportfs/${host}`, says: says('act.exported', { host }), subject, because };
}

export function serviceAct(scene: Scene, host: string, name: string): Act | undefined {
  const unit = scene.machine(host)?.units.find(name);
  if (!unit?.because) return undefined;
  const key = unit.active === 'active' ? 'act.started' : 'act.stopped';
  const params = { host, unit: unit.definition.name };
  return { at: unit.since, component: `systemd/${host}`, says: says(key, params), because: unit.because };
}

export function turnedAct(host: string, { turned: { at, because }, up }: KernelMachine): Act | undefined {
  return because && { at, component: host, says: says(up ? 'act.on' : 'act.off', { host }), because };
}

export function packageAct({ hostname: host, packages }: KernelMachine, name: string): Act | undefined {
  const change = packages.changes.get(name);
  if (!change?.because) return undefined;
  const key = packages.has(name) ? 'act.installed' : 'act.removed';
  return { ...change, component: `dpkg/${host}`, says: says(key, { host, package: name }) };
}
