/** apt-get(8) and apt(8) of Debian 12. */

import { own } from '../../../sim/own.ts';
import type { Task } from '../../../sim/task.ts';
import { plantOne } from '../../filesystem/tree.ts';
import { CATALOGUE } from '../../packages/catalogue.ts';
import { isThere, packagesOf } from '../../packages/container-packages.ts';
import type { PackageDatabase } from '../../packages/database.ts';
import { archiveName, displayName, type Package } from '../../packages/package.ts';
import type { Process, Program } from '../../process.ts';
import { OptionError, type Options, parseOptions } from '../../programs/getopt.ts';
import { kernelProcess } from '../kernel-access.ts';
import { QUERIES } from './apt-cache.ts';
import { bare, FAILED, kb, MIRROR, wrap } from './apt-words.ts';

const LONG = {
  yes: 'y',
  'assume-yes': 'y',
  quiet: 'q',
  'dry-run': 's',
  simulate: 's',
  'no-install-recommends': 'no-recommends',
  'download-only': 'd',
  purge: 'purge',
  reinstall: 'reinstall',
  'auto-remove': 'autoremove',
  installed: 'installed',
  upgradable: 'upgradable',
  version: 'v',
  help: 'h',
  'allow-unauthenticated': 'u',
};
const LISTS = 'var/lib/apt/lists/deb.debian.org_debian_dists_bookworm_InRelease';
/** What the first update of a container fetches. */
const FETCHED = [
  [`${MIRROR} bookworm InRelease`, '151 kB'],
  [`${MIRROR} bookworm-updates InRelease`, '55.4 kB'],
  [`${MIRROR}-security bookworm-security InRelease`, '48.0 kB'],
  [`${MIRROR} bookworm/main amd64 Packages`, '8,793 kB'],
  [`${MIRROR} bookworm-updates/main amd64 Packages`, '756 B'],
  [`${MIRROR}-security bookworm-security/main amd64 Packages`, '272 kB'],
] as const;

export const aptGet: Program = (process, argv) => run(process, argv, 'apt-get');
export const apt: Program = (process, argv) => run(process, argv, 'apt');

function* run(process: Process, argv: readonly string[], name: string): Task<number> {
  let options: Options;
  try {
    options = parseOptions(argv.slice(1), { short: 'yqsdo:hvf', long: LONG });
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    const option = argv.slice(1).find((arg) => arg.startsWith('-')) ?? '';
    yield* process.error(
      option.startsWith('--')
        ? `E: Command line option ${option} is not understood in combination with the other options\n`
        : `E: Command line option '${error.message.slice(-2, -1)}' [from ${option}] is not known.\n`,
    );
    return FAILED;
  }
  if (name === 'apt' && !process.stdout.tty) {
    yield* process.error('\nWARNING: apt does not have a stable CLI interface. Use with caution in scripts.\n\n');
  }
  const [verb, ...names] = options.operands;
  if (verb === undefined || options.has('h')) {
    yield* process.print(
      `apt 2.6.1 (amd64)\nUsage: ${name} [options] command\n       ${name} [options] install|remove pkg1 [pkg2 ...]\n`,
    );
    return 0;
  }
  const session = new AptSession(process, options);
  const work = own(VERBS, verb);
  if (!work) {
    yield* process.error(`E: Invalid operation ${verb}\n`);
    return FAILED;
  }
  if (WRITES.has(verb) && process.uid !== 0 && !options.has('s')) {
    yield* process.error(
      `E: Could not open lock file /var/lib/dpkg/lock-frontend - open (13: Permission denied)\nE: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), are you root?\n`,
    );
    return FAILED;
  }
  return yield* work(session, names);
}

const WRITES = new Set([
  'install',
  'remove',
  'purge',
  'autoremove',
  'update',
  'upgrade',
  'dist-upgrade',
  'full-upgrade',
  'reinstall',
]);

const VERBS: Readonly<Record<string, (session: AptSession, names: readonly string[]) => Task<number>>> = {
  update: (session) => session.update(),
  install: (session, names) => session.install(names),
  remove: (session, names) => session.remove(names, false),
  purge: (session, names) => session.remove(names, true),
  autoremove: (session) => session.autoremove(),
  upgrade: (session) => session.upgrade(),
  'dist-upgrade': (session) => session.upgrade(),
  'full-upgrade': (session) => session.upgrade(),
  clean: function* () {
    return 0;
  },
  autoclean: (session) => session.read(),
  ...Object.fromEntries(
    Object.entries(QUERIES).map(([verb, query]) => [
      verb,
      ({ process, options }: AptSession, names: readonly string[]) => query(process, names, options),
    ]),
  ),
};

