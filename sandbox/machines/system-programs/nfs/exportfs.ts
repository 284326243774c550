import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import { asRead, readExportFiles } from '../../nfs/export-files.ts';
import { clientType, type Entry, EVERYBODY, ExportTable, isIpv6, type Resolver } from '../../nfs/export-table.ts';
import type { Complaint } from '../../nfs/exports.ts';
import { describeOptions, escapePath, INITIAL, OptionError, parseOptions, storedOptions } from '../../nfs/options.ts';
import type { NfsServer } from '../../nfs/server.ts';
import type { Process, Program } from '../../process.ts';
import { OptionError as ArgumentError, type Options, parseOptions as parseArguments } from '../../programs/getopt.ts';
import { machineOf } from '../kernel-access.ts';
import { hostsFile, isAddress, resolveAll } from '../network/resolve.ts';

const USAGE = 'usage: exportfs [-adfhioruvs] [host:/path]\n';
const ETAB = '/var/lib/nfs/etab';
/** Of the path's column, in bytes. */
const COLUMN = 14;

export const exportfs: Program = function* (process, argv) {
  let options: Options;
  try {
    options = parseArguments(argv.slice(1), { short: 'afhio:ruvsd:' });
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    yield* process.error(`exportfs: ${error.message}\n${USAGE}`);
    return 1;
  }
  if (options.has('h')) {
    yield* process.error(USAGE);
    return 0;
  }
  const command = new ExportFs(process, machineOf(process).nfs, options);
  return yield* command.run();
};

class ExportFs {
  readonly #process: Process;
  readonly #server: NfsServer;
  readonly #options: Options;
  readonly #table: ExportTable;
  #status = 0;

  constructor(process: Process, server: NfsServer, options: Options) {
    this.#process = process;
    this.#server = server;
    this.#options = options;
    this.#table = new ExportTable(resolver(process), (complaint) => this.#complain(complaint));
  }

  *run(): Task<number> {
    const { operands } = this.#options;
    const reexport = this.#has('r');
    const all = this.#has('a') || reexport;
    const exporting = !this.#has('u');
    const refusal =
      all && operands.length > 0
        ? 'extra arguments are not permitted with -a or -r'
        : this.#has('i') && (all || !exporting)
          ? '-i not meaningful with -a, -r or -u'
          : reexport && !exporting
            ? '-r and -u are incompatible'
            : undefined;
    if (refusal !== undefined) {
      yield* this.#fail(refusal);
      return 1;
    }
    if (operands.length === 0 && !all) {
      if (!this.#has('f')) yield* this.#list();
      return 0;
    }
    if (this.#process.uid !== 0) {
      yield* this.#fail(`could not open ${ETAB}.lock for locking: errno 13 (Permission denied)`);
      return 1;
    }
    if (exporting && !this.#has('i')) yield* this.#readAll();
    if (exporting && all) for (const one of this.#table.entries) yield* this.#export(one);
    else if (exporting) for (const operand of operands) yield* this.#exportOne(operand);
    if (!all || (exporting && !reexport)) for (const one of this.#server.exports) yield* this.#table.keep(one);
    if (!exporting) for (const operand of operands) yield* this.#unexport(operand);
    yield* this.#store();
    return this.#status;
  }

  #has(letter: string): boolean {
    return this.#options.has(letter);
  }

  *#say(text: string): Task<void> {
    yield* this.#process.error(`exportfs: ${text}\n`);
  }

  *#fail(text: string): Task<void> {
    this.#status = 1;
    yield* this.#say(text);
  }

  *#complain({ text, error }: Complaint): Task<void> {
    yield* error ? this.#fail(text) : this.#say(text);
  }

