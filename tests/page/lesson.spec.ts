/** A lesson's page: commands, steps, ledger, terminals, over the echoing test double. */

import { expect, test } from '@playwright/test';
import { LessonPage } from '../support/lab.ts';

const path = '/en/lessons/persistent-volume/';

test('run types a command block into its host’s terminal', async ({ page }) => {
  const lesson = await new LessonPage(page).open(path);
  await lesson.step('look').getByRole('button', { name: 'run on master01' }).click();
  await expect(lesson.screen).toContainText('[root@master01 ~]# kubectl get nodes');
});

test('what is typed is echoed', async ({ page }) => {
  const lesson = await new LessonPage(page).open(path);
  await lesson.type('echo hello');
  await expect(lesson.screen).toContainText('[root@master01 ~]# echo hello');
});

test('a press is kept though the text grows under it', async ({ page }) => {
  await new LessonPage(page).open(path);
  const next = page.locator('.lesson-end [data-next]');
  const press = async (dragged: number) => {
    await next.scrollIntoViewIfNeeded();
    const { x, y } = (await next.boundingBox())!;
    await page.mouse.move(x + 20, y + 10);
    await page.mouse.down();
    await page.locator('.lesson-end').evaluate((end) => {
      const block = document.createElement('div');
      block.style.height = '70px';
      end.before(block);
    });
    await page.mouse.move(x + 20 + dragged, y + 10);
    await page.mouse.up();
  };
  await press(30);
  await page.waitForTimeout(1_000);
  await expect(page).toHaveURL(new RegExp(`${path}(#.*)?$`));
  await press(0);
  await expect(page).toHaveURL(/\/en\/lessons\/claim\//);
});

test('copy gives the lines and nothing else', async ({ page }) => {
  await page.goto(path);
  await page.locator('[data-step="look"] [data-copy]').first().click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('kubectl get nodes\n');
});

test('a step opens when the one before has passed, and the ledger follows', async ({ page }) => {
  const lesson = await new LessonPage(page).open(path);
  const create = lesson.step('create');
  await expect(create.getByText('Opens when “Look around” is done.')).toBeVisible();
  await expect(create.locator('.step-body')).toBeHidden();
  await lesson.type('pass');
  await expect(create.locator('.step-body')).toBeVisible();
  await expect(lesson.step('look').locator('.step-state')).toHaveText('done');
  await lesson.type('ls');
  await expect(create.locator('[data-reason]').first()).toHaveText('There is no PersistentVolume called pv0001 yet.');
  await lesson.type('pass');
  await expect(create.locator('[data-checkpoint="available"]')).toHaveAttribute('data-passed', '');
  await expect(page.locator('#announcements')).toContainText('Done: pv0001 exists and is Available');
});

test('write to the lab types the article’s heredoc', async ({ page }) => {
  const lesson = await new LessonPage(page).open(path);
  await lesson.type('pass');
  await lesson
    .step('create')
    .getByRole('button', { name: /^write to the lab: .*, master01$/ })
    .click();
  await expect(lesson.screen).toContainText(/path: \/mnt\/nfsserv.*# EOF/);
});

test('hints come one by one', async ({ page }) => {
  const lesson = await new LessonPage(page).open(path);
  await lesson.type('pass');
  const checkpoint = lesson.step('create').locator('[data-checkpoint="available"]');
  await expect(checkpoint.getByText('Hint 2')).toBeHidden();
  await checkpoint.getByText('Hint 1').click();
  await checkpoint.getByText('Hint 2').click();
  await expect(checkpoint.getByText('takes the path of the file')).toBeVisible();
});

test('a quiz answers why', async ({ page }) => {
  const lesson = await new LessonPage(page).open(path);
  const quiz = lesson.step('look').locator('[data-quiz]');
  await quiz.getByLabel('nfs').check();
  await expect(quiz.getByText('It is not part of the cluster')).toBeVisible();
  await quiz.getByLabel('Neither of them').check();
  await expect(quiz.getByText('Right.')).toBeVisible();
  await expect(quiz.getByText('It is not part of the cluster')).toBeHidden();
});

test('a tab of each host; output elsewhere is marked', async ({ page }) => {
  const lesson = await new LessonPage(page).open(path);
  await expect(page.getByRole('tab')).toHaveText(['master01', 'node01', 'nfs']);
  await page.getByRole('tab', { name: 'nfs' }).click();
  await expect(lesson.screen).toContainText('[root@nfs ~]#');
  await page.keyboard.type('x');
  await expect(lesson.screen).toContainText('[root@nfs ~]# x');
});

test('Ctrl+` goes to the terminal and back', async ({ page }) => {
  const lesson = await new LessonPage(page).open(path);
  await page.locator('#text').focus();
  await page.keyboard.press('Control+Backquote');
  await expect(lesson.keyboard).toBeFocused();
  await page.keyboard.press('Control+Backquote');
  await expect(page.locator('#text')).toBeFocused();
});

test('the splitter moves by keyboard and by pointer, and is remembered', async ({ page }) => {
  await new LessonPage(page).open(path);
  const splitter = page.getByRole('separator');
  const width = () => page.locator('#text').evaluate((element) => element.getBoundingClientRect().width);
  const before = await width();
  await splitter.focus();
  await page.keyboard.press('ArrowLeft');
  expect(await width()).toBeLessThan(before);
  const box = (await splitter.boundingBox())!;
  await page.mouse.move(box.x + 4, 400);
  await page.mouse.down();
  await page.mouse.move(800, 400, { steps: 5 });
  await page.mouse.up();
  const dragged = await width();
  expect(Math.abs(dragged - 800)).toBeLessThan(12);
  await page.reload();
  expect(Math.abs((await width()) - dragged)).toBeLessThan(8);
});

test('the picture tells the state in words and describes what is clicked', async ({ page }) => {
  const lesson = await new LessonPage(page).open(path);
  await lesson.type('picture 2');
  const claim = page.getByRole('button', { name: /^test-claim, Bound/ });
  await expect(claim).toBeVisible();
  await page.getByText('In words').click();
  await expect(page.getByText('Claim test-claim: Bound to volume pv0001.')).toBeVisible();
  await claim.click();
  await expect(lesson.screen).toContainText('kubectl describe pvc test-claim');
  await page.getByRole('button', { name: /^\/mnt\/nfsserv, exported/ }).click();
  await expect(lesson.screen).toContainText('ls -la /mnt/nfsserv');
  await expect(page.getByRole('tab', { name: 'nfs' })).toHaveAttribute('aria-selected', 'true');
});

test('the other language keeps lesson and step', async ({ page }) => {
  const lesson = await new LessonPage(page).open(path);
  await lesson.type('pass');
  await lesson.step('create').getByRole('link', { name: 'Step 2' }).click();
  await expect(page).toHaveURL(/#create$/);
  await page.getByRole('link', { name: '日本語' }).click();
  await expect(page).toHaveURL('/ja/lessons/persistent-volume/#create');
  await expect(page.locator('html')).toHaveAttribute('lang', 'ja');
});
