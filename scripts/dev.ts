/** `npm run dev [-- --content DIR [--with-course]]`: the site with reload on change, of one's own lessons too. */

import { spawn } from 'node:child_process';
import { takeContent } from './authoring/arguments.ts';

const rest = takeContent(process.argv.slice(2));
const server = spawn('npx', ['--no-install', 'astro', 'dev', ...rest], {
  stdio: 'inherit',
  env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1' },
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => server.kill(signal));
server.on('exit', (code) => process.exit(code ?? 0));