  *#readAll(): Task<void> {
    yield* readExportFiles(this.#process, this.#table, (complaint) => this.#complain(complaint));
    if (this.#table.entries.length === 0 && this.#has('v')) yield* this.#say('No file systems exported!');
  }

  *#export(one: Entry): Task<void> {
    one.exported = true;
    if (this.#has('v')) yield* this.#process.print(`exporting ${one.client.name}:${one.path}\n`);
    yield* this.#verify(one);
  }

  *#exportOne(operand: string): Task<void> {
    const target = yield* this.#target(operand);
    if (!target) return;
    try {
      const one = yield* this.#table.set(target.client, target.path, (known) =>
        parseOptions(this.#options.get('o'), known ?? INITIAL, 'command line', 0),
      );
      if (one) yield* this.#export(one);
    } catch (error) {
      if (!(error instanceof OptionError)) throw error;
      yield* this.#fail(error.message);
    }
  }

  *#unexport(operand: string): Task<void> {
    const target = yield* this.#target(operand);
    if (!target) return;
    const { name, entry } = yield* this.#table.lookup(target.client, target.path.replace(/(.)\/+$/, '$1'));
    if (!entry?.exported) {
      yield* this.#fail(`Could not find '${name}:${target.path}' to unexport.`);
      return;
    }
    if (this.#has('v')) yield* this.#process.print(`unexporting ${name}:${entry.path}\n`);
    entry.exported = false;
  }

  /** `HOST:/PATH`, `[IPV6]:/PATH`. */
  *#target(operand: string): Task<{ client: string; path: string } | undefined> {
    const [, six, prefix = ''] = /^\[([^\]]*:[^\]]*)\]([^:]*):\//.exec(operand) ?? [];
    if (six !== undefined)
      return { client: six + prefix, path: operand.slice(operand.indexOf(':/', operand.indexOf(']')) + 1) };
    const at = operand.indexOf(':');
    if (at < 0 || operand[at + 1] !== '/') {
      yield* this.#fail(`Invalid export syntax: ${at < 0 ? operand : operand.slice(0, at)}`);
      return undefined;
    }
    return { client: operand.slice(0, at), path: operand.slice(at + 1) };
  }

  /** validate_export(): told, and exported all the same. */
  *#verify(one: Entry): Task<void> {
    try {
      const stat = yield* this.#process.stat(one.path);
      if (stat.type !== 'directory') yield* this.#fail(`${one.path} is not a directory. Remote access will fail`);
      else if (!this.#server.exportable(one)) yield* this.#fail(`${one.path} requires fsid= for NFS export`);
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* this.#fail(`Failed to stat ${one.path}: ${error.message}`);
    }
  }

  /** Every entry, as `PATH<tab>CLIENT(OPTIONS)`; a long path has a line of its own. */
  *#list(): Task<void> {
    let text = '';
    for (const { path, client, options } of this.#server.exports) {
      const shown = describeOptions(options);
      const everybody = clientType(client) === EVERYBODY;
      if (this.#has('s')) {
        text += `${escapePath(path)}  ${everybody ? '*' : client}(${shown})\n`;
        continue;
      }
      const bytes = new TextEncoder().encode(path).length;
      const left = bytes > COLUMN ? `${path}\n\t\t` : `${path}${' '.repeat(COLUMN - bytes)}\t`;
      text += `${left}${everybody ? '<world>' : client}${this.#has('v') ? `(${shown})` : ''}\n`;
    }
    yield* this.#process.print(text);
  }

  /** Writes etab, in the order of the table. */
  *#store(): Task<void> {
    const stored = this.#table.exports;
    this.#server.exports = yield* asRead(stored, resolver(this.#process));
    const lines = stored.map(
      ({ path, client, options }) => `${escapePath(path)}\t${client}(${storedOptions(options)})\n`,
    );
    try {
      yield* this.#process.writeFile(ETAB, lines.join(''));
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* this.#fail(`can't lock ${ETAB} for writing`);
    }
  }
}

/** host_addrinfo(): a numeric address is its own canonical name. */
function resolver(process: Process): Resolver {
  return function* (name) {
    if (isAddress(name) || isIpv6(name)) return { name, addresses: [name] };
    const addresses = yield* resolveAll(process, name);
    if (typeof addresses === 'string' || addresses.length === 0) return undefined;
    const entry = (yield* hostsFile(process)).find((one) => one.names.includes(name));
    return { name: entry?.names[0] ?? name, addresses };
  };
}
