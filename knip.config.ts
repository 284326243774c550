/** What nobody uses: files, exports, members and dependencies. Astro, Svelte, vitest and playwright have their entries from knip's own plugins. */

import type { KnipConfig } from 'knip';

export default {
  entry: [
    // Programs, started by their path.
    'scripts/*.{ts,mjs}',
    'scripts/openapi/read-go.ts',
    'sandbox/hosts/{lab,worker,webcontainer}.ts',
    // The package's entries.
    'sandbox/hosts/library/{index,cluster,vitest}.ts',
    'tests/conformance/static-client.ts',
    '**/testdata/record.mjs',
    // Files the browser or a WebContainer asks for by name.
    'src/runtime/testing/echo-worker.ts',
    'src/offline/service-worker.ts',
    'src/embed/element/bound-lab.ts',
    'src/work/*.mjs',
    'public/*.js',
    // Read by Astro's content collections.
    'content/**/*.mdx',
    'scripts/authoring/skeleton/*.mdx',
    'tests/fixtures/our-lessons/**/*.mdx',
    'tests/fixtures/content/**/*.mdx',
  ],
  project: [
    '{sandbox,src,scripts,tests,content}/**/*.{ts,mjs,js,svelte,astro,mdx}',
    '*.{ts,mjs}',
    '!tests/fixtures/import/**',
  ],
  playwright: { config: 'tests/playwright.config.ts', entry: 'tests/**/*.spec.ts' },
  // Astro brings it along, and its types with it.
  ignoreDependencies: ['vite'],
  ignoreBinaries: ['apt-get', 'script', 'unshare'],
  // A type that a file's own exports are made of is named for the reader.
  ignoreExportsUsedInFile: { interface: true, type: true },
} satisfies KnipConfig;
