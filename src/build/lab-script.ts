/** Makes `bound-lab.js`, which other pages load: one small script of its own, for browsers as they are (src/embed/element). */

import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const entry = fileURLToPath(new URL('../embed/element/bound-lab.ts', import.meta.url));

export async function addLabScript(dir: URL): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      outDir: fileURLToPath(dir),
      emptyOutDir: false,
      minify: true,
      rolldownOptions: { input: entry, output: { format: 'iife', entryFileNames: 'bound-lab.js' } },
    },
  });
}
