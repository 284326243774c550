/** `npm test`: everything, in the order that finds mistakes soonest. `node scripts/test.ts unit e2e` runs some of it, its tests then whole. */

import { spawn } from 'node:child_process';
import { realKubectl } from '../tests/conformance/real-kubectl.ts';
import { chromium } from './chromium.ts';

type Command = readonly string[];
/** Commands one after the other; those of a list run beside each other. */
const STAGES: Readonly<Record<string, readonly (Command | readonly Command[])[]>> = {
  types: [
    ['astro', 'sync'],
    // Each looks at its own files: with all of TypeScript in each, the same took four times as long.
    [
      ['tsc', '--noEmit'],
      ['astro', 'check', '--minimumSeverity', 'error', '--tsconfig', 'tsconfig.astro.json'],
      ['svelte-check', '--threshold', 'error', '--tsconfig', './tsconfig.svelte.json'],
    ],
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

// `npm run unit` and `npm run e2e` run all there is; among everything else, what takes long is a fixed sample of itself.
if (wanted.includes('unit') || wanted.includes('e2e')) process.env.BOUND_LONG ??= '1';

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
  for (const step of STAGES[name]!) {
    const together = step.every((part) => typeof part !== 'string');
    const status = together ? await runTogether(name, step) : await run(name, step as Command, 'inherit');
    if (status !== 0) process.exit(status);
  }
}
console.log('\nEverything passed.');

/** Whatever they print comes when they have ended, one after the other. */
async function runTogether(name: string, commands: readonly Command[]): Promise<number> {
  const statuses = await Promise.all(commands.map((command) => run(name, command, 'pipe')));
  return statuses.find((status) => status !== 0) ?? 0;
}

/** The command's exit status. */
function run(name: string, command: Command, output: 'inherit' | 'pipe'): Promise<number> {
  const started = Date.now();
  const title = `\n── ${name}: ${command.join(' ')}`;
  if (output === 'inherit') console.log(title);
  const child = spawn('npx', ['--no-install', ...command], {
    stdio: ['ignore', output, output],
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1' },
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (printed += data));
  return new Promise((resolve) => {
    child.on('close', (code) => {
      if (output === 'pipe') console.log(`${title}\n${printed}`);
      console.log(`── ${code === 0 ? 'passed' : 'failed'} after ${Math.round((Date.now() - started) / 1000)} s`);
      resolve(code ?? 1);
    });
  });
}
