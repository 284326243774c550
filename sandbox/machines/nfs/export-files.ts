/** The files that say what is exported, read into a table; and the table as who reads etab has it. */

import type { Task } from '../../sim/task.ts';
import { isErrno } from '../errno.ts';
import type { Process } from '../process.ts';
import { ExportTable, isIpv6, type Resolver } from './export-table.ts';
import { type Complaint, type Export, readExports } from './exports.ts';

const DIRECTORY = '/etc/exports.d';

/** /etc/exports and what /etc/exports.d adds to it. Links in a path are followed at once. */
export function* readExportFiles(
  process: Process,
  table: ExportTable,
  say: (complaint: Complaint) => Task<void>,
): Task<void> {
  for (const file of yield* files(process)) {
    let text: string;
    try {
      text = yield* process.readText(file);
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* say({ text: `can't open ${file} for reading`, error: true });
      continue;
    }
    for (const found of readExports(text, file)) {
      if ('text' in found) yield* say(found);
      else yield* table.read({ ...found, path: yield* real(process, found.path) });
    }
  }
}

/** Whoever reads etab makes a table of it again, and so turns its order round. */
export function* asRead(stored: readonly Export[], resolve: Resolver): Task<readonly Export[]> {
  const table = new ExportTable(resolve, function* () {});
  for (const one of stored) yield* table.keep(one);
  return table.exports;
}

/** Names by /etc/hosts alone: while a unit starts nothing waits for a name server. */
export function hostsResolver(process: Process): Resolver {
  return function* (name) {
    if (/^[\d.]+$/.test(name) || isIpv6(name)) return { name, addresses: [name] };
    const hosts = yield* process.readText('/etc/hosts');
    for (const line of hosts.split('\n')) {
      const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
      if (names.includes(name)) return { name: names[0]!, addresses: [address!] };
    }
    return undefined;
  };
}

/** In the order of versionsort(3). */
function* files(process: Process): Task<string[]> {
  try {
    const names = (yield* process.readdir(DIRECTORY)).filter((name) => /^[^.].*\.exports$/s.test(name));
    return ['/etc/exports', ...names.sort(byVersion).map((name) => `${DIRECTORY}/${name}`)];
  } catch (error) {
    if (!isErrno(error)) throw error;
    return ['/etc/exports'];
  }
}

const byVersion = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

function* real(process: Process, path: string): Task<string> {
  try {
    return yield* process.realpath(path);
  } catch (error) {
    if (!isErrno(error)) throw error;
    return path;
  }
}
