/** Going through a page by keys alone. */

import type { Page } from '@playwright/test';

/** What has the keyboard, by its label and text. */
export const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement & Partial<HTMLInputElement>;
    return `${element.getAttribute('aria-label') ?? ''} ${(element.labels?.[0] ?? element).textContent ?? ''}`;
  });

/** Presses a key until what is looked for has the keyboard. */
export async function go(page: Page, key: string, to: RegExp): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    if (to.test(await focused(page))) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${key} does not lead to ${to}`);
}
