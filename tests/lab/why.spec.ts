/** Asking why, from the picture and from a red checkpoint, to the cause: by keyboard, in both languages, without a finding of axe. */

import AxeBuilder from '@axe-core/playwright';
import { LessonPage } from '../support/lab.ts';
import { expect, type Page, test } from '../support/profile.ts';
import { sampled } from '../support/sample.ts';

const WRONG_CLASS =
  "sed 's/slow/fast/' /root/kube_yaml/persistent_volume/persistent_volume_claims.yaml | kubectl create -f -";

async function axe(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).include('.why-panel').analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

for (const [language, words] of sampled([
  ['en', { ask: /^Why\?/, of: 'Why is test-claim as it is?', cause: 'there is no StorageClass fast', you: 'you' }],
  [
    'ja',
    { ask: /^なぜ\?/, of: 'test-claimがこの状態である理由', cause: 'StorageClass fastもありません', you: 'あなた' },
  ],
] as const))
  test(`from a claim to the class that does not exist (${language})`, async ({ page }) => {
    test.setTimeout(60_000);
    const lesson = await new LessonPage(page).open(`/${language}/lessons/claim/`);
    const start = lesson.step('create').locator('[data-start-here]');
    await start.click();
    const checkpoint = lesson.step('create').locator('[data-checkpoint="claim-bound"]');
    await expect(checkpoint).toBeVisible({ timeout: 20_000 });
    await lesson.type(WRONG_CLASS);

    // From the checkpoint, by keyboard.
    const ask = checkpoint.getByRole('button', { name: words.ask });
    await expect(ask).toBeVisible({ timeout: 20_000 });
    await expect(checkpoint.locator('[data-reason]')).toContainText('fast', { timeout: 20_000 });
    await ask.focus();
    await page.keyboard.press('Enter');
    const panel = page.getByRole('dialog');
    await expect(panel.locator('.cause')).toContainText(words.cause);
    await expect(panel.getByRole('heading', { level: 2 })).toBeFocused();
    const first = panel.locator('.why-links li').first();
    await expect(first).toContainText(words.you);
    await expect(first.locator('code')).toHaveText(WRONG_CLASS);
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(panel).toBeHidden();
    await expect(ask).toBeFocused();

    // From the picture, and on to the volume that does not fit; and back.
    await page.locator(`.picture .why`).filter({ hasText: words.of }).focus();
    await page.keyboard.press('Enter');
    await expect(panel.locator('.cause')).toContainText(words.cause);
    await panel
      .locator('.why-waits')
      .getByRole('button', { name: /pv0001/ })
      .click();
    await expect(panel.getByRole('heading', { level: 2 })).toContainText('pv0001');
    await panel.locator('.dialog-actions button').first().click();
    await expect(panel.getByRole('heading', { level: 2 })).toContainText('test-claim');
    await expect(panel.locator('.cause')).toContainText(words.cause);
    expect(await axe(page)).toEqual([]);
  });
