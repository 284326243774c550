/** The site: static pages, Svelte for the lab beside the text, code coloured at build time. */

import './scripts/authoring/assembled.ts';
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import mdx from '@astrojs/mdx';
import svelte from '@astrojs/svelte';
import { defineConfig } from 'astro/config';
import { watchedLessons } from './scripts/authoring/watch.ts';
import { fenceAttributes } from './src/build/fence.ts';
import { siteFiles } from './src/build/integration.ts';
import { isolationHeaders } from './src/build/policy.ts';

const sandboxWorker = new URL('./sandbox/hosts/worker.ts', import.meta.url);
const echoWorker = new URL('./src/runtime/testing/echo-worker.ts', import.meta.url);
/** BOUND_SANDBOX=echo puts the test double behind the page, to work on the page alone. */
const worker = process.env.BOUND_SANDBOX === 'echo' ? echoWorker : sandboxWorker;
if (!existsSync(worker))
  throw new Error(`no sandbox at ${fileURLToPath(worker)}; BOUND_SANDBOX=echo builds without one`);

/**
 * Scripts and stylesheets name files from where they stand themselves: all are in one folder (src/build/addresses.ts has the
 * pages' part). Vite makes nothing relative while it builds for a server, as Astro lets it build the stylesheets.
 */
const renderBuiltUrl = (filename, { hostType }) => (hostType === 'css' ? basename(filename) : { relative: true });

export default defineConfig({
  integrations: [mdx(), svelte(), siteFiles(), watchedLessons()],
  server: { headers: isolationHeaders },
  trailingSlash: 'always',
  devToolbar: { enabled: false },
  build: { inlineStylesheets: 'never' },
  markdown: {
    shikiConfig: {
      themes: { light: 'github-light', dark: 'github-dark' },
      defaultColor: false,
      langAlias: { output: 'text' },
      transformers: [fenceAttributes()],
    },
  },
  vite: {
    // '' makes what is only in packages for course systems dead code.
    define: { 'import.meta.env.PUBLIC_COURSE': JSON.stringify(process.env.PUBLIC_COURSE ?? '') },
    resolve: { alias: [{ find: /^virtual:sandbox-worker/, replacement: fileURLToPath(worker) }] },
    worker: {
      format: 'es',
      // What the first prompts need is one file, though parts that come later share modules with it.
      rolldownOptions: {
        output: { codeSplitting: { groups: [{ name: 'sandbox', test: /sandbox\/hosts\/answer-channel/ }] } },
      },
    },
    // The Content-Security-Policy has no place for inline scripts. Browsers that know the stylesheets' light-dark() know modulepreload.
    build: { assetsInlineLimit: 0, modulePreload: { polyfill: false } },
    // What a lesson needs before one can type is one file, though parts that come later share modules with it: many small ones
    // are asked for, named and packed each for itself.
    environments: {
      client: {
        build: {
          rolldownOptions: {
            output: {
              codeSplitting: {
                groups: [
                  { name: 'svelte', test: /node_modules\/(svelte|clsx|esm-env)\//, priority: 3 },
                  {
                    // With what the teachers' page has in common with a lesson's: it must not come with the lesson's own script, which would run.
                    name: 'site',
                    test: /preload-helper|birpc\/|src\/(runtime\/(preferences|site|travel|theme|late-style|sandbox|announce|terminal\/(columns|toggle-key))|i18n\/(page|inline))\.ts/,
                    priority: 2,
                  },
                  // It waits for its language's file: those who need no words do not wait.
                  { name: 'words', test: /src\/runtime\/(words|progress)\.ts/, priority: 2 },
                  { name: 'early', test: /src\/runtime\/early\.ts/, priority: 2 },
                  { name: 'lab', test: /src\/runtime\/page\.ts/, priority: 1 },
                ],
              },
            },
          },
        },
      },
    },
    experimental: { renderBuiltUrl },
  },
});
