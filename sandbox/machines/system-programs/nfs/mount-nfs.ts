/** mount.nfs(8) of nfs-utils 2.6.2: negotiates the version, tries again for two minutes, and says why not (utils/mount/{stropts,error}.c). */

import type { Task } from '../../../sim/task.ts';
import { Errno, type ErrnoCode, isErrno } from '../../errno.ts';
import { RPCBIND_PORT } from '../../nfs/server.ts';
import type { Process, Program } from '../../process.ts';
import { machineOf } from '../kernel-access.ts';
import { isAddress, resolveHost } from '../network/resolve.ts';

const FAILED = 32;
const USAGE = 1;
/** `retry=` in minutes, for mounts in the foreground. */
const RETRY_MINUTES = 2;

const USAGE_TEXT = `usage: mount.nfs remotetarget dir [-rvVwfnsh] [-o nfsoptions]
options:
\t-r\t\tMount file system readonly
\t-v\t\tVerbose
\t-V\t\tPrint version
\t-w\t\tMount file system read-write
\t-f\t\tFake mount, do not actually mount
\t-n\t\tDo not update /etc/mtab
\t-s\t\tTolerate sloppy mount options rather than fail
\t-h\t\tPrint this help
\tnfsoptions\tRefer to mount.nfs(8) or nfs(5)

`;

/** nfs_is_permanent_error: these are tried again. */
const TEMPORARY: ReadonlySet<ErrnoCode> = new Set(['ESTALE', 'ETIMEDOUT', 'ECONNREFUSED', 'EHOSTUNREACH']);

interface Attempt {
  readonly process: Process;
  readonly source: string;
  readonly target: string;
  readonly options: readonly string[];
  readonly address: string;
}

export const mountNfs: Program = function* (process, argv) {
  const { operands, options, verbose } = readArguments(argv.slice(1));
  const [source, target] = operands;
  const fail = function* (message: string, status: number): Task<number> {
    yield* process.error(`mount.nfs: ${message}\n`);
    return status;
  };
  if (source === undefined || target === undefined) {
    yield* process.error(`mount.nfs: no mount point provided\n${USAGE_TEXT}`);
    return USAGE;
  }
  const type = yield* typeOf(process, target);
  if (type === undefined) return yield* fail(`mount point ${target} does not exist`, FAILED);
  if (type !== 'directory') return yield* fail(`mount point ${target} is not a directory`, FAILED);
  const colon = source.indexOf(':');
  if (colon <= 0) return yield* fail("remote share not in 'host:dir' format", FAILED);
  const server = source.slice(0, colon);
  const address = yield* resolveHost(process, server);
  if (!address) return yield* fail(`Failed to resolve server ${server}: Name or service not known`, FAILED);
  const attempt = { process, source, target, options, address };
  if (verbose) {
    yield* process.print(
      `mount.nfs: timeout set for ${new Date(process.now() + RETRY_MINUTES * 60_000).toUTCString().replace(',', '')}\n`,
    );
  }
  const code = yield* persist(attempt, retryMinutes(options));
  return code === undefined ? 0 : yield* fail(words(code, source, target), FAILED);
};

/** nfsmount_fg: waits 1, 2, 4 … at most 10 seconds between attempts. */
function* persist(attempt: Attempt, minutes: number): Task<ErrnoCode | 'ENOPROTO' | undefined> {
  const { process } = attempt;
  const end = process.now() + minutes * 60_000;
  for (let seconds = 1; ; seconds = Math.min(seconds * 2, 10)) {
    const code = yield* negotiate(attempt);
    if (code === undefined || code === 'ENOPROTO' || !TEMPORARY.has(code)) return code;
    if (process.now() >= end) return 'ETIMEDOUT';
    if (code !== 'ETIMEDOUT') yield* process.sleep(seconds * 1_000);
  }
}

/** nfs_autonegotiate: version 4.2 first; a server that has no such pseudo path, or no version 4, is asked by version 3. */
function* negotiate(attempt: Attempt): Task<ErrnoCode | 'ENOPROTO' | undefined> {
  const wanted = wantedVersion(attempt.options);
  if (wanted?.startsWith('3')) return yield* versionThree(attempt);
  const code = yield* tryMount(attempt, wanted ?? '4.2');
  if (code === undefined || wanted !== undefined) return code;
  if (code === 'ENOENT' || code === 'EPERM' || code === 'ECONNREFUSED') return yield* versionThree(attempt);
  return code;
}

