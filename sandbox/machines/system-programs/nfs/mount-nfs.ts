/** mount.nfs(8) and umount.nfs(8) of nfs-utils 2.6.2: versions negotiated, tries repeated, and what went wrong (utils/mount/{mount_libmount,stropts,network,error}.c). */

import type { Task } from '../../../sim/task.ts';
import { Errno, type ErrnoCode, isErrno } from '../../errno.ts';
import { NFS_PORT, NfsServer, RPCBIND_PORT } from '../../nfs/server.ts';
import type { Process, Program } from '../../process.ts';
import { kernelProcess, machineOf } from '../kernel-access.ts';
import { resolveAll } from '../network/resolve.ts';
import { type NfsVersion, nfsVersion } from './mount-version.ts';

const FAILED = 32;
const USAGE = 1;
const FILE_IO = 16;
/** `retry=` in minutes, for mounts in the foreground and in the background. */
const FOREGROUND_MINUTES = 2;
const BACKGROUND_MINUTES = 10_000;

const mountUsage = (name: string) => `usage: ${name} remotetarget dir [-rvVwfnsh] [-o nfsoptions]
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

const umountUsage = (name: string) => `usage: ${name} dir [-fvnrlh]
options:
\t-f\tforce unmount
\t-v\tverbose
\t-n\tDo not update /etc/mtab
\t-r\tremount
\t-l\tlazy unmount
\t-h\tprint this help

