/** Machines asked by ssh: files, mounts, packages, and what an NFS server exports. */

import { spawn } from 'node:child_process';
import { type Sight, Unseen } from '../../lesson/judgement.ts';
import type { CommandResult, ExportEntry, MountedEntry } from '../../lesson/observation.ts';
import { above, admits, namesIn } from '../../machines/nfs/admission.ts';
import { clientType } from '../../machines/nfs/export-table.ts';
import { type Export, readExports } from '../../machines/nfs/exports.ts';
import { accessOf, describeOptions } from '../../machines/nfs/options.ts';
import { lookAt, quoted, type Seen, seenIn } from './looking.ts';

/** What one look may take, and print. */
const PATIENCE_MS = 20_000;
const MOST_OUTPUT = 4 << 20;

/** ssh's own exit code where it, and not the command, failed. */
const SSH_FAILED = 255;

/** The machines that the caller opened to us, by the name that the lessons have for them. */
export class Machines {
  readonly #targets: ReadonlyMap<string, string>;

  constructor(targets: ReadonlyMap<string, string>) {
    this.#targets = targets;
  }

  has(host: string): boolean {
    return this.#targets.has(host);
  }

  async look(host: string, path: string): Promise<Seen | undefined> {
    const { stdout, stderr } = await this.#run(host, lookAt(path));
    const seen = this.#read(host, stdout, stderr);
    if (seen === 'hidden') throw new Unseen({ kind: 'unreadable', host, path });
    return seen;
  }

  #read(host: string, stdout: string, stderr: string): Seen | 'hidden' | undefined {
    try {
      return seenIn(stdout);
    } catch (error) {
      throw new Unseen(this.#noAnswer(host, lastLine(stderr) || (error as Error).message));
    }
  }

  /** Debian's package, or where there is no dpkg the program that the lessons want of it. */
  async installed(host: string, packageName: string): Promise<boolean> {
    const name = quoted(packageName);
    const script = `if command -v dpkg >/dev/null; then dpkg -s ${name} 2>/dev/null; elif rpm -q nfs-utils >/dev/null 2>&1; then echo Status: install ok installed; fi; true`;
    const { stdout } = await this.#run(host, script);
    return /^Status: \S+ ok installed$/m.test(stdout);
  }

  /** The kernel's own table (proc(5)). */
  async mounts(host: string): Promise<MountedEntry[]> {
    const { stdout } = await this.#run(host, 'cat /proc/mounts');
    return stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => {
        const [source = '', target = '', type = '', options = ''] = line.split(' ').map(unescaped);
        return { host, source, target, type, options: options.split(',') };
      });
  }

  /** The names that a machine's own directory (files, DNS) has for an address; none where it has none. */
  async names(host: string, address: string): Promise<string[]> {
    const { stdout } = await this.#run(host, `getent hosts ${quoted(address)} || true`);
    return stdout.trim().split(/\s+/).slice(1);
  }

  /** What the NFS server has, as exportfs keeps and reads it. */
  async exports(host: string): Promise<Exporting> {
    const { stdout } = await this.#run(host, EXPORTING);
    const [etab = '', listed = '', hosts = '', state = ''] = stdout.split(SEPARATOR);
    return new Exporting({ etab, listed, hosts, serving: /^(active|[1-9]\d*)$/m.test(state.trim()) });
  }

  async #run(host: string, script: string): Promise<CommandResult> {
    const target = this.#targets.get(host);
    if (target === undefined) throw new Unseen({ kind: 'machine', host });
    const result = await ssh(target, script);
    if (typeof result === 'string') throw new Unseen(this.#noAnswer(host, result));
    if (result.exitCode === SSH_FAILED)
      throw new Unseen(this.#noAnswer(host, lastLine(result.stderr) || 'ssh ended with 255'));
    return result;
  }

  #noAnswer(host: string, why: string): Sight {
    return { kind: 'no-answer', host, target: this.#targets.get(host)!, why };
  }
}

const SEPARATOR = '\n--- bound ---\n';
const EXPORTING = `s() { printf '\\n--- bound ---\\n'; }
cat /var/lib/nfs/etab 2>/dev/null; s
cat /etc/exports; cat /etc/exports.d/*.exports 2>/dev/null; s
cat /etc/hosts 2>/dev/null; s
systemctl is-active nfs-server 2>/dev/null || cat /proc/fs/nfsd/threads 2>/dev/null; true`;

/** An NFS server's export table, its files, and whether its threads run. */
export class Exporting {
  readonly serving: boolean;
  readonly #table: readonly Export[];
  readonly #listed: readonly Export[];
  readonly #hosts: string;

  constructor(given: { etab: string; listed: string; hosts: string; serving: boolean }) {
    this.serving = given.serving;
    // Of several entries for a directory, the nearest to one host is the one that counts.
    this.#table = entries(given.etab, '/var/lib/nfs/etab').sort((a, b) => clientType(a.client) - clientType(b.client));
    this.#listed = entries(given.listed, '/etc/exports');
    this.#hosts = given.hosts;
  }

  exports(): readonly ExportEntry[] {
    return this.serving ? this.#table.map(entryOf) : [];
  }

  listed(): readonly ExportEntry[] {
    return this.#listed.map(entryOf);
  }

  /** The export that a machine gets at a path, by its address and the names that the server has for it; those of a netgroup decide alone. */
  granted(path: string, address: string, names: () => readonly string[]): ExportEntry | undefined | 'netgroup' {
    if (!this.serving) return undefined;
    const known = () => [...namesIn(this.#hosts, address), ...names()];
    for (const directory of above(path))
      for (const one of this.#table) {
        if (one.path !== directory || accessOf(one.options) === undefined) continue;
        if (one.client.startsWith('@')) return 'netgroup';
        if (admits(one.client, address, known)) return entryOf(one);
      }
    return undefined;
  }
}

const entries = (text: string, file: string): Export[] =>
  [...readExports(text, file)].filter((one): one is Export => 'options' in one);

const entryOf = ({ path, client, options }: Export): ExportEntry => ({
  path,
  client,
  options: describeOptions(options).split(','),
});

const unescaped = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

const lastLine = (text: string): string => text.trim().split('\n').at(-1)!.trim();

/** A script run by the target's sh; without a terminal, so that nobody is asked for a password. The string says why it was not. */
function ssh(target: string, script: string): Promise<CommandResult | string> {
  return new Promise((resolve) => {
    const words = ['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10', '-T', '--', target, `sh -c ${quoted(script)}`];
    const child = spawn('ssh', words, { stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      resolve(`no answer within ${PATIENCE_MS / 1_000} s`);
    }, PATIENCE_MS);
    const end = (result: CommandResult | string) => {
      clearTimeout(timer);
      resolve(result);
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (stdout.length < MOST_OUTPUT) stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (stderr.length < MOST_OUTPUT) stderr += text;
    });
    child.on('error', (error: NodeJS.ErrnoException) =>
      end(error.code === 'ENOENT' ? 'there is no ssh on this machine' : error.message),
    );
    child.on('close', (code) => end({ exitCode: code ?? SSH_FAILED, stdout, stderr }));
  });
}
