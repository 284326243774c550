/** What a WebContainer is for: the learner's own program beside the cluster, in a folder that is kept. */

import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '../support/profile.ts';
import { long } from '../support/sample.ts';
import { HostedPage } from './page.ts';
import { type StandIn, startStandIn } from './standin.ts';

let standIn: StandIn;
test.beforeAll(async () => {
  standIn = await startStandIn();
});
test.afterAll(() => standIn.close());
test.use({ inProfile: { bypassCSP: true } });
test.setTimeout(120_000);

test('the thirty lines list and watch claims through localhost:6443', long, async ({ page }) => {
  const lesson = await (await new HostedPage(page).framedBy(standIn)).open('/en/your-programs/');
  await lesson.isInWebContainer();
  await page.getByRole('main').getByRole('button', { name: 'Open your programs' }).click();
  await expect(lesson.programs).toContainText('❯', { timeout: 15_000 });
  await lesson.typeInPrograms('ls; head -6 $KUBECONFIG');
  await expect(lesson.programs).toContainText('watch-claims.mjs');
  await expect(lesson.programs).toContainText('server: http://localhost:');
  await lesson.typeInPrograms('node watch-claims.mjs');
  await expect(lesson.programs).toContainText(/claims at version \d+, watching/, { timeout: 15_000 });

  // As the page has it: first the claim, then its volume.
  const [claim, volume] = await page.getByRole('button', { name: 'run on master01' }).all();
  await claim!.click();
  await expect(lesson.programs).toContainText('ADDED    default/my-claim Pending', { timeout: 15_000 });
  await volume!.click();
  await expect(lesson.programs).toContainText('MODIFIED default/my-claim Bound my-volume', { timeout: 30_000 });
  await lesson.type('kubectl delete pvc my-claim');
  await expect(lesson.programs).toContainText('DELETED  default/my-claim', { timeout: 15_000 });

  await page.locator('.programs textarea').focus();
  await page.keyboard.press('Control+c');
  await lesson.typeInPrograms('echo ended-$?');
  await expect(lesson.programs).toContainText('ended-130');
  expect(lesson.errors).toEqual([]);
});

test('another world takes the place: the watch breaks off, and a new one sees it', async ({ page }) => {
  const lesson = await (await new HostedPage(page).framedBy(standIn)).open('/en/lessons/claim/');
  await lesson.isInWebContainer();
  await lesson.openPrograms();
  await lesson.typeInPrograms('node watch-claims.mjs');
  await expect(lesson.programs).toContainText('watching', { timeout: 15_000 });
  await lesson.page.locator('.menu summary').click();
  await page.getByRole('button', { name: 'Begin this lesson again' }).click();
  await expect(lesson.programs).toContainText('The server has ended the watch.', { timeout: 30_000 });
  await expect(lesson.badge).toHaveText('in a WebContainer');
  await lesson.typeInPrograms('clear; node watch-claims.mjs');
  await expect(lesson.programs).toContainText('watching', { timeout: 15_000 });
});

test('what is written in work/ is there after a reload; a shell that exits closes, and opens again', async ({
  page,
}) => {
  const lesson = await (await new HostedPage(page).framedBy(standIn)).open('/en/lessons/claim/');
  await lesson.isInWebContainer();
  await lesson.openPrograms();
  const kept = page.locator('.programs .kept');
  await expect(kept).toHaveAttribute('data-files', '3');
  await lesson.typeInPrograms(
    "mkdir -p notes node_modules/x; echo mine > notes/a.txt; touch node_modules/x/y; printf '\\377\\000' > b.bin; rm README.md",
  );
  await expect(kept).toHaveAttribute('data-files', '4');
  await lesson.typeInPrograms('exit');
  await expect(page.locator('.programs')).toBeHidden();

  await page.reload();
  await lesson.isInWebContainer();
  await lesson.openPrograms();
  await lesson.typeInPrograms('cat notes/a.txt; od -An -tx1 b.bin; ls');
  await expect(lesson.programs).toContainText('mine');
  await expect(lesson.programs).toContainText('ff 00');
  await expect(lesson.programs).not.toContainText('README.md');
  await lesson.typeInPrograms('head -c 1100000 /dev/zero > big; echo more > small.txt');
  await expect(kept).toContainText('Over 1 MB, not kept: big', { timeout: 10_000 });
  await expect(kept).toHaveAttribute('data-files', '5');
});

test('the shell has the size of its terminal, and follows it', async ({ page }) => {
  const lesson = await (await new HostedPage(page).framedBy(standIn)).open('/en/lessons/claim/');
  await lesson.isInWebContainer();
  await lesson.openPrograms();
  const columns = async () => {
    await lesson.typeInPrograms('clear; echo "columns $(tput cols)"');
    await expect(lesson.programs).toContainText(/columns \d+/);
    return Number(/columns (\d+)/.exec(await lesson.programs.innerText())![1]);
  };
  const wide = await columns();
  await page.setViewportSize({ width: 950, height: 700 });
  await expect(async () => expect(await columns()).toBeLessThan(wide)).toPass({ timeout: 10_000 });
});

test('badge and programs are accessible, in both languages and on a narrow window', long, async ({ page }) => {
  for (const [language, width] of [
    ['en', 1280],
    ['ja', 390],
  ] as const) {
    await page.setViewportSize({ width, height: 844 });
    const lesson = await new HostedPage(page).framedBy(standIn);
    await page.goto(`/${language}/your-programs/`);
    if (width < 900) await page.getByRole('button', { name: 'ターミナルを開く' }).click();
    await expect(page.locator('html')).toHaveAttribute('data-host', 'webcontainer', { timeout: 45_000 });
    const [badge, menu] = await Promise.all([lesson.badge.boundingBox(), page.locator('.menu').boundingBox()]);
    expect(badge!.x + badge!.width).toBeLessThanOrEqual(menu!.x + 1);
    await lesson.badge.focus();
    await page.keyboard.press('Enter');
    await expect(page.locator('.host-popover')).toBeInViewport({ ratio: 0.95 });
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect(lesson.programs).toContainText('❯', { timeout: 15_000 });
    await lesson.badge.click();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
});
