/** apt-cache(8) of Debian 12: what it tells of packages, which apt(8) tells too. */

import type { Task } from '../../../sim/task.ts';
import { CATALOGUE } from '../../packages/catalogue.ts';
import { packagesOf } from '../../packages/container-packages.ts';
import { archiveName } from '../../packages/package.ts';
import type { Process, Program } from '../../process.ts';
import { type Options, parseOptions } from '../../programs/getopt.ts';
import { kernelProcess } from '../kernel-access.ts';
import { bare, FAILED, MIRROR } from './apt-words.ts';

type Query = (process: Process, names: readonly string[], options: Options) => Task<number>;

export const QUERIES: Readonly<Record<'list' | 'search' | 'show' | 'policy', Query>> = {
  *list(process, _, options) {
    const database = packagesOf(kernelProcess(process));
    yield* process.print('Listing... Done\n');
    const installed = options.has('installed');
    const names = [...CATALOGUE.keys()].filter((name) => !installed || database.has(name)).sort();
    for (const name of options.has('upgradable') ? [] : names) {
      const { version, architecture = 'amd64' } = CATALOGUE.get(name)!;
      const state = database.has(name) ? (database.isAutomatic(name) ? ' [installed,automatic]' : ' [installed]') : '';
      yield* process.print(`${name}/stable${database.has(name) ? ',now' : ''} ${version} ${architecture}${state}\n`);
    }
    return 0;
  },

  *search(process, [word = '']) {
    const found = [...CATALOGUE.values()].filter((one) => `${one.name} ${one.description}`.includes(word));
    yield* process.print(
      found
        .map((one) => `${one.name} - ${one.description}\n`)
        .sort()
        .join(''),
    );
    return 0;
  },

  *show(process, names) {
    for (const name of names) {
      const one = CATALOGUE.get(bare(name));
      if (!one) {
        yield* process.error(`E: No packages found\n`);
        return FAILED;
      }
      yield* process.print(
        `Package: ${one.name}\nVersion: ${one.version}\nInstalled-Size: ${one.installedSize}\nMaintainer: ${one.maintainer ?? 'Debian Maintainers'}\nArchitecture: ${one.architecture ?? 'amd64'}\n${one.depends?.length ? `Depends: ${one.depends.join(', ')}\n` : ''}Description: ${one.description}\nSection: ${one.section}\nPriority: optional\nFilename: pool/main/${archiveName(one)}\nSize: ${one.size}\n\n`,
      );
    }
    return 0;
  },

  *policy(process, names) {
    const database = packagesOf(kernelProcess(process));
    for (const name of names) {
      const one = CATALOGUE.get(bare(name));
      if (!one) continue;
      const { version } = one;
      const has = database.has(one.name);
      yield* process.print(
        `${one.name}:\n  Installed: ${has ? version : '(none)'}\n  Candidate: ${version}\n  Version table:\n${has ? ' *** ' : '     '}${version} 500\n        500 ${MIRROR} bookworm/main amd64 Packages\n${has ? '        100 /var/lib/dpkg/status\n' : ''}`,
      );
    }
    return 0;
  },
};

const isQuery = (verb: string): verb is 'policy' | 'show' | 'search' => ['policy', 'show', 'search'].includes(verb);

export const aptCache: Program = function* (process, argv) {
  const [verb, ...names] = argv.slice(1);
  if (verb === undefined || !isQuery(verb)) {
    yield* process.error(verb === undefined ? 'apt 2.6.1 (amd64)\n' : `E: Invalid operation ${verb}\n`);
    return verb === undefined ? 0 : FAILED;
  }
  return yield* QUERIES[verb](process, names, parseOptions([], { short: '' }));
};
