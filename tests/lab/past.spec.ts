/** Looking back on the built site: the strip by keyboard, the lab as it was, and a session that goes on from there. */

import AxeBuilder from '@axe-core/playwright';
import { LessonPage } from '../support/lab.ts';
import { expect, type Locator, type Page, test } from '../support/profile.ts';

const strip = (page: Page): Locator => page.getByRole('slider', { name: 'The session’s time' });
const past = (page: Page): Locator => page.getByRole('region', { name: /^As it was at/ });

/** Presses a key until the strip says it stands there; each press is waited for, however busy the machine is. */
async function goTo(page: Page, key: string, where: string): Promise<void> {
  await strip(page).focus();
  for (let stands = await strip(page).getAttribute('aria-valuetext'); !stands?.includes(where); ) {
    const before = stands!;
    await page.keyboard.press(key);
    await expect(strip(page)).not.toHaveAttribute('aria-valuetext', before);
    stands = await strip(page).getAttribute('aria-valuetext');
  }
  await expect(past(page)).toHaveAttribute('aria-busy', 'false', { timeout: 20_000 });
}

async function axeFindsNothing(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
}

test('what was deleted is there in the past, and a session goes on with it; nothing is lost', async ({ page }) => {
  test.setTimeout(90_000);
  const lesson = await new LessonPage(page).open('/en/lessons/the-lab/');
  await lesson.type('kubectl create deployment web --image=nginx');
  await expect(lesson.screen).toContainText('web created');
  await lesson.type('echo written > /root/note');
  // Its Enter comes after it: keys of one instant with it would not be there a moment before.
  await lesson.keyboard.focus();
  await page.keyboard.type('kubectl delete deployment web');
  await expect(lesson.screen).toContainText('kubectl delete deployment web');
  await page.keyboard.press('Enter');
  await expect(lesson.screen).toContainText('web" deleted');
  await expect(strip(page)).toHaveAttribute('aria-valuetext', 'now', { timeout: 15_000 });

  await goTo(page, 'ArrowLeft', 'before master01: kubectl delete deployment web');
  await expect(page.locator('.past-terminal .xterm-rows')).toContainText('kubectl delete deployment web');
  await expect(page.locator('.past-terminal .xterm-rows')).not.toContainText('deleted');
  await axeFindsNothing(page);
  await page.getByRole('tab', { name: 'Objects' }).click();
  await page.locator('.past-list').getByRole('button', { name: 'web', exact: true }).first().click();
  const yaml = page.getByRole('region', { name: /^(Deployment|Pod|ReplicaSet) web/ });
  await expect(yaml).toContainText('kind: Deployment');
  await axeFindsNothing(page);
  await page.getByRole('tab', { name: 'Files' }).click();
  await page.getByRole('button', { name: 'note', exact: true }).click();
  await expect(page.getByRole('region', { name: '/root/note' })).toHaveText('written\n');
  await axeFindsNothing(page);

  // Earlier still: neither is there.
  await goTo(page, 'ArrowLeft', 'before master01: kubectl create deployment web');
  await expect(page.getByRole('button', { name: 'note', exact: true })).toBeHidden();
  await page.getByRole('tab', { name: 'Objects' }).click();
  await expect(past(page)).toContainText('Deployment web was not there at this moment.');

  // The present is as it was left.
  await strip(page).focus();
  await page.keyboard.press('End');
  await expect(past(page)).toBeHidden();
  await lesson.type('kubectl get deployments; ls /root/note');
  await expect(lesson.screen).toContainText('No resources found in default namespace./root/note');

  // By the list, and on from there.
  await page.locator('.history summary').click();
  await page.getByRole('button', { name: /kubectl delete deployment web/ }).click();
  await expect(past(page)).toHaveAttribute('aria-busy', 'false', { timeout: 20_000 });
  await page.getByRole('button', { name: 'Go on from here' }).click();
  await expect(page.locator('.told')).toContainText('You go on from');
  await expect(lesson.screen).not.toContainText('kubectl delete', { timeout: 20_000 });
  await page.keyboard.type('kubectl get deployments\r');
  await expect(lesson.screen).toContainText(/web +[01]\/1/);
  await page.locator('summary').filter({ hasText: /^Lab$/ }).click();
  await page.getByRole('button', { name: 'Your sessions…' }).click();
  const sessions = page.getByRole('dialog', { name: 'Your sessions' }).getByRole('listitem');
  await expect(sessions).toHaveCount(2);
  await expect(sessions.nth(0)).toContainText('gone on from an earlier moment');
  await sessions.nth(1).getByRole('button', { name: 'Go back to it' }).click();
  await expect(lesson.screen).toContainText('kubectl get deployments; ls /root/note', { timeout: 20_000 });
});
