/** What a page complains of in its console, but for what the test expects. */

import type { Page } from '@playwright/test';

export function complaintsOf(page: Page, expected = /^$/): string[] {
  const complaints: string[] = [];
  const hear = (text: string) => {
    if (!expected.test(text)) complaints.push(text);
  };
  page.on('pageerror', (error) => hear(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') hear(`${message.text()} (${message.location().url})`);
  });
  return complaints;
}
