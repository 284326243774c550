/** Writes `dist/_headers` for static hosts that read one (Cloudflare Pages, Netlify): the same as `scripts/serve.ts` sends. */

import { writeFile } from 'node:fs/promises';
import type { AstroIntegration } from 'astro';
import { immutablePath, securityHeaders } from './policy.ts';

export function headersFile(): AstroIntegration {
  return {
    name: 'headers-file',
    hooks: {
      'astro:build:done': ({ dir }) => writeFile(new URL('_headers', dir), text()),
    },
  };
}

function text(): string {
  const lines = Object.entries(securityHeaders).map(([name, value]) => `  ${name}: ${value}`);
  return ['/*', ...lines, `${immutablePath}*`, '  Cache-Control: public, max-age=31536000, immutable', ''].join('\n');
}
