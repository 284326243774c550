/** Measures the built page in Chromium: from navigation to an answered command, from key to echo, and what each file weighs (`npm run build` first). */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type Browser, type BrowserContext, chromium as browserType, type Page } from '@playwright/test';
import { chromium } from './chromium.ts';

const LESSON = '/en/lessons/the-lab/';
const VISITS = 5;
const KEYS = 60;

const server = spawn(
  process.execPath,
  [fileURLToPath(new URL('./serve.ts', import.meta.url)), '--port', '0', ...process.argv.slice(2)],
  {
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
try {
  const site = await address(server);
  const executablePath = await chromium();
  const browser = await browserType.launch({ ...(executablePath && { executablePath }), args: ['--no-sandbox'] });
  process.stdout.write(`${JSON.stringify(await measure(browser, site), undefined, 2)}\n`);
  await browser.close();
} finally {
  server.kill();
}

async function address({ stdout }: ChildProcess): Promise<string> {
  const [line] = (await once(stdout!, 'data')) as [Buffer];
  return line.toString().trim().replace(/\/$/, '');
}

async function measure(browser: Browser, site: string) {
  // What a first visit needs is weighed, not what the service worker keeps for later ones.
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const files = await weights(context, site);
  const visits: Awaited<ReturnType<typeof visit>>[] = [];
  for (let i = 0; i < VISITS; i++) visits.push(await visit(context, site));
  const least = (what: keyof (typeof visits)[number]) => Math.min(...visits.map((one) => one[what]));
  return {
    machine: `${process.platform}, Chromium ${browser.version()}`,
    milliseconds: {
      toPrompt: least('prompt'),
      toAnsweredCommand: least('answer'),
      keyToEchoP50: least('echo50'),
      keyToEchoP99: least('echo99'),
    },
    gzipBytes: { ...totals(files), files },
  };
}

/** The first visit: its cache is cold, and every answer is weighed. */
async function weights(context: BrowserContext, site: string): Promise<Record<string, number>> {
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
  await screenHas(page, '#');
  await page.waitForLoadState('networkidle');
  await Promise.all(weighed);
  context.removeAllListeners('response');
  await page.close();
  return Object.fromEntries(Object.entries(files).sort(([, a], [, b]) => b - a));
}

function totals(files: Record<string, number>) {
  const sum = (names: RegExp) =>
    Object.entries(files).reduce((total, [name, bytes]) => total + (names.test(name) ? bytes : 0), 0);
  return { everything: sum(/./), scriptsAndStyles: sum(/\.(js|css)$/) };
}

/** A visit with a warm cache; times since the navigation began. */
async function visit(context: BrowserContext, site: string) {
  const page = await context.newPage();
  const started = performance.now();
  await page.goto(`${site}${LESSON}`, { waitUntil: 'commit' });
  await screenHas(page, '#');
  const prompt = Math.round(performance.now() - started);
  await page.locator('.host-terminal.front textarea').focus();
  await page.keyboard.insertText('echo $((6*7))1234');
  await page.keyboard.press('Enter');
  await screenHas(page, '421234');
  const answer = Math.round(performance.now() - started);
  const echoes = await page.evaluate(keysToEchoes, KEYS);
  await page.close();
  return { prompt, answer, echo50: at(echoes, 0.5), echo99: at(echoes, 0.99) };
}

function at(sorted: readonly number[], part: number): number {
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]! * 10) / 10;
}

function screenHas(page: Page, text: string) {
  return page.waitForFunction(
    (wanted) => document.querySelector('.host-terminal.front .xterm-rows')?.textContent?.includes(wanted),
    text,
    { polling: 'raf' },
  );
}

/** Runs in the page: types one letter after the other and waits for the screen to change. */
async function keysToEchoes(count: number): Promise<number[]> {
  const rows = document.querySelector('.host-terminal.front .xterm-rows')!;
  const keyboard = document.querySelector<HTMLTextAreaElement>('.host-terminal.front textarea')!;
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const changed = new Promise<number>((resolve) => {
      const observer = new MutationObserver(() => {
        observer.disconnect();
        resolve(performance.now());
      });
      observer.observe(rows, { subtree: true, childList: true, characterData: true });
    });
    const pressed = performance.now();
    const key = 'abcdefgh'[i % 8]!;
    keyboard.dispatchEvent(
      new KeyboardEvent('keypress', {
        key,
        charCode: key.charCodeAt(0),
        bubbles: true,
        cancelable: true,
      } as KeyboardEventInit),
    );
    keyboard.value = key;
    keyboard.dispatchEvent(
      new InputEvent('input', { data: key, inputType: 'insertText', bubbles: true, composed: true }),
    );
    times.push((await changed) - pressed);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  return times.sort((a, b) => a - b);
}
