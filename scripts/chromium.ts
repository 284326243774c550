/** Finds a Chromium for the browser tests, or brings one: Debian's package, else Playwright's download. */

import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The path of its executable; undefined when none is there and none could be had. */
export async function chromium(): Promise<string | undefined> {
  return installed() ?? (await playwrights()) ?? fromDebian() ?? (await downloaded());
}

function installed(): string | undefined {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const folder of (process.env.PATH ?? '').split(delimiter))
    for (const name of NAMES) if (executable(join(folder, name))) return join(folder, name);
  return undefined;
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function playwrights(): Promise<string | undefined> {
  const { chromium: browser } = await import('@playwright/test');
  const path = browser.executablePath();
  return path && existsSync(path) ? path : undefined;
}

function fromDebian(): string | undefined {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined;
  console.error('No Chromium here: installing Debian’s package …');
  const apt = (...args: string[]) =>
    spawnSync('apt-get', args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0;
  return apt('update') && apt('install', '-y', '--no-install-recommends', 'chromium') ? installed() : undefined;
}

async function downloaded(): Promise<string | undefined> {
  console.error('Trying Playwright’s own Chromium …');
  const result = spawnSync('npx', ['playwright', 'install', 'chromium'], { stdio: ['ignore', 'ignore', 'inherit'] });
  return result.status === 0 ? playwrights() : undefined;
}