`;

/** An errno, or that what is to be said has been said (EALREADY), or the server's rpcbind does not know the program (EOPNOTSUPP). */
type Failure = ErrnoCode | 'EALREADY' | 'EOPNOTSUPP';

interface Attempt {
  readonly process: Process;
  readonly name: string;
  readonly type: 'nfs' | 'nfs4';
  readonly source: string;
  readonly target: string;
  /** As given, without those that say the version. */
  readonly options: readonly string[];
  readonly version: NfsVersion;
  readonly server: string;
  readonly verbose: boolean;
  readonly fake: boolean;
  /** Found once. */
  address: string | undefined;
}

export const mountNfs: Program = function* (process, argv) {
  const name = baseName(argv[0]!);
  const { operands, options, flags, unknown } = readArguments(argv.slice(1));
  const fail = function* (message: string, status = FAILED): Task<number> {
    yield* process.error(`${name}: ${message}\n`);
    return status;
  };
  if (flags.has('V')) {
    yield* process.print(`${name}: (linux nfs-utils 2.6.2)\n`);
    return 0;
  }
  if (unknown !== undefined) yield* process.error(`${argv[0]}: invalid option -- '${unknown}'\n`);
  if (unknown !== undefined || flags.has('h')) {
    yield* process.print(mountUsage(name));
    return USAGE;
  }
  const [source, target] = operands;
  if (source === undefined || target === undefined) {
    yield* process.error(`${name}: no mount point provided\n`);
    yield* process.print(mountUsage(name));
    return FAILED;
  }
  if (process.uid !== 0) return yield* fail('not installed setuid - "user" NFS mounts not supported.');
  const place = yield* kindOf(process, target);
  if (place === undefined) return yield* fail(`mount point ${target} does not exist`);
  if (place !== 'directory') return yield* fail(`mount point ${target} is not a directory`);
  const type = name === 'mount.nfs4' ? 'nfs4' : 'nfs';
  if (options.includes('remount')) return yield* remount(process, name, { source, target, type, options });
  const server = yield* serverOf(process, name, source);
  if (server === undefined) return FAILED;
  const refusal = protocolFault(options);
  if (refusal !== undefined) return yield* fail(refusal);
  const version = nfsVersion(type, options);
  if (typeof version === 'string') return yield* fail(version);
  if (version.major === 2) return yield* fail(words('EOPNOTSUPP', source, target));
  const attempt: Attempt = {
    process,
    name,
    type,
    source,
    target,
    options: options.filter((option) => !VERSION_OPTION.test(option)),
    version,
    server,
    verbose: flags.has('v'),
    fake: flags.has('f'),
    address: undefined,
  };
  const background = options.findLast((option) => option === 'bg' || option === 'fg') === 'bg';
  return yield* background ? inBackground(attempt) : inForeground(attempt);
};

const VERSION_OPTION = /^(?:nfs)?vers=|^v[234](?:\.\d+)?$|^minorversion=/;

/** nfsmount_fg: waits 1, 2, 4 … at most 10 seconds between tries. */
function* inForeground(attempt: Attempt): Task<number> {
  const { process, name, source, target } = attempt;
  const end = process.now() + retryMinutes(attempt, FOREGROUND_MINUTES) * 60_000;
  if (attempt.verbose) yield* process.print(`${name}: timeout set for ${ctime(end)}\n`);
  const failures = new Failures();
  for (let seconds = 1; ; seconds = Math.min(seconds * 2, 10)) {
    const failure = yield* tryOnce(attempt);
    if (failure === undefined) return 0;
    if (failure === 'EBUSY' && process.mounts().some((one) => one.target === target)) return 0;
    if (failures.permanent(failure) || Math.floor(process.now() / 1_000) > Math.floor(end / 1_000)) {
      if (failure !== 'EALREADY') yield* process.error(`${name}: ${words(failure, source, target)}\n`);
      return FAILED;
    }
    if (failure !== 'ETIMEDOUT') yield* process.sleep(seconds * 1_000);
  }
}

/** nfsmount_bg: one try, then a daemon that goes on; the command itself has succeeded. */
function* inBackground(attempt: Attempt): Task<number> {
  const { process, name, source, target } = attempt;
  const first = yield* tryOnce(attempt);
  if (first === undefined) return 0;
  if (new Failures().permanent(first)) {
    if (first !== 'EALREADY') yield* process.error(`${name}: ${words(first, source, target)}\n`);
    return FAILED;
  }
  yield* process.print(`${name}: backgrounding "${source}"\n${name}: mount options: "${attempt.options.join(',')}"\n`);
  process.fork(
    function* (daemon) {
      const end = daemon.now() + retryMinutes(attempt, BACKGROUND_MINUTES) * 60_000;
      const failures = new Failures();
      for (let seconds = 1; ; seconds = Math.min(seconds * 2, 120)) {
        yield* napping(daemon, seconds * 1_000);
        const failure = yield* tryOnce({ ...attempt, process: daemon });
        if (failure === undefined) return 0;
        if (failures.permanent(failure) || daemon.now() > end) return FAILED;
      }
    },
    process.argv,
    { session: null, files: new Map() },
  );
  return 0;
}

/** A daemon's sleep keeps nobody waiting. */
function* napping(process: Process, ms: number): Task<void> {
  const { clock } = machineOf(process);
  yield (resume) => {
    const timer = clock.after(ms, resume, { background: true });
    return () => timer.cancel();
  };
}

/** nfs_is_permanent_error: what may pass is tried again; of some kinds three in a row are enough. */
class Failures {
  #last: Failure | undefined;
  #count = 0;

  permanent(failure: Failure): boolean {
    this.#count = failure === this.#last ? this.#count + 1 : 1;
    this.#last = failure;
    if (failure === 'ESTALE' || failure === 'EOPNOTSUPP') return this.#count >= 3;
    return !['ECONNREFUSED', 'ETIMEDOUT', 'EHOSTUNREACH', 'EAGAIN'].includes(failure);
  }
}

/** nfs_try_mount. */
function* tryOnce(attempt: Attempt): Task<Failure | undefined> {
  const { process, server, version, name } = attempt;
  if (attempt.address === undefined) {
    const found = yield* resolveAll(process, server);
    if (found === 'no-answer') return 'EAGAIN';
    if (found === 'unknown' || found[0] === undefined) {
      yield* process.error(`${name}: Failed to resolve server ${server}: Name or service not known\n`);
      return 'EALREADY';
    }
    attempt.address = found[0];
  }
  if (version.major === 3) return yield* versionThree(attempt);
  if (version.major !== 4) return 'EIO';
  return yield* version.minor === undefined ? negotiate(attempt) : versionFour(attempt, version.minor);
}

/** nfs_autonegotiate: 4.2 first, older minors where that is not understood, version 3 where there is none of 4, unless `nfs4` forbids it. */
function* negotiate(attempt: Attempt): Task<Failure | undefined> {
  const only = attempt.version.general;
  let minor = 2;
  let failure = yield* versionFour(attempt, minor);
  while (minor > 0 && (failure === 'EPROTONOSUPPORT' || failure === 'EINVAL' || failure === 'EACCES'))
    failure = yield* versionFour(attempt, --minor);
  if (failure === 'ECONNREFUSED') {
    if (only) return failure;
    return (yield* versionThree(attempt)) && 'ECONNREFUSED';
  }
  if (only || !['EPROTONOSUPPORT', 'EINVAL', 'EACCES', 'ENOENT', 'EPERM'].includes(failure ?? '')) return failure;
  const third = yield* versionThree(attempt);
  return third === undefined || third === 'EBUSY' || third === 'EACCES' ? third : failure;
}

function* versionFour(attempt: Attempt, minor: number): Task<Failure | undefined> {
  if (attempt.options.some((option) => /^mount(?:host|addr|vers|port|proto)=/.test(option))) return 'EPROTONOSUPPORT';
  return yield* call(attempt, [`vers=4.${minor}`], true);
}

/** Asks rpcbind for the ports first (nfs_rewrite_pmap_mount_options). nfsd listens on TCP alone. */
function* versionThree(attempt: Attempt): Task<Failure | undefined> {
  const machine = machineOf(attempt.process);
  const { address, options } = attempt;
  try {
    yield* machine.network.handshake(machine.address, address!, RPCBIND_PORT);
  } catch (error) {
    if (isErrno(error)) return error.code;
    throw error;
  }
  const server = machine.network.service(address!, NFS_PORT);
  if (!(server instanceof NfsServer) || !server.running) return 'EOPNOTSUPP';
  if (options.some((option) => /^(?:udp|proto=udp6?)$/.test(option))) return 'EOPNOTSUPP';
  return yield* call(attempt, ['vers=3'], false);
}

function* call(attempt: Attempt, version: readonly string[], four: boolean): Task<Failure | undefined> {
  const { process, source, target, options, address, name } = attempt;
  const kept = options.filter((option) => !/^(?:retry=|addr=|fg$|bg$)/.test(option));
  const all = [...kept, ...version, `addr=${address}`];
  if (attempt.verbose) {
    const client = four ? [`clientaddr=${machineOf(process).address}`] : [];
    const shown = [
      ...kept.filter((option) => option !== 'rw' && option !== 'ro'),
      ...version,
      `addr=${address}`,
      ...client,
    ];
    yield* process.print(`${name}: trying text-based options '${shown.join(',')}'\n`);
  }
  if (attempt.fake) return undefined;
  try {
    yield* process.mount({ source, target, type: attempt.type, options: all });
    return undefined;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    if (attempt.verbose) yield* process.error(`${name}: mount(2): ${error.message}\n`);
    return error.code;
  }
}

function* remount(
  process: Process,
  name: string,
  request: { source: string; target: string; type: string; options: readonly string[] },
): Task<number> {
  try {
    yield* process.mount(request);
    return 0;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* process.error(`${name}: ${words(error.code, request.source, request.target)}\n`);
    return FAILED;
  }
}

/** The host of `HOST:DIR`, complained about where it is none (parse_dev.c). */
function* serverOf(process: Process, name: string, source: string): Task<string | undefined> {
  const bracketed = /^\[([^\]]*)(\]?):?/.exec(source);
  const colon = source.indexOf(':');
  const fault = source.startsWith('nfs://')
    ? 'NFS URLs are not supported'
    : bracketed && bracketed[2] === ''
      ? 'closing bracket missing from server address'
      : colon < 0
        ? "remote share not in 'host:dir' format"
        : colon === 0
          ? 'no device name was provided'
          : undefined;
  if (fault !== undefined) {
    yield* process.error(`${name}: ${fault}\n`);
    return undefined;
  }
  const host = bracketed ? bracketed[1]! : source.slice(0, colon);
  if (!host.includes(',')) return host;
  yield* process.error(`${name}: warning: multiple hostnames not supported\n`);
  return host.slice(0, host.indexOf(','));
}

function protocolFault(options: readonly string[]): string | undefined {
  const last = options.findLast((option) => /^(?:udp|tcp|rdma|proto=.*)$/.test(option));
  const proto = last?.startsWith('proto=') ? last.slice('proto='.length) : undefined;
  if (proto === undefined || ['udp', 'tcp', 'udp6', 'tcp6', 'rdma', 'rdma6'].includes(proto)) return undefined;
  return `Failed to find '${proto}' protocol`;
}

function retryMinutes({ options }: Attempt, usual: number): number {
  const value = options.findLast((option) => option.startsWith('retry='))?.slice('retry='.length);
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : usual;
}

/** mount_error(). */
function words(failure: Failure, source: string, target: string): string {
  switch (failure) {
    case 'EACCES':
      return `access denied by server while mounting ${source}`;
    case 'EINVAL':
      return 'an incorrect mount option was specified';
    case 'EOPNOTSUPP':
      return 'requested NFS version or transport protocol is not supported';
    case 'ENOTDIR':
      return `mount spec ${source} or point ${target} is not a directory`;
    case 'EBUSY':
      return `${target} is busy or already mounted or sharecache fail`;
    case 'ENOENT':
      return `mounting ${source} failed, reason given by server: No such file or directory`;
    case 'EIO':
      return 'mount system call failed';
    case 'EALREADY':
      return '';
    default:
      return new Errno(failure).message;
  }
}

interface Arguments {
  readonly operands: readonly string[];
  readonly options: readonly string[];
  readonly flags: ReadonlySet<string>;
  readonly unknown: string | undefined;
}

function readArguments(args: readonly string[]): Arguments {
  const operands: string[] = [];
  const options: string[] = [];
  const flags = new Set<string>();
  let unknown: string | undefined;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '-o') options.push(...(args[++i] ?? '').split(',').filter(Boolean));
    else if (/^-./.test(arg)) {
      for (const letter of arg.slice(1)) {
        if ('fhnrVvws'.includes(letter)) flags.add(letter);
        else unknown ??= letter;
      }
    } else operands.push(arg);
  }
  if (flags.has('r')) options.push('ro');
  return { operands, options: options.filter((option) => option !== 'defaults'), flags, unknown };
}

/** Without asking a server that is mounted there already. */
function* kindOf(process: Process, path: string): Task<string | undefined> {
  try {
    return (yield* kernelProcess(process).view.walk(path, { trusting: true })).inode.type;
  } catch (error) {
    if (isErrno(error)) return undefined;
    throw error;
  }
}

export const umountNfs: Program = function* (process, argv) {
  const name = baseName(argv[0]!);
  const args = argv.slice(1);
  const at = args.indexOf('-t');
  const rest = args.filter((_, i) => at < 0 || (i !== at && i !== at + 1));
  const flags = new Set(rest.filter((arg) => /^-./.test(arg)).flatMap((arg) => [...arg.slice(1)]));
  if ([...flags].some((letter) => !'fvnrl'.includes(letter))) {
    yield* process.print(umountUsage(name));
    return USAGE;
  }
  const target = rest.find((arg) => !arg.startsWith('-'));
  if (target === undefined || (!target.startsWith('/') && !target.includes(':'))) {
    yield* process.error(`${name}: no mount point provided\n`);
    yield* process.print(umountUsage(name));
    return USAGE;
  }
  const mounted = process.mounts().findLast((one) => one.target === target || one.source === target);
  if (mounted && !mounted.type.startsWith('nfs')) {
    yield* process.error(`${name}: ${target}: is not an NFS filesystem\n`);
    return USAGE;
  }
  const verbose = flags.has('v');
  if (verbose && mounted) yield* process.print(`${target}: ${mounted.type} mount point detected\n`);
  try {
    yield* process.umount(mounted?.target ?? target, { force: flags.has('f'), lazy: flags.has('l') });
    if (verbose) yield* process.print(`${target}: umounted\n`);
    return 0;
  } catch (error) {
    if (!isErrno(error)) throw error;
    yield* process.error(`${name}: ${target}: ${UNMOUNT_WORDS[error.code] ?? error.message}\n`);
    if (verbose) yield* process.print(`${target}: umount failed\n`);
    return FILE_IO;
  }
};

/** umount_error(). */
const UNMOUNT_WORDS: Partial<Record<ErrnoCode, string>> = {
  EINVAL: 'not mounted',
  EIO: "can't write superblock",
  EBUSY: 'device is busy',
  ENOENT: 'not found',
  EPERM: 'must be superuser to umount',
  EACCES: 'block devices not permitted on fs',
};

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** ctime(3), in UTC. */
function ctime(ms: number): string {
  const [day, date, month, year, time] = new Date(ms).toUTCString().replace(',', '').split(' ');
  return `${day} ${month} ${String(Number(date)).padStart(2)} ${time} ${year}`;
}
