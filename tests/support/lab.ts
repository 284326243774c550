/** What every browser test says to a lesson page. */

import { expect, type Locator, type Page } from '@playwright/test';

export class LessonPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open(path: string): Promise<this> {
    await this.page.goto(path);
    await expect(this.screen).toContainText('#', { timeout: 20_000 });
    return this;
  }

  /** The terminal in front, as text. */
  get screen(): Locator {
    return this.page.locator('.host-terminal.front .xterm-rows');
  }

  get keyboard(): Locator {
    return this.page.locator('.host-terminal.front textarea');
  }

  step(id: string): Locator {
    return this.page.locator(`[data-step="${id}"]`);
  }

  async type(line: string): Promise<void> {
    await this.keyboard.focus();
    await this.page.keyboard.type(`${line}\r`);
  }
}
