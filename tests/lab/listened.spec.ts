/**
 * What a screen reader is given of a lesson, in order: the accessibility tree, written out beside this test (`…-snapshots/`). Whoever
 * changes it (`--update-snapshots`) reads it as one who listens.
 */

import { LessonPage } from '../support/lab.ts';
import { expect, test } from '../support/profile.ts';

test('the accessibility tree of lesson 2, from the first link to the last', async ({ page }) => {
  const lesson = await new LessonPage(page).open('/en/lessons/persistent-volume/');
  await lesson.type('kubectl get pv');
  await expect(lesson.screen).toContainText('No resources found');
  await expect(page.locator('.picture svg')).toBeVisible();
  await expect(page.getByRole('slider')).toBeVisible({ timeout: 15_000 });
  // What is another at each visit.
  await page.evaluate(() => {
    for (const time of document.querySelectorAll('.status .time')) time.remove();
    for (const place of document.querySelectorAll('.host-badge')) place.remove();
    for (const slider of document.querySelectorAll('[role="slider"]')) slider.remove();
    for (const link of document.querySelectorAll('a[href*="#in="]')) link.setAttribute('href', '#');
    document.getElementById('announcements')?.replaceChildren();
  });
  await expect(page.locator('body')).toMatchAriaSnapshot({ name: 'persistent-volume.aria.yml' });
});
