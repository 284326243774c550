/** Our kubectl as one file, so that it starts quickly, in a folder for PATH. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const CACHE = fileURLToPath(new URL('../../.cache/our-kubectl/', import.meta.url));
const BIN = join(CACHE, 'bin');

/** The folder that holds `kubectl`. */
export async function ourKubectl(): Promise<string> {
  await build({
    entryPoints: [fileURLToPath(new URL('../../sandbox/hosts/lab.ts', import.meta.url))],
    outdir: CACHE,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  mkdirSync(BIN, { recursive: true });
  const script = `#!/bin/sh\nNODE_COMPILE_CACHE='${CACHE}compiled' exec '${process.execPath}' '${CACHE}lab.mjs' kubectl "$@"\n`;
  writeFileSync(join(BIN, 'kubectl'), script, { mode: 0o755 });
  return BIN;
}
