/**
 * Measures the built page in Chromium: from navigation to an answered command, from key to echo, and what each file weighs
 * (`npm run build` first). `node scripts/measure-page.ts [DIR…]` measures several builds side by side, their visits in turn.
 *
 * The browser has a profile on the disk, as a reader's has: V8 keeps compiled scripts there from the third visit on
 * (v8.dev/blog/code-caching-for-devs). Keys come at random moments of a frame. Times are medians over the visits.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type BrowserContext, chromium as browserType } from '@playwright/test';
import { chromium } from './chromium.ts';

const LESSON = '/en/lessons/the-lab/';
/** A script is compiled to the cache on its second visit and read from it on the third. */
const WARMING = 3;
const VISITS = Number(process.env.VISITS ?? 9);
const KEYS = 60;

const executablePath = await chromium();
const folders = process.argv.slice(2);
if (folders.length === 0) folders.push(fileURLToPath(new URL('../dist', import.meta.url)));
const subjects = await Promise.all(folders.map(open));
try {
  for (let i = 0; i < WARMING; i++) for (const subject of subjects) await visit(subject);
  for (let i = 0; i < VISITS; i++) for (const subject of subjects) subject.visits.push(await visit(subject));
  const results = [];
  for (const subject of subjects) results.push(await summary(subject));
  process.stdout.write(`${JSON.stringify(results.length === 1 ? results[0] : results, undefined, 2)}\n`);
} finally {
  for (const { context, server, profile } of subjects) {
    await context.close();
    server.kill();
    rmSync(profile, { recursive: true, force: true });
  }
}

interface Visit {
  readonly prompt: number;
  readonly answer: number;
  readonly echoes: readonly number[];
}

interface Subject {
  readonly folder: string;
  readonly server: ChildProcess;
  readonly site: string;
  readonly profile: string;
  readonly context: BrowserContext;
  readonly visits: Visit[];
}

/** A build, served, and a browser with a profile of its own. */
async function open(folder: string): Promise<Subject> {
  const script = fileURLToPath(new URL('./serve.ts', import.meta.url));
  const server = spawn(process.execPath, [script, '--port', '0', '--dir', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(server.stdout!, 'data')) as [Buffer];
  const site = line.toString().trim().replace(/\/$/, '');
  const profile = mkdtempSync(join(tmpdir(), 'bound-profile-'));
  const context = await browserType.launchPersistentContext(profile, {
    ...(executablePath && { executablePath }),
    args: ['--no-sandbox', '--disable-background-networking'],
    // What a visit needs is measured, not what the service worker keeps for later ones meanwhile.
    serviceWorkers: 'block',
  });
  await context.addInitScript(watchScreen);
  return { folder, server, site, profile, context, visits: [] };
}

async function visit({ context, site }: Subject): Promise<Visit> {
  const page = await context.newPage();
  await page.goto(`${site}${LESSON}`, { waitUntil: 'commit' });
  const { prompt, answer } = await page.evaluate(() => (window as unknown as Watched).firstCommand);
  const echoes = await page.evaluate(keysToEchoes, KEYS);
  // Nobody's session is gone on with: each visit is of a reader who comes for the first time.
  await page.evaluate(forget);
  await page.close();
  return { prompt, answer, echoes };
}

async function summary({ folder, site, context, visits }: Subject) {
  const all = (of: (visit: Visit) => number | readonly number[]) => visits.flatMap(of).sort((a, b) => a - b);
  const echoes = all(({ echoes }) => echoes);
  return {
    folder,
    machine: `${process.platform}, Chromium ${context.browser()?.version() ?? ''}`,
    milliseconds: {
      toPrompt: at(
        all(({ prompt }) => prompt),
        0.5,
      ),
      toAnsweredCommand: at(
        all(({ answer }) => answer),
        0.5,
      ),
      keyToEchoP50: at(echoes, 0.5),
      keyToEchoP99: at(echoes, 0.99),
    },
    gzipBytes: await weights(context, site),
  };
}

function at(sorted: readonly number[], part: number): number {
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]! * 10) / 10;
}