class AptSession {
  readonly process: Process;
  readonly options: Options;
  readonly #database: PackageDatabase;

  constructor(process: Process, options: Options) {
    this.process = process;
    this.options = options;
    this.#database = packagesOf(kernelProcess(process));
  }

  *update(): Task<number> {
    if (!this.#hasLists) return yield* this.#fetchLists();
    const sources = [
      [`${MIRROR} bookworm InRelease`, '151 kB'],
      ['http://security.debian.org/debian-security bookworm-security InRelease', '48.0 kB'],
      [`${MIRROR} bookworm-updates InRelease`, '55.4 kB'],
    ];
    for (const [index, [source]] of sources.entries()) {
      yield* this.process.sleep(250);
      yield* this.#say(`Hit:${index + 1} ${source}\n`);
    }
    yield* this.process.sleep(900);
    yield* this.#say('Reading package lists... Done\n');
    return 0;
  }

  /** Images come without lists; a machine's were fetched when it was set up. */
  get #hasLists(): boolean {
    const { inContainer, machine } = this.#database;
    return !inContainer || isThere(machine.rootFileSystem.root, LISTS);
  }

  *#fetchLists(): Task<number> {
    for (const [index, [what, size]] of FETCHED.entries()) {
      yield* this.process.sleep(300);
      yield* this.#say(`Get:${index + 1} ${what} [${size}]\n`);
    }
    yield* this.process.sleep(900);
    yield* this.#say('Fetched 9,321 kB in 2s (4,660 kB/s)\nReading package lists... Done\n');
    plantOne(this.#database.machine.rootFileSystem.root, LISTS, 'Origin: Debian\nSuite: stable\nCodename: bookworm\n');
    return 0;
  }

