/**
 * Browser tests: `page` drives the site over the echoing test double, `lab` the built site over the real sandbox, `webcontainer`
 * the hand-over to a stand-in for StackBlitz's frame, `article` the whole course in one session and its replay in other hosts;
 * `anywhere` and `offline` serve dist/ themselves, in folders and frames, and not at all; `package` is the package in a page;
 * `course` plays the packages for course systems in such.
 */

import { defineConfig } from '@playwright/test';
import { arguments_ } from './support/chromium.ts';

const built = (kind: string) => `.cache/site-${kind}`;
/** The first of the ports; BOUND_TEST_PORT moves them, so that two checkouts can be tested at once. */
const first = Number(process.env.BOUND_TEST_PORT ?? 4410);
const port = { page: first, lab: first + 1, webcontainer: first + 2, article: first + 3 };
/** `--project=page` needs no built site: only the servers of the projects asked for are started. */
const asked = process.argv.flatMap((argument) => /^--project=(.*)/.exec(argument)?.[1] ?? []);
const wanted = (project: string) => asked.length === 0 || asked.includes(project);

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  fullyParallel: true,
  // tests/support/sample.ts
  ...(!process.env.BOUND_LONG && { grepInvert: /@long/ }),
  workers: 2,
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: arguments_,
    },
    permissions: ['clipboard-read', 'clipboard-write'],
    // Its answers would pass by what the tests intercept.
    serviceWorkers: 'block',
  },
  projects: [
    { name: 'page', testMatch: 'page/*.spec.ts', use: { baseURL: `http://localhost:${port.page}` } },
    { name: 'lab', testMatch: '{lab,journal}/*.spec.ts', use: { baseURL: `http://localhost:${port.lab}` } },
    {
      name: 'webcontainer',
      testMatch: 'webcontainer/*.spec.ts',
      use: { baseURL: `http://localhost:${port.webcontainer}` },
    },
    {
      name: 'article',
      testMatch: '{article,determinism}/*.spec.ts',
      use: { baseURL: `http://localhost:${port.article}` },
    },
    { name: 'anywhere', testMatch: 'anywhere/*.spec.ts', use: { serviceWorkers: 'allow' } },
    { name: 'offline', testMatch: 'offline/*.spec.ts', use: { serviceWorkers: 'allow' } },
    { name: 'package', testMatch: 'package/*.spec.ts' },
    { name: 'course', testMatch: 'course/*.spec.ts' },
  ],
  webServer: [
    {
      name: 'page',
      command: `BOUND_SANDBOX=echo BOUND_CONTENT=tests/fixtures/content npx astro build --outDir ${built('page')} && exec node scripts/serve.ts --dir ${built('page')} --port ${port.page}`,
      cwd: '..',
      port: port.page,
      timeout: 120_000,
    },
    {
      name: 'lab',
      command: `exec node scripts/serve.ts --port ${port.lab}`,
      cwd: '..',
      port: port.lab,
    },
    {
      name: 'article',
      command: `exec node scripts/serve.ts --port ${port.article}`,
      cwd: '..',
      port: port.article,
    },
    {
      name: 'webcontainer',
      command: `PUBLIC_SANDBOX_HOST=auto npx astro build --outDir ${built('webcontainer')} && exec node scripts/serve.ts --dir ${built('webcontainer')} --port ${port.webcontainer}`,
      cwd: '..',
      port: port.webcontainer,
      timeout: 120_000,
    },
  ].filter(({ name }) => wanted(name)),
});
