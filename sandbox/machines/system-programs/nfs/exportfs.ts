/** exportfs(8) of nfs-utils 2.6.2. */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import { clientRank, type Export, type ParsedExports, parseExports } from '../../nfs/exports.ts';
import { DEFAULTS, describeOptions, OptionError, optionBits, parseOptions, storedOptions } from '../../nfs/options.ts';
import type { NfsServer } from '../../nfs/server.ts';
import type { Process, Program } from '../../process.ts';
import { OptionError as ArgumentError, type Options, parseOptions as parseArguments } from '../../programs/getopt.ts';
import { machineOf } from '../kernel-access.ts';
import { isAddress, resolveHost } from '../network/resolve.ts';

const USAGE = 'usage: exportfs [-adfhioruvs] [host:/path]\n';
const ETAB = '/var/lib/nfs/etab';

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
  #status = 0;

  constructor(process: Process, server: NfsServer, options: Options) {
    this.#process = process;
    this.#server = server;
    this.#options = options;
  }

  *run(): Task<number> {
    const { operands } = this.#options;
    const changes =
      this.#has('a') || this.#has('r') || this.#has('u') || this.#has('o') || this.#has('i') || operands.length > 0;
    if (!changes && !this.#has('f')) {
      yield* this.#list();
      return 0;
    }
    if (this.#process.uid !== 0) {
      yield* this.#say(`could not open ${ETAB}.lock for locking: errno 13 (Permission denied)`);
      return 1;
    }
    if (this.#has('f')) return 0;
    if (this.#has('r') && this.#has('u')) {
      yield* this.#say('-r and -u are incompatible.');
      return 1;
    }
    if (this.#has('u')) yield* this.#unexport(operands);
    else if (this.#has('r')) yield* this.#exportAll([]);
    else if (this.#has('a')) yield* this.#exportAll(this.#server.exports);
    else yield* this.#exportSome(operands);
    yield* this.#store();
    return this.#status;
  }

  #has(letter: string): boolean {
    return this.#options.has(letter);
  }

  *#say(text: string): Task<void> {
    yield* this.#process.error(`exportfs: ${text}\n`);
  }

  /** All of /etc/exports and /etc/exports.d, over what `kept` holds (nothing for -r). */
  *#exportAll(kept: readonly Export[]): Task<void> {
    const table = [...kept];
    for (const { exports, complaints, failed } of yield* this.#files()) {
      yield* this.#complain(complaints);
      if (failed) this.#status = 1;
      for (const one of exports) yield* this.#add(table, one);
    }
    this.#server.exports = table;
    for (const one of this.#server.exports) {
      if (this.#has('v')) yield* this.#process.print(`exporting ${one.client}:${one.path}\n`);
      yield* this.#verify(one);
    }
  }

  *#exportSome(operands: readonly string[]): Task<void> {
    const table = [...this.#server.exports];
    const configured = this.#has('i') ? [] : (yield* this.#files()).flatMap((file) => file.exports);
    for (const operand of operands) {
      const target = yield* this.#target(operand);
      if (!target) continue;
      const base =
        configured.find((one) => one.path === target.path && one.client === target.client)?.options ?? DEFAULTS;
      try {
        const words = this.#options.get('o') ?? '';
        const one: Export = { ...target, options: parseOptions(words, base) };
        const at = table.findIndex((other) => other.path === one.path && other.client === one.client);
        if (at >= 0) table.splice(at, 1);
        table.push(one);
        this.#server.exports = table;
        if (this.#has('v')) yield* this.#process.print(`exporting ${one.client}:${one.path}\n`);
        yield* this.#verify(one);
      } catch (error) {
        if (!(error instanceof OptionError)) throw error;
        yield* this.#say(error.message.trimEnd());
        this.#status = 1;
      }
    }
  }

  *#unexport(operands: readonly string[]): Task<void> {
    if (this.#has('a')) {
      if (this.#has('v'))
        for (const one of this.#server.exports) yield* this.#process.print(`unexporting ${one.client}:${one.path}\n`);
      this.#server.exports = [];
      return;
    }
    for (const operand of operands) {
      const target = yield* this.#target(operand);
      if (!target) continue;
      const rest = this.#server.exports.filter((one) => one.path !== target.path || one.client !== target.client);
      if (rest.length === this.#server.exports.length) {
        yield* this.#say(`Could not find '${target.client}:${target.path}' to unexport.`);
        this.#status = 1;
        continue;
      }
      if (this.#has('v')) yield* this.#process.print(`unexporting ${target.client}:${target.path}\n`);
      this.#server.exports = rest;
    }
  }

  /** `HOST:/PATH`. */
  *#target(operand: string): Task<{ client: string; path: string } | undefined> {
    const at = operand.indexOf(':/');
    if (at < 0 || at === 0) {
      yield* this.#say(`Invalid export syntax: ${operand}`);
      this.#status = 1;
      return undefined;
    }
    return { client: operand.slice(0, at), path: operand.slice(at + 1).replace(/(.)\/+$/, '$1') };
  }

  *#add(table: Export[], one: Export): Task<void> {
    if (clientRank(one.client) === 0 && !isAddress(one.client) && !(yield* resolveHost(this.#process, one.client))) {
      yield* this.#say(`Failed to resolve ${one.client}`);
      yield* this.#say(`Failed to resolve ${one.client}`);
      return;
    }
    const path = one.path.replace(/(.)\/+$/, '$1');
    const same = table.find((other) => other.path === path && other.client === one.client);
    if (!same) {
      table.push({ ...one, path });
      return;
    }
    const bits = (entry: Export) => `\t${entry.client}:${entry.path} (0x${optionBits(entry.options).toString(16)})`;
    if (optionBits(same.options) === optionBits(one.options)) {
      yield* this.#say('duplicated export entries:');
      yield* this.#say(bits(one));
      yield* this.#say(bits(same));
    } else {
      yield* this.#say('incompatible duplicated export entries:');
      yield* this.#say(`${bits(one)} [IGNORED]`);
      yield* this.#say(bits(same));
    }
    this.#status = 1;
  }

  /** validate_export(): told, and exported all the same. */
  *#verify(one: Export): Task<void> {
    try {
      const stat = yield* this.#process.stat(one.path);
      if (stat.type === 'directory') return;
      yield* this.#say(`${one.path} is not a directory. Remote access will fail`);
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* this.#say(`Failed to stat ${one.path}: ${error.message}`);
    }
    this.#status = 1;
  }

  *#complain(complaints: readonly string[]): Task<void> {
    for (const complaint of complaints) {
      if (complaint === '' || complaint.startsWith('  ')) yield* this.#process.error(`${complaint}\n`);
      else yield* this.#say(complaint);
    }
  }

  *#files(): Task<ParsedExports[]> {
    const files = ['/etc/exports'];
    try {
      for (const name of (yield* this.#process.readdir('/etc/exports.d')).sort()) {
        if (name.endsWith('.exports') && !name.startsWith('.')) files.push(`/etc/exports.d/${name}`);
      }
    } catch (error) {
      if (!isErrno(error)) throw error;
    }
    const parsed: ParsedExports[] = [];
    for (const file of files) {
      try {
        parsed.push(parseExports(yield* this.#process.readText(file), file));
      } catch (error) {
        if (!isErrno(error)) throw error;
        yield* this.#say(`can't open ${file} for reading`);
      }
    }
    return parsed;
  }

  /** Every entry, as `PATH<tab>CLIENT(OPTIONS)`; a long path has a line of its own. */
  *#list(): Task<void> {
    let text = '';
    for (const { path, client, options } of this.#server.exports) {
      const shown = describeOptions(options);
      if (this.#has('s')) {
        text += `${path}  ${client}(${shown})\n`;
        continue;
      }
      const name = client === '*' ? '<world>' : client;
      const left = path.length > 14 ? `${path}\n\t\t` : `${path.padEnd(14)}\t`;
      text += `${left}${name}${this.#has('v') ? `(${shown})` : ''}\n`;
    }
    yield* this.#process.print(text);
  }

  *#store(): Task<void> {
    const lines = this.#server.exports.map(
      ({ path, client, options }) => `${path}\t${client}(${storedOptions(options)})\n`,
    );
    try {
      yield* this.#process.writeFile(ETAB, lines.join(''));
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* this.#say(`can't lock ${ETAB} for writing`);
    }
  }
}
