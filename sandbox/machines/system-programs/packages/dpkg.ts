/** dpkg(1) and dpkg-query(1): what is installed. */

import type { Task } from '../../../sim/task.ts';
import { CATALOGUE } from '../../packages/catalogue.ts';
import { packagesOf } from '../../packages/container-packages.ts';
import type { PackageDatabase } from '../../packages/database.ts';
import { displayName, type Package } from '../../packages/package.ts';
import { type Tool, tool } from '../../programs/tool.ts';
import { kernelProcess } from '../kernel-access.ts';

const LEGEND = `Desired=Unknown/Install/Remove/Purge/Hold
| Status=Not/Inst/Conf-files/Unpacked/halF-conf/Half-inst/trig-aWait/Trig-pend
|/ Err?=(none)/Reinst-required (Status,Err: uppercase=bad)
`;

const spec = {
  short: 'lLsSirP',
  long: {
    list: 'l',
    listfiles: 'L',
    status: 's',
    search: 'S',
    install: 'i',
    remove: 'r',
    purge: 'P',
    'print-architecture': 'arch',
  },
  usage: 'dpkg [<option>...] <command>',
  usageStatus: 2,
  version: "Debian 'dpkg' package management program version 1.21.22 (amd64).",
};

export const dpkg = tool('dpkg', spec, function* (self) {
  const database = packagesOf(kernelProcess(self.process));
  if (self.has('arch')) yield* self.print('amd64\n');
  else if (self.has('l')) return yield* list(self, database);
  else if (self.has('L')) return yield* listFiles(self, database);
  else if (self.has('s')) return yield* status(self, database);
  else if (self.has('S')) return yield* search(self, database);
  else if (self.has('i') || self.has('r') || self.has('P')) {
    yield* self.process.error('dpkg: error: requested operation requires superuser privilege\n');
    return 2;
  } else {
    yield* self.process.error(
      'dpkg: error: need an action option\n\nUse dpkg --help for help about installing and deinstalling packages [*];\n',
    );
    return 2;
  }
  return 0;
});

function* list(self: Tool, database: PackageDatabase): Task<number> {
  const all: [Package, string][] = [
    ...database.installed.map((one): [Package, string] => [one, 'ii']),
    ...database.leftovers.map((one): [Package, string] => [one, 'rc']),
  ];
  const patterns = self.operands.map((pattern) => ({ pattern, matches: glob(pattern) }));
  const rows = all
    .filter(([one]) => patterns.length === 0 || patterns.some(({ matches }) => matches(one.name)))
    .sort(([a], [b]) => (a.name < b.name ? -1 : 1));
  if (rows.length > 0)
    yield* self.print(LEGEND + table(rows, self.process.stdout.tty ? self.process.stdout.tty.columns : 0));
  let code = 0;
  for (const { pattern, matches } of patterns) {
    if (rows.some(([one]) => matches(one.name))) continue;
    yield* self.process.error(`dpkg-query: no packages found matching ${pattern}\n`);
    code = 1;
  }
  return code;
}

/** Columns at least 14, 12, 12 wide; the description takes what the terminal has left. */
function table(rows: readonly [Package, string][], columns: number): string {
  const width = (least: number, texts: string[]) => Math.max(least, ...texts.map((text) => text.length));
  const name = width(
    14,
    rows.map(([one]) => displayName(one)),
  );
  const version = width(
    12,
    rows.map(([one]) => one.version),
  );
  const left = Math.max(0, (columns || 80) - name - version - 12 - 7);
  const description =
    columns === 0
      ? width(
          left,
          rows.map(([one]) => one.description),
        )
      : left;
  const head =
    `||/ ${'Name'.padEnd(name)} ${'Version'.padEnd(version)} ${'Architecture'} ${'Description'.padEnd(columns === 0 ? 0 : 0)}`.trimEnd();
  const rule = `+++-${'='.repeat(name)}-${'='.repeat(version)}-${'='.repeat(12)}-${'='.repeat(description)}`;
  const body = rows.map(
    ([one, state]) =>
      `${state}  ${displayName(one).padEnd(name)} ${one.version.padEnd(version)} ${(one.architecture ?? 'amd64').padEnd(12)} ${one.description.slice(0, description)}`,
  );
  return `${[head, rule, ...body].join('\n')}\n`;
}

function* listFiles(self: Tool, database: PackageDatabase): Task<number> {
  for (const name of self.operands) {
    if (!database.has(name)) {
      yield* self.process.error(
        `dpkg-query: package '${name}' is not installed\nUse dpkg --contents (= dpkg-deb --contents) to list archive files contents.\n`,
      );
      return 1;
    }
    yield* self.print(
      database
        .files(CATALOGUE.get(name)!)
        .map((path) => `${path}\n`)
        .join(''),
    );
  }
  return 0;
}

function* status(self: Tool, database: PackageDatabase): Task<number> {
  for (const name of self.operands) {
    const one = CATALOGUE.get(name);
    if (!one || !database.has(name)) {
      yield* self.process.error(
        `dpkg-query: package '${name}' is not installed and no information is available\nUse dpkg --info (= dpkg-deb --info) to examine archive files.\n`,
      );
      return 1;
    }
    yield* self.print(
      `Package: ${one.name}\nStatus: install ok installed\nPriority: optional\nSection: ${one.section}\nInstalled-Size: ${one.installedSize}\nMaintainer: ${one.maintainer ?? 'Debian Maintainers'}\nArchitecture: ${one.architecture ?? 'amd64'}\nVersion: ${one.version}\n${one.depends?.length ? `Depends: ${one.depends.join(', ')}\n` : ''}Description: ${one.description}\n${one.homepage ? `Homepage: ${one.homepage}\n` : ''}`,
    );
  }
  return 0;
}

function* search(self: Tool, database: PackageDatabase): Task<number> {
  let code = 0;
  for (const pattern of self.operands) {
    const owners = database.installed.filter((one) => database.files(one).some((path) => path.includes(pattern)));
    for (const one of owners) {
      for (const path of database.files(one).filter((file) => file.includes(pattern)))
        yield* self.print(`${displayName(one)}: ${path}\n`);
    }
    if (owners.length > 0) continue;
    yield* self.process.error(`dpkg-query: no path found matching pattern *${pattern}*\n`);
    code = 1;
  }
  return code;
}

function glob(pattern: string): (name: string) => boolean {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${source}$`);
  return (name) => expression.test(name);
}
