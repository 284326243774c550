/**
 * Browser tests: `page` drives the site over the echoing test double, `lab` the built site over the real sandbox, `webcontainer`
 * the hand-over to a stand-in for StackBlitz's frame.
 */

import { defineConfig } from '@playwright/test';

const built = (kind: string) => `.cache/site-${kind}`;
const port = { page: 4410, lab: 4411, webcontainer: 4412 };
/** `--project=page` needs no built site. */
const wanted = (project: string) =>
  !process.argv.some((a) => a.startsWith('--project=') && a !== `--project=${project}`);

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  fullyParallel: true,
  workers: 2,
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-background-networking'],
    },
    permissions: ['clipboard-read', 'clipboard-write'],
  },
  projects: [
    { name: 'page', testMatch: 'page/*.spec.ts', use: { baseURL: `http://localhost:${port.page}` } },
    { name: 'lab', testMatch: 'lab/*.spec.ts', use: { baseURL: `http://localhost:${port.lab}` } },
    {
      name: 'webcontainer',
      testMatch: 'webcontainer/*.spec.ts',
      use: { baseURL: `http://localhost:${port.webcontainer}` },
    },
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
      name: 'webcontainer',
      command: `PUBLIC_SANDBOX_HOST=auto npx astro build --outDir ${built('webcontainer')} && exec node scripts/serve.ts --dir ${built('webcontainer')} --port ${port.webcontainer}`,
      cwd: '..',
      port: port.webcontainer,
      timeout: 120_000,
    },
  ].filter(({ name }) => wanted(name)),
});