/** Version 3 asks rpcbind for mountd's port first. */
function* versionThree(attempt: Attempt): Task<ErrnoCode | 'ENOPROTO' | undefined> {
  const machine = machineOf(attempt.process);
  try {
    yield* machine.network.handshake(machine.address, attempt.address, RPCBIND_PORT);
  } catch (error) {
    if (isErrno(error)) return error.code;
    throw error;
  }
  const code = yield* tryMount(attempt, '3');
  // rpcbind answers, and does not know the program: RPC_PROGNOTREGISTERED.
  return code === 'ECONNREFUSED' ? 'ENOPROTO' : code;
}

function* tryMount(
  { process, source, target, options, address }: Attempt,
  version: string,
): Task<ErrnoCode | undefined> {
  const rest = options.filter((option) => !/^(nfs)?vers=|^v[34](\.\d)?$|^minorversion=|^retry=/.test(option));
  try {
    const type = version.startsWith('4') ? 'nfs4' : 'nfs';
    yield* process.mount({ source, target, type, options: [...rest, `vers=${version}`, `addr=${address}`] });
    return undefined;
  } catch (error) {
    if (error instanceof Errno) return error.code;
    throw error;
  }
}

function wantedVersion(options: readonly string[]): string | undefined {
  let wanted: string | undefined;
  for (const option of options) {
    const [, value] = /^(?:nfs)?vers=(.*)$|^v(\d.*)$/.exec(option) ?? [];
    const text = value ?? (/^v(\d.*)$/.exec(option) ?? [])[1];
    if (text !== undefined) wanted = text === '4' ? '4.2' : text;
    const minor = /^minorversion=(\d)$/.exec(option)?.[1];
    if (minor !== undefined) wanted = `4.${minor}`;
  }
  return wanted;
}

function retryMinutes(options: readonly string[]): number {
  const value = options.findLast((option) => option.startsWith('retry='))?.slice(6);
  return value === undefined ? RETRY_MINUTES : Number(value);
}

/** mount_error(). */
function words(code: ErrnoCode | 'ENOPROTO', source: string, target: string): string {
  switch (code) {
    case 'EACCES':
      return `access denied by server while mounting ${source}`;
    case 'EINVAL':
      return 'an incorrect mount option was specified';
    case 'ENOPROTO':
      return 'requested NFS version or transport protocol is not supported';
    case 'ENOTDIR':
      return `mount spec ${source} or point ${target} is not a directory`;
    case 'EBUSY':
      return `${target} is busy or already mounted or sharecache fail`;
    case 'ENOENT':
      return `mounting ${source} failed, reason given by server: No such file or directory`;
    case 'EIO':
      return 'mount system call failed';
    default:
      return new Errno(code).message;
  }
}

function readArguments(args: readonly string[]): { operands: string[]; options: string[]; verbose: boolean } {
  const operands: string[] = [];
  const options: string[] = [];
  let verbose = false;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '-o') options.push(...(args[++i] ?? '').split(',').filter(Boolean));
    else if (arg === '-v') verbose = true;
    else if (arg === '-r') options.push('ro');
    else if (!arg.startsWith('-')) operands.push(arg);
  }
  return { operands, options: options.filter((option) => option !== 'defaults'), verbose };
}

function* typeOf(process: Process, path: string): Task<string | undefined> {
  try {
    return (yield* process.stat(path)).type;
  } catch (error) {
    if (isErrno(error)) return undefined;
    throw error;
  }
}

/** umount.nfs(8): only hands on to umount(2). */
export const umountNfs: Program = function* (process, argv) {
  const target = argv.slice(1).find((arg) => !arg.startsWith('-'));
  if (target === undefined || isAddress(target)) {
    yield* process.error('umount.nfs: no mount point provided\n');
    return USAGE;
  }
  try {
    yield* process.umount(target, { force: argv.includes('-f'), lazy: argv.includes('-l') });
    return 0;
  } catch (error) {
    if (!isErrno(error)) throw error;
    const said = error.code === 'EBUSY' ? 'device is busy' : error.code === 'EINVAL' ? 'not mounted' : error.message;
    yield* process.error(`umount.nfs: ${target}: ${said}\n`);
    return 16;
  }
};
