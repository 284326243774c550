/** The table of system programs: those that look at the machine rather than at files. */

import { part } from '../../sim/parts.ts';
import type { ProgramEntry } from '../machine.ts';
import type { Program } from '../process.ts';
import { chroot } from './chroot.ts';
import { hostname, hostnamectl, ip, ss, uname } from './network/addresses.ts';
import { ping } from './network/ping.ts';
import { ssh } from './network/ssh.ts';
import { exportfs } from './nfs/exportfs.ts';
import { mountNfs, umountNfs } from './nfs/mount-nfs.ts';
import { nfsstat, rpcinfo } from './nfs/rpcinfo.ts';
import { showmount } from './nfs/showmount.ts';
import { fuser, kill, killall, lsof, pgrep, pidof, pkill } from './processes/find.ts';
import { ps } from './processes/ps.ts';
import { free, nproc, top, uptime } from './processes/resources.ts';
import { dmesg, journalctl } from './services/journalctl.ts';
import { service } from './services/service.ts';
import { powerProgram, shutdown, systemctl } from './services/systemctl.ts';
import { df } from './storage/df.ts';
import { findmnt, lsblk, mountpoint, sync } from './storage/findmnt.ts';
import { flock } from './storage/flock.ts';
import { lslocks } from './storage/lslocks.ts';
import { mount } from './storage/mount.ts';
import { umount } from './storage/umount.ts';
import { mkfifo, mknod, sttyProgram, tty } from './terminal.ts';
import { getent, groupsProgram, id, w, who, whoami } from './users/identity.ts';
import { su, sudo } from './users/su.ts';

const AT_HAND: Readonly<Record<string, Program>> = {
  chroot,
  df,
  dmesg,
  exportfs,
  findmnt,
  flock,
  free,
  fuser,
  getent,
  groups: groupsProgram,
  halt: powerProgram('poweroff'),
  hostname,
  hostnamectl,
  id,
  ip,
  journalctl,
  kill,
  killall,
  lsblk,
  lslocks,
  lsof,
  mkfifo,
  mknod,
  mount,
  'mount.nfs': mountNfs,
  'mount.nfs4': mountNfs,
  mountpoint,
  nfsstat,
  nproc,
  pgrep,
  pidof,
  ping,
  pkill,
  poweroff: powerProgram('poweroff'),
  ps,
  reboot: powerProgram('reboot'),
  rpcinfo,
  service,
  showmount,
  shutdown,
  ss,
  ssh,
  stty: sttyProgram,
  su,
  sudo,
  sync,
  systemctl,
  top,
  tty,
  umount,
  'umount.nfs': umountNfs,
  'umount.nfs4': umountNfs,
  uname,
  uptime,
  w,
  who,
  whoami,
};

/** Rarer ones are loaded when first called. */
const apt = part('program/apt', () => import('./packages/apt.ts'));
const aptCache = part('program/apt-cache', () => import('./packages/apt-cache.ts'));
const curl = part('program/curl', () => import('./network/curl.ts'));
const renice = part('program/renice', () => import('./processes/renice.ts'));
const dpkg = part('program/dpkg', () => import('./packages/dpkg.ts'));

const ON_CALL: Readonly<Record<string, () => Promise<Program>>> = {
  apt: async () => (await apt()).apt,
  'apt-cache': async () => (await aptCache()).aptCache,
  'apt-get': async () => (await apt()).aptGet,
  curl: async () => (await curl()).curl,
  dpkg: async () => (await dpkg()).dpkg,
  renice: async () => (await renice()).renice,
  'dpkg-query': async () => (await dpkg()).dpkg,
};

export const SYSTEM_PROGRAMS: ReadonlyMap<string, ProgramEntry> = new Map<string, ProgramEntry>([
  ...Object.entries(AT_HAND).map(([name, run]) => [name, { run }] as const),
  ...Object.entries(ON_CALL).map(([name, load]) => [name, { load }] as const),
]);