  *install(names: readonly string[]): Task<number> {
    yield* this.read();
    const known = this.#hasLists;
    for (const name of names) {
      if (this.#database.has(bare(name)) || (known && CATALOGUE.has(bare(name)))) continue;
      yield* this.process.error(`E: Unable to locate package ${name}\n`);
      return FAILED;
    }
    const asked = names.map(bare);
    for (const name of asked) {
      if (!this.#database.has(name)) continue;
      yield* this.#say(`${name} is already the newest version (${CATALOGUE.get(name)!.version}).\n`);
      if (this.#database.isAutomatic(name)) yield* this.#say(`${name} set to manually installed.\n`);
      this.#database.markManual(name);
    }
    const all = this.#database.closure(asked);
    const extra = all.filter((one) => !asked.includes(one.name));
    const suggested = [...new Set(all.flatMap((one) => one.suggests ?? []))].sort();
    if (extra.length > 0)
      yield* this.#say(
        `The following additional packages will be installed:\n${wrap(extra.map((one) => one.name).sort())}`,
      );
    if (suggested.length > 0) yield* this.#say(`Suggested packages:\n${wrap(suggested)}`);
    if (all.length > 0)
      yield* this.#say(`The following NEW packages will be installed:\n${wrap(all.map((one) => one.name).sort())}`);
    yield* this.#say(`0 upgraded, ${all.length} newly installed, 0 to remove and 0 not upgraded.\n`);
    if (all.length === 0 || this.options.has('s')) return 0;
    const bytes = all.reduce((sum, one) => sum + one.size, 0);
    const disk = all.reduce((sum, one) => sum + one.installedSize, 0) * 1024;
    yield* this.#say(
      `Need to get ${kb(bytes)} of archives.\nAfter this operation, ${kb(disk, true)} of additional disk space will be used.\n`,
    );
    if (extra.length > 0 && !(yield* this.#confirmed())) return 1;
    yield* this.#download(all, bytes);
    yield* this.#unpack(all);
    for (const one of all) {
      yield* this.process.sleep(150);
      yield* this.#say(`Setting up ${displayName(one)} (${one.version}) ...\n`);
      this.#database.install(one, asked.includes(one.name) ? 'manual' : 'automatic');
      for (const line of one.setUp ?? []) yield* this.#say(`${line}\n`);
    }
    yield* this.#triggers(all);
    return 0;
  }

  *remove(names: readonly string[], purge: boolean): Task<number> {
    yield* this.read();
    for (const name of names) {
      if (!CATALOGUE.has(bare(name))) {
        yield* this.process.error(`E: Unable to locate package ${name}\n`);
        return FAILED;
      }
      if (!this.#database.has(bare(name))) yield* this.#say(`Package '${name}' is not installed, so not removed\n`);
    }
    const going = this.#database.dependants(names.map(bare));
    const orphans = this.#database.orphans(new Set(going.map((one) => one.name)));
    if (orphans.length > 0) {
      yield* this.#say(
        `The following ${orphans.length === 1 ? 'package was' : 'packages were'} automatically installed and ${orphans.length === 1 ? 'is' : 'are'} no longer required:\n${wrap(orphans.map((one) => one.name))}Use 'apt autoremove' to remove ${orphans.length === 1 ? 'it' : 'them'}.\n`,
      );
    }
    return yield* this.#take(going, purge || this.options.has('purge'));
  }

  *autoremove(): Task<number> {
    yield* this.read();
    return yield* this.#take(this.#database.orphans(), this.options.has('purge'));
  }

  *upgrade(): Task<number> {
    yield* this.read();
    yield* this.#say('Calculating upgrade... Done\n0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n');
    return 0;
  }

  *read(): Task<number> {
    yield* this.process.sleep(350);
    yield* this.#say(
      'Reading package lists... Done\nBuilding dependency tree... Done\nReading state information... Done\n',
    );
    return 0;
  }

  *#take(going: readonly Package[], purge: boolean): Task<number> {
    const names = going.map((one) => (purge ? `${one.name}*` : one.name));
    if (going.length > 0) yield* this.#say(`The following packages will be REMOVED:\n${wrap(names)}`);
    yield* this.#say(`0 upgraded, 0 newly installed, ${going.length} to remove and 0 not upgraded.\n`);
    if (going.length === 0 || this.options.has('s')) return 0;
    const disk = going.reduce((sum, one) => sum + one.installedSize, 0) * 1024;
    yield* this.#say(`After this operation, ${kb(disk, true)} disk space will be freed.\n`);
    if (!(yield* this.#confirmed())) return 1;
    yield* this.#say(`(Reading database ... ${this.#fileCount()} files and directories currently installed.)\n`);
    for (const one of [...going].reverse()) {
      yield* this.process.sleep(250);
      yield* this.#say(`Removing ${displayName(one)} (${one.version}) ...\n`);
      this.#database.remove(one, purge);
    }
    yield* this.#triggers(going);
    return 0;
  }

  *#confirmed(): Task<boolean> {
    if (this.options.has('y')) return true;
    yield* this.#say('Do you want to continue? [Y/n] ');
    const answer = new TextDecoder().decode(yield* this.process.stdin.read());
    if (answer !== '' && /^\s*(y.*)?\s*$/i.test(answer)) return true;
    yield* this.#say('Abort.\n');
    return false;
  }

  *#download(all: readonly Package[], bytes: number): Task<void> {
    const start = this.process.now();
    for (const [index, one] of all.entries()) {
      yield* this.process.sleep(60 + one.size / 2_000);
      yield* this.#say(
        `Get:${index + 1} ${MIRROR} bookworm/main amd64 ${one.name} ${one.architecture ?? 'amd64'} ${one.version} [${kb(one.size)}]\n`,
      );
    }
    const seconds = Math.max(1, Math.round((this.process.now() - start) / 1_000));
    yield* this.#say(`Fetched ${kb(bytes)} in ${seconds}s (${kb(Math.round(bytes / seconds))}/s)\n`);
  }

  *#unpack(all: readonly Package[]): Task<void> {
    if (this.#database.inContainer)
      yield* this.process.error('debconf: delaying package configuration, since apt-utils is not installed\n');
    for (const [index, one] of all.entries()) {
      yield* this.process.sleep(180);
      yield* this.#say(`Selecting previously unselected package ${displayName(one)}.\n`);
      if (index === 0)
        yield* this.#say(`(Reading database ... ${this.#fileCount()} files and directories currently installed.)\n`);
      const number = all.length > 1 ? `${index}-` : '';
      yield* this.#say(
        `Preparing to unpack .../${number}${archiveName(one)} ...\nUnpacking ${displayName(one)} (${one.version}) ...\n`,
      );
    }
  }

  *#triggers(all: readonly Package[]): Task<void> {
    yield* this.process.sleep(400);
    if (!this.#database.inContainer) yield* this.#say('Processing triggers for man-db (2.11.2-2) ...\n');
    if (all.some((one) => one.section === 'libs'))
      yield* this.#say('Processing triggers for libc-bin (2.36-9+deb12u10) ...\n');
  }

  #fileCount(): number {
    const others = this.#database.inContainer ? 7_404 : 33_871;
    return others + this.#database.installed.length * 11;
  }

  /** Where it does not write to a terminal, apt tells no progress: `... Done` is progress (apt-pkg, OpTextProgress). */
  *#say(text: string): Task<void> {
    yield* this.process.print(this.process.stdout.tty ? text : text.replaceAll('... Done\n', '...\n'));
  }
}
