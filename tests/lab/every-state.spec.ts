/** What can stand on a lesson's page, one state after the other, without a finding of axe: wide, narrow and dark in Japanese, in forced colours. */

import AxeBuilder from '@axe-core/playwright';
import { LessonPage } from '../support/lab.ts';
import { expect, type Page, test } from '../support/profile.ts';

test.use({ actionTimeout: 6_000 });

const looks = [
  { language: 'ja', width: 390, height: 844, colorScheme: 'dark', forcedColors: 'none' },
  { language: 'en', width: 1440, height: 900, colorScheme: 'light', forcedColors: 'none' },
  { language: 'en', width: 1440, height: 900, colorScheme: 'dark', forcedColors: 'active' },
] as const;

/** The last items of the Lab menu come first in no language: each is known by its place. */
const ITEMS = { lookBack: 1, sessions: 5, report: 6 } as const;

async function labMenu(page: Page, item?: keyof typeof ITEMS): Promise<void> {
  await page.locator('.menu > summary').click();
  if (item) await page.locator('.menu-items > button').nth(ITEMS[item]).click();
}

// Each takes half a minute: `npm test` has the narrowest.
for (const { language, width, height, colorScheme, forcedColors } of process.env.BOUND_LONG ? looks : looks.slice(0, 1))
  test(`axe finds nothing in any state (${language}, ${width} px, forced colours ${forcedColors})`, async ({
    page,
  }) => {
    test.setTimeout(150_000);
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme, forcedColors });
    const lesson = new LessonPage(page);
    await page.goto(`/${language}/lessons/claim/`);
    if (width < 900) await page.locator('.sheet-buttons button').last().click();
    await expect(lesson.screen).toContainText('#', { timeout: 20_000 });
    const nothing = (state: string) =>
      test.step(state, async () => {
        // Forced colours are the reader's own: what axe sees of them is half of the author's.
        const rules = forcedColors === 'active' ? ['color-contrast'] : [];
        const { violations } = await new AxeBuilder({ page }).disableRules(rules).analyze();
        expect(
          violations.map(({ id, nodes }) => `${state}: ${id}: ${nodes[0]?.html} ${nodes[0]?.any[0]?.message}`),
        ).toEqual([]);
      });
    const dialog = page.getByRole('dialog');
    const close = async () => {
      await page.keyboard.press('Escape');
      await expect(dialog).toHaveCount(0);
    };

    await lesson.type('kubectl get pv -o wide');
    await expect(lesson.screen).toContainText('pv0001');
    await nothing('a command was given');
    await page.locator('.outline summary').click();
    await nothing('outline');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await dialog.getByRole('combobox').fill('volume');
    await expect(dialog.getByRole('option').first()).toBeVisible();
    await nothing('search');
    await close();

    await page.locator('button', { hasText: '⋯' }).click();
    await expect(page.locator('.terminal-menu')).toBeVisible();
    await nothing('terminal menu');
    await page.keyboard.press('Escape');
    await lesson.keyboard.focus();
    await page.keyboard.press('Control+Shift+F');
    await expect(page.locator('.find-bar')).toBeVisible();
    await nothing('find');
    await page.keyboard.press('Escape');

    await labMenu(page);
    await nothing('Lab menu');
    await page.keyboard.press('Escape');
    await labMenu(page, 'sessions');
    await expect(dialog).toBeVisible();
    await nothing('sessions');
    await close();
    await labMenu(page, 'report');
    await expect(dialog).toBeVisible();
    await nothing('report');
    await close();

    await page.locator('.files-button').click();
    await expect(page.getByRole('treeitem').first()).toBeVisible();
    await nothing('files');
    await page.locator('.files .close').click();

    await labMenu(page, 'lookBack');
    await expect(page.locator('.past')).toHaveAttribute('aria-busy', 'false', { timeout: 20_000 });
    await nothing('the past');
    await page.locator('.history > summary').click();
    await nothing('history');
    await page.keyboard.press('Escape');
    await page.locator('.past-actions .primary').click();
    await expect(page.locator('.past')).toHaveCount(0);
  });
