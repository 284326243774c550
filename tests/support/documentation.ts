/** Somebody's documentation on another origin, and a reader of it who uses the labs in it. */

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { expect, type Frame, type Locator, type Page } from '@playwright/test';

export interface Documentation {
  readonly url: string;
  close(): void;
}

/**
 * Of another origin than the lab's, which is on localhost: at another port of the same host, or at 127.0.0.1, which is another site to a
 * browser; the one that tests run in refuses storage to frames of those.
 */
export type Where = 'localhost' | '127.0.0.1';

/** Serves what `pages` gives for a path; `headers` are those of its host. */
export async function documentation(
  where: Where,
  pages: (path: string) => string | Buffer | undefined,
  headers: Record<string, string> = {},
): Promise<Documentation> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://docs');
    const page = pages(pathname);
    const type = types[extname(pathname)] ?? 'text/html; charset=utf-8';
    response.writeHead(page === undefined ? 404 : 200, { 'Content-Type': type, ...headers }).end(page);
  }).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  return {
    url: `http://${where}:${(server.address() as AddressInfo).port}/`,
    close: () => void server.close().closeAllConnections(),
  };
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

/** Where the site lies in the recipes of docs/embedding-lab.md. */
const ANYWHERE = 'https://bound.example/';

/** The files of a recipe of docs/embedding-lab.md, by their names below its folder; they are for the site at `lab`. */
export function recipe(tool: string, lab: string): Map<string, string> {
  const page = readFileSync(join(import.meta.dirname, '../../docs/embedding-lab.md'), 'utf8');
  const blocks = [...page.matchAll(/^(`{3,})\w+ (\S+)\n(.*?)^\1$/gms)];
  return new Map(
    blocks
      .filter(([, , name]) => name!.startsWith(`${tool}/`))
      .map(([, , name, text]) => [name!.slice(tool.length + 1), text!.replaceAll(ANYWHERE, lab)]),
  );
}

/** What a reader of a recipe's page does: both labs run, each what its block says. Throws where something is not as it should be. */
export async function readRecipe(page: Page, url: string): Promise<{ storage: boolean }> {
  await page.goto(url);
  const first = await LabInPage.at(page, 0);
  const storage = await first.frame.evaluate(() => {
    try {
      return localStorage.length >= 0;
    } catch {
      return false;
    }
  });
  await expect(page.locator('.bound-run')).toHaveCount(2);
  await page.getByRole('button', { name: 'run on master01, in the lab' }).click();
  await first.shows(/\$?kubectl get pv\nNAME .*\npv0001 +1Gi +RWO.*\n.*#$/);
  const second = await LabInPage.at(page, 1);
  await page.getByRole('button', { name: 'run on nfs, in the lab' }).click();
  await second.shows(/cat \/etc\/exports\n\/mnt\/nfsserv/);
  expect(await first.text()).not.toContain('/etc/exports');
  await first.element.scrollIntoViewIfNeeded();
  // A narrow column has one line for the checkpoints.
  const unfold = first.frame.getByRole('button', { name: 'Show all' });
  if (await unfold.isVisible()) await unfold.click();
  await first.frame.getByRole('button', { name: 'Show me' }).click();
  await expect(first.frame.locator('.checkpoints')).toHaveAttribute('data-passed', '', { timeout: 30_000 });
  await expect(second.frame.locator('.checkpoints')).not.toHaveAttribute('data-passed');
  return { storage };
}

/** One of the page's labs, as its reader has it. */
export class LabInPage {
  readonly element: Locator;
  readonly frame: Frame;

  private constructor(element: Locator, frame: Frame) {
    this.element = element;
    this.frame = frame;
  }

  /** Scrolls to it, and waits until one can type. */
  static async at(page: Page, index: number): Promise<LabInPage> {
    const element = page.locator('bound-lab').nth(index);
    await element.scrollIntoViewIfNeeded();
    const frame = (await (await element.locator('iframe').elementHandle())!.contentFrame())!;
    const lab = new LabInPage(element, frame);
    await lab.shows(/#$/);
    return lab;
  }

  async text(): Promise<string> {
    const rows = await this.frame
      .locator('.host-terminal.front .xterm-rows > div')
      .evaluateAll((all) => all.map((row) => row.textContent ?? ''));
    return rows
      .map((row) => row.replaceAll('\u00a0', ' ').trimEnd())
      .join('\n')
      .trimEnd();
  }

  async shows(text: string | RegExp): Promise<void> {
    const expected = typeof text === 'string' ? expect.stringContaining(text) : expect.stringMatching(text);
    await expect(async () => expect(await this.text()).toEqual(expected)).toPass({ timeout: 60_000 });
  }
}

/** The button that the script has put behind a block. */
export const runButton = (page: Page, block: string): Locator =>
  page.locator('pre', { hasText: block }).locator('xpath=following-sibling::button[1]');
