/** The package as `npm pack` packs it, installed without a network in an empty folder outside the project. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export interface Installed {
  readonly folder: string;
  /** Lets the folder have a package that the project has. */
  lend(name: string): void;
  remove(): void;
}

export function installPackage(): Installed {
  const folder = mkdtempSync(join(tmpdir(), 'bound-package-'));
  const npm = (cwd: string, ...args: string[]) =>
    execFileSync('npm', [...args, '--offline', '--no-audit', '--no-fund'], {
      cwd,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  const [packed] = JSON.parse(
    npm(root, 'pack', '--json', '--pack-destination', folder, '--loglevel', 'error').toString(),
  ) as { filename: string }[];
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }');
  npm(folder, 'install', `./${packed!.filename}`);
  return {
    folder,
    lend(name) {
      const to = join(folder, 'node_modules', name);
      mkdirSync(dirname(to), { recursive: true });
      symlinkSync(join(root, 'node_modules', name), to);
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
