/** `npm test`: everything, in the order that finds mistakes soonest. `node scripts/test.ts unit e2e` runs some of it, the browser tests then whole. */

import { spawnSync } from 'node:child_process';
import { realKubectl } from '../tests/conformance/real-kubectl.ts';
import { chromium } from './chromium.ts';

const STAGES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  types: [
    ['astro', 'sync'],
    ['tsc', '--noEmit'],
    ['astro', 'check', '--minimumSeverity', 'error'],
    ['svelte-check', '--threshold', 'error'],
  ],
  lint: [
    ['biome', 'check'],
    ['depcruise', 'sandbox', 'src', 'content', 'scripts', 'tests', '--config', '.dependency-cruiser.mjs'],
    ['knip', '--no-progress'],
  ],
  unit: [['vitest', 'run']],
  build: [['astro', 'build']],
  e2e: [['playwright', 'test', '--config', 'tests/playwright.config.ts']],
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(STAGES, name));
if (unknown.length > 0) {
  console.error(`No such stage: ${unknown.join(', ')} (there are: ${Object.keys(STAGES).join(', ')})`);
  process.exit(2);
}

// `npm run e2e` runs all there is; among everything else, what takes long is a fixed sample of itself.
if (wanted.includes('e2e')) process.env.BOUND_LONG ??= '1';

const names = wanted.length > 0 ? wanted : Object.keys(STAGES);
if (names.includes('e2e')) {
  const path = await chromium();
  if (!path) {
    console.error('The browser tests need Chromium: install it ("apt-get install chromium") or name one in CHROMIUM.');
    process.exit(1);
  }
  process.env.CHROMIUM = path;
}

if (names.includes('unit')) {
  try {
    realKubectl();
  } catch (error) {
    console.error(`The real kubectl cannot be fetched, so nothing is compared with it: ${(error as Error).message}`);
  }
}

for (const name of names) {
  for (const command of STAGES[name]!) {
    const started = Date.now();
    console.log(`\n── ${name}: ${command.join(' ')}`);
    const { status } = spawnSync('npx', ['--no-install', ...command], {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1' },
    });
    console.log(`── ${status === 0 ? 'passed' : 'failed'} after ${Math.round((Date.now() - started) / 1000)} s`);
    if (status !== 0) process.exit(status ?? 1);
  }
}
console.log('\nEverything passed.');
