/**
 * Runs before everything else, on whatever Node the machine has: installs what is missing, so that `npm start` and
 * `npm test` work in a bare clone. Plain JavaScript without dependencies, since none may be there yet.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const lock = join(root, 'package-lock.json');
/** npm leaves the tree it installed here; newer lock file, older tree: install again. */
const stamp = join(root, 'node_modules', '.bound-installed');

export function ready() {
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== readFileSync(lock, 'utf8')) install();
  const bundled = join(root, 'node_modules', 'node', 'bin', 'node');
  if (!existsSync(bundled))
    fail('Node 22 did not come with the installation (was it run with --ignore-scripts?). Run "npm ci" and try again.');
}

function install() {
  process.stderr.write('Installing what is missing (npm ci) …\n');
  const npm = process.env.npm_execpath;
  const [command, ...args] = npm ? [process.execPath, npm, 'ci'] : ['npm', 'ci'];
  const result = spawnSync(command, [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (result.status !== 0) fail('npm ci failed; its own words are above.');
  writeFileSync(stamp, readFileSync(lock, 'utf8'));
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

// The caller goes on with the Node just installed, by its path: the shell remembers where it found "node" before.
ready();
