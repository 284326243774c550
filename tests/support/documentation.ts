/** Somebody's documentation on another origin, and a reader of it who uses the labs in it. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
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

/** Serves one page; `headers` are those of its host. */
export async function documentation(
  where: Where,
  page: () => string,
  headers: Record<string, string> = {},
): Promise<Documentation> {
  const server = createServer((request, response) => {
    if (request.url === '/favicon.ico') return void response.writeHead(204).end();
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...headers });
    response.end(page());
  }).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  return {
    url: `http://${where}:${(server.address() as AddressInfo).port}/`,
    close: () => void server.close(),
  };
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
