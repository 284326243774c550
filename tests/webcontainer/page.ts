/** A lesson page that may go on in a WebContainer: its badge, and the learner's own terminal. */

import { expect, type Locator, type Page } from '@playwright/test';
import { LessonPage } from '../support/lab.ts';
import type { StandIn } from './standin.ts';

export class HostedPage extends LessonPage {
  /** What no path may leave behind. */
  readonly errors: string[] = [];

  constructor(page: Page) {
    super(page);
    page.on('pageerror', (error) => this.errors.push(error.message));
  }

  /** The client's frame comes from the stand-in instead of StackBlitz. */
  async framedBy(standIn: StandIn): Promise<this> {
    await this.page.addInitScript((url) => {
      (globalThis as { WEBCONTAINER_API_IFRAME_URL?: string }).WEBCONTAINER_API_IFRAME_URL = url;
    }, standIn.url);
    return this;
  }

  get badge(): Locator {
    return this.page.locator('.host-badge > summary');
  }

  async isInWebContainer(): Promise<void> {
    await expect(this.badge).toHaveText('in a WebContainer', { timeout: 45_000 });
  }

  /** Stays in the worker, works, and tells why in words; gives the error itself, one click away. */
  async saysWhy(words: string, timeout = 15_000): Promise<string> {
    await expect(this.page.locator('.host-badge')).toHaveAttribute('data-why', /./, { timeout });
    await expect(this.badge).toHaveText('in this tab');
    await this.badge.click();
    await expect(this.page.locator('.host-badge .why')).toContainText(words);
    await this.page.getByText('The error itself').click();
    const raw = this.page.locator('.host-badge .raw pre');
    await expect(raw).toBeVisible();
    const error = await raw.innerText();
    await this.page.keyboard.press('Escape');
    return error;
  }

  async works(word: string): Promise<void> {
    await this.type(`echo ${word}-$((6*7))`);
    await expect(this.screen).toContainText(`${word}-42`, { timeout: 10_000 });
    expect(this.errors).toEqual([]);
  }

  async openPrograms(): Promise<Locator> {
    await this.badge.click();
    await this.page.locator('.host-badge').getByRole('button', { name: 'Open your programs' }).click();
    await expect(this.programs).toContainText('❯', { timeout: 15_000 });
    return this.programs;
  }

  get programs(): Locator {
    return this.page.locator('.programs .xterm-rows');
  }

  async typeInPrograms(line: string): Promise<void> {
    await this.page.locator('.programs textarea').focus();
    await this.page.keyboard.type(`${line}\r`);
  }
}
