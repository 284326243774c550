/**
 * Tries the recipes of docs/embedding-lab.md (`npm run build` first): `node scripts/documentation.ts [--scratch DIR] [TOOL…]` writes each
 * tool's page into DIR (outside of this repository), builds it with that tool, and uses its two labs in Chromium, from another origin, with
 * the storage of frames kept and refused. A line of JSON for each; exit code 1 when one does not work, 2 when it is called wrongly.
 *
 * Docusaurus is installed into DIR by npm, unless it is there; `mkdocs` is Debian's (or pip's), Astro this repository's.
 */

import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium as browserType } from '@playwright/test';
import { complaintsOf } from '../tests/support/complaints.ts';
import { documentation, readRecipe, recipe, type Where } from '../tests/support/documentation.ts';
import { serve } from '../tests/support/site.ts';
import { chromium } from './chromium.ts';

const HERE = resolve(import.meta.dirname, '..');
const DOCUSAURUS = ['@docusaurus/core@3.10.2', '@docusaurus/preset-classic@3.10.2', 'react@19', 'react-dom@19'];

/** What tools fetch for their pages from hosts of others (fonts, highlight.js) is not here where there is no network. */
const NOT_OURS = /fonts\.g|cdnjs|jsdelivr|ERR_NAME_NOT_RESOLVED|ERR_INTERNET_DISCONNECTED|hljs is not defined|favicon/;

/** How each is built in its folder, and where its pages are then. */
const tools: Readonly<Record<string, (folder: string) => string>> = {
  html: (folder) => folder,
  docusaurus(folder) {
    if (!existsSync(join(folder, 'node_modules/@docusaurus/core'))) {
      writeFileSync(join(folder, 'package.json'), '{ "private": true }');
      run(folder, 'npm', 'install', '--no-audit', '--no-fund', ...DOCUSAURUS);
    }
    run(folder, 'npx', '--no-install', 'docusaurus', 'build');
    return join(folder, 'build');
  },
  mkdocs(folder) {
    run(folder, 'mkdocs', 'build', '--quiet');
    return join(folder, 'site');
  },
  astro(folder) {
    if (!existsSync(join(folder, 'node_modules')))
      symlinkSync(join(HERE, 'node_modules'), join(folder, 'node_modules'));
    run(folder, join(HERE, 'node_modules/.bin/astro'), 'build');
    return join(folder, 'dist');
  },
};

const { values, positionals } = read();

/** Ends with exit code 2 where there is no such option, or no such tool. */
function read() {
  try {
    const given = parseArgs({ options: { scratch: { type: 'string' } }, allowPositionals: true });
    const unknown = given.positionals.find((tool) => !Object.hasOwn(tools, tool));
    if (unknown === undefined) return given;
    throw new Error(`There is no recipe for "${unknown}"; there are: ${Object.keys(tools).join(', ')}.`);
  } catch (error) {
    console.error((error as Error).message);
    process.exit(2);
  }
}

const scratch = resolve(values.scratch ?? mkdtempSync(join(tmpdir(), 'bound-documentation-')));
const site = await serve('--frame-ancestors', 'http://127.0.0.1:* http://localhost:*');
const browser = await browserType.launch({ executablePath: await chromium(), args: ['--no-sandbox'] });
try {
  for (const tool of positionals.length > 0 ? positionals : Object.keys(tools)) await tryTool(tool);
} finally {
  await browser.close();
  await site.stop();
  if (values.scratch === undefined) rmSync(scratch, { recursive: true, force: true });
}

function run(cwd: string, command: string, ...given: string[]): void {
  const { status, error, stdout, stderr } = spawnSync(command, given, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${given.join(' ')}: ${error ?? `${stdout}${stderr}`.trim()}`);
}

/** The files are written anew: as the document says now. */
async function tryTool(tool: string): Promise<void> {
  const folder = join(scratch, tool);
  let pages: string;
  try {
    for (const [name, text] of recipe(tool, site.url)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    pages = tools[tool]!(folder);
  } catch (error) {
    return tell({ tool, works: false, problem: String(error) });
  }
  for (const where of ['localhost', '127.0.0.1'] as const) await tryPages(tool, pages, where);
}

async function tryPages(tool: string, pages: string, where: Where): Promise<void> {
  const docs = await documentation(where, (path) => fileOf(pages, path));
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 } });
  const page = await context.newPage();
  const complaints = complaintsOf(page, NOT_OURS);
  try {
    const { storage } = await readRecipe(page, docs.url);
    tell({
      tool,
      from: docs.url,
      lab: site.url,
      storage: storage ? 'kept' : 'refused',
      works: complaints.length === 0,
      complaints,
    });
  } catch (error) {
    tell({ tool, from: docs.url, works: false, problem: String(error), complaints });
  }
  await page.screenshot({ path: join(scratch, `${tool}-${where}.png`), fullPage: true });
  await context.close();
  docs.close();
}

function fileOf(pages: string, path: string): Buffer | undefined {
  const file = join(pages, path, path.endsWith('/') ? 'index.html' : '');
  return statSync(file, { throwIfNoEntry: false })?.isFile() ? readFileSync(file) : undefined;
}

function tell(result: { readonly works: boolean } & Readonly<Record<string, unknown>>): void {
  console.log(JSON.stringify(result));
  if (!result.works) process.exitCode = 1;
}
