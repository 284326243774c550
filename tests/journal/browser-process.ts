/** A Chromium of its own process and profile, that can be killed and started again. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Browser, chromium, type Page } from '@playwright/test';
import { arguments_ } from '../support/chromium.ts';

export class BrowserProcess {
  readonly #profile = mkdtempSync(join(tmpdir(), 'bound-kills-'));
  #process: ChildProcess | undefined;
  #browser: Browser | undefined;

  /** Starts it, if it does not run, and opens a page. */
  async page(): Promise<Page> {
    this.#browser ??= await this.#start();
    const [context] = this.#browser.contexts();
    const page = await context!.newPage();
    // A tab behind another one draws nothing.
    await page.bringToFront();
    return page;
  }

  /** SIGKILL to the browser and all its processes. */
  async kill(): Promise<void> {
    const { pid } = this.#process!;
    const over = once(this.#process!, 'exit');
    process.kill(-pid!, 'SIGKILL');
    await over;
    this.#process = this.#browser = undefined;
  }

  async close(): Promise<void> {
    if (this.#process) await this.kill();
    // Its helpers may take a moment to let go of their files.
    await wait(300);
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  async #start(): Promise<Browser> {
    const portFile = join(this.#profile, 'DevToolsActivePort');
    rmSync(portFile, { force: true });
    const args = [
      ...arguments_,
      '--headless=new',
      '--no-first-run',
      '--window-size=1600,1000',
      '--disable-session-crashed-bubble',
      '--remote-debugging-port=0',
      `--user-data-dir=${this.#profile}`,
      'about:blank',
    ];
    // A process group of its own: killed as a whole.
    this.#process = spawn(process.env.CHROMIUM ?? '/usr/bin/chromium', args, { stdio: 'ignore', detached: true });
    for (let i = 0; i < 300; i++) {
      await wait(100);
      try {
        const [port] = readFileSync(portFile, 'utf8').split('\n');
        return await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
      } catch {
        // Not there yet.
      }
    }
    throw new Error('Chromium did not come up');
  }
}