/** What comes over the network on a visit, and what of it the page's own thread had asked for when one could type. */
async function weights(context: BrowserContext, site: string) {
  const page = await context.newPage();
  const files: Record<string, number> = {};
  const weighed: Promise<void>[] = [];
  context.on('response', (response) => {
    const { pathname } = new URL(response.url());
    weighed.push(
      response.body().then(
        (body) => {
          files[pathname] = /\.woff2$/.test(pathname) ? body.length : gzipSync(body).length;
        },
        () => undefined,
      ),
    );
  });
  await page.goto(`${site}${LESSON}`);
  const { asked } = await page.evaluate(() => (window as unknown as Watched).firstCommand);
  await page.waitForLoadState('networkidle');
  await Promise.all(weighed);
  context.removeAllListeners('response');
  await page.close();
  const sum = (names: readonly string[]) => names.reduce((total, name) => total + (files[name] ?? 0), 0);
  const code = (names: readonly string[]) => names.filter((name) => /\.(js|css)$/.test(name));
  // What the worker imports is listed among a page's own; Vite names a worker's files with a hyphen before the hash.
  const own = code(asked).filter((name) => !/-[\w-]{8}\.js$/.test(name));
  return {
    everything: sum(Object.keys(files)),
    scriptsAndStyles: sum(code(Object.keys(files))),
    scriptsAndStylesBeforeTyping: sum(own),
    files: Object.fromEntries(Object.entries(files).sort(([, a], [, b]) => b - a)),
  };
}

type Watched = Window & {
  /** Milliseconds since the navigation began, and the paths of what this thread had asked for at the prompt. */
  firstCommand: Promise<{ prompt: number; answer: number; asked: string[] }>;
  /** As a keyboard would: what xterm hears of a key. */
  press(key: string): void;
};

/** Runs in every page before its own scripts. */
function watchScreen(): void {
  const watched = window as unknown as Watched;
  const screen = () => document.querySelector('.host-terminal.front .xterm-rows')?.textContent ?? '';
  const shown = (text: string) =>
    new Promise<number>((resolve) => {
      // Not at the next frame: what the page asks for once one can type would be counted as asked for before.
      const observer = new MutationObserver(() => {
        if (!screen().includes(text)) return;
        observer.disconnect();
        resolve(performance.now());
      });
      observer.observe(document, { subtree: true, childList: true, characterData: true });
    });
  watched.press = (key) => {
    const keyboard = document.querySelector<HTMLTextAreaElement>('.host-terminal.front textarea')!;
    if (key === '\r') {
      keyboard.dispatchEvent(
        new KeyboardEvent('keydown', {
          key: 'Enter',
          keyCode: 13,
          bubbles: true,
          cancelable: true,
        } as KeyboardEventInit),
      );
      return;
    }
    const init = { key, charCode: key.charCodeAt(0), bubbles: true, cancelable: true } as KeyboardEventInit;
    keyboard.dispatchEvent(new KeyboardEvent('keypress', init));
    keyboard.value = key;
    keyboard.dispatchEvent(
      new InputEvent('input', { data: key, inputType: 'insertText', bubbles: true, composed: true }),
    );
  };
  watched.firstCommand = shown('#').then(async (prompt) => {
    const asked = performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname);
    for (const key of 'echo $((6*7))1234\r') watched.press(key);
    return { prompt, answer: await shown('421234'), asked };
  });
}

/** Runs in the page: types one letter after the other, at random moments, and waits for the screen to change. */
async function keysToEchoes(count: number): Promise<number[]> {
  const rows = document.querySelector('.host-terminal.front .xterm-rows')!;
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    await new Promise((resolve) => setTimeout(resolve, 30 + Math.random() * 34));
    const changed = new Promise<number>((resolve) => {
      const observer = new MutationObserver(() => {
        observer.disconnect();
        resolve(performance.now());
      });
      observer.observe(rows, { subtree: true, childList: true, characterData: true });
    });
    const pressed = performance.now();
    (window as unknown as Watched).press('abcdefgh'[i % 8]!);
    times.push((await changed) - pressed);
  }
  return times.sort((a, b) => a - b);
}

/** Runs in the page: what it would keep for the next visit goes. */
async function forget(): Promise<void> {
  localStorage.clear();
  sessionStorage.clear();
  for (const { name } of await indexedDB.databases()) if (name) indexedDB.deleteDatabase(name);
}
