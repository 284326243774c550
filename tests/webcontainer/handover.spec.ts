/** The session begins in the worker and goes on in a WebContainer: the same screens, the same programs, nothing typed is lost. */

import { expect, test } from '../support/profile.ts';
import { long } from '../support/sample.ts';
import { HostedPage } from './page.ts';
import { type StandIn, startStandIn } from './standin.ts';

let standIn: StandIn;
test.beforeAll(async () => {
  standIn = await startStandIn();
});
test.afterAll(() => standIn.close());
// The stand-in is on another port than StackBlitz's frame, which the policy allows.
test.use({ inProfile: { bypassCSP: true } });
test.setTimeout(90_000);

const screens = (lesson: HostedPage) =>
  lesson.page
    .locator('.terminals .host-terminal .xterm-rows')
    .evaluateAll((all) => all.map((rows) => [...rows.children].map((row) => row.textContent).join('\n')));

const path = '/en/lessons/claim/';

test('a running watch and a half-edited file move along, and the screens do not change', async ({ page }) => {
  // The move is asked for when everything stands.
  await page.addInitScript(() => localStorage.setItem('bound.host', 'worker'));
  const lesson = await (await new HostedPage(page).framedBy(standIn)).open(path);
  await lesson.type('kubectl run web --image=nginx; kubectl get pods -w');
  await expect(lesson.screen).toContainText('Running', { timeout: 60_000 });
  await page.getByRole('tab', { name: 'nfs' }).click();
  await lesson.type('vi /etc/exports');
  await expect(lesson.screen).toContainText('"/etc/exports"', { timeout: 10_000 });
  await page.keyboard.type('ihalf a thought');
  await expect(lesson.screen).toContainText('half a thought');
  const before = await screens(lesson);

  // Every state that any frame of the page shows, from here on.
  await page.evaluate(() => {
    const seen = new Set<string>();
    Object.assign(globalThis, { seen });
    const look = () => {
      for (const rows of document.querySelectorAll('.terminals .front .xterm-rows')) seen.add(rows.textContent ?? '');
      seen.add(document.querySelector('.terminal-wait') ? 'WAITING' : '');
      requestAnimationFrame(look);
    };
    look();
  });
  await lesson.badge.click();
  await page.getByRole('radio', { name: 'in a WebContainer' }).check();
  await lesson.isInWebContainer();
  // Longer than the replay's output takes to come.
  await page.waitForTimeout(1_500);
  expect(await screens(lesson)).toEqual(before);
  const seen = await page.evaluate(() => [...(globalThis as unknown as { seen: Set<string> }).seen]);
  expect(seen.filter((text) => text !== '')).toHaveLength(1);

  await lesson.keyboard.focus();
  await page.keyboard.type(', and its end');
  await page.keyboard.press('Escape');
  await page.keyboard.type(':wq\r');
  await lesson.type('cat /etc/exports');
  await expect(lesson.screen).toContainText('half a thought, and its end', { timeout: 10_000 });
  await page.getByRole('tab', { name: 'master01' }).click();
  await lesson.openPrograms();
  const remove = "fetch(process.argv[1] + '/api/v1/namespaces/default/pods/web', { method: 'DELETE' })";
  await lesson.typeInPrograms(`node -e "${remove}" $(awk '/server:/ { print $2 }' $KUBECONFIG)`);
  await expect(lesson.screen).toContainText('Terminating', { timeout: 15_000 });
  await lesson.keyboard.focus();
  await page.keyboard.press('Control+c');
  await lesson.works('goes-on');
  expect(lesson.errors).toEqual([]);
});

test('what is typed while it moves is kept', async ({ page }) => {
  const lesson = await (await new HostedPage(page).framedBy(standIn)).open(path);
  const words = Array.from({ length: 60 }, (_, i) => `w${i}`);
  await lesson.keyboard.focus();
  await page.keyboard.type('echo ');
  for (const word of words) await page.keyboard.type(`${word} `, { delay: 15 });
  await lesson.isInWebContainer();
  await page.keyboard.type('| wc -w | sed s/^/total-/\r');
  await expect(lesson.screen).toContainText('total-60', { timeout: 10_000 });
  await lesson.works('still');
});

test('the process dies: back in the worker, nothing lost, and it can be tried again', async ({ page }) => {
  const own = await startStandIn();
  const lesson = await (await new HostedPage(page).framedBy(own)).open(path);
  await lesson.isInWebContainer();
  await lesson.type('echo written there > thought.txt');
  await lesson.works('in-there');
  own.killSandboxes();
  const raw = await lesson.saysWhy('The WebContainer broke off');
  expect(raw).toContain("the sandbox's process ended with exit code");
  await lesson.type('cat thought.txt');
  await expect(lesson.screen).toContainText('written there', { timeout: 15_000 });
  await expect(lesson.screen).toContainText('in-there-42');
  await lesson.works('back');

  await lesson.badge.click();
  await page.getByRole('button', { name: 'Try again' }).click();
  await lesson.isInWebContainer();
  await lesson.type('cat thought.txt');
  await lesson.works('again');
  own.close();
});

test('the reader chooses this tab: the session comes back, and the choice is remembered', long, async ({ page }) => {
  const lesson = await (await new HostedPage(page).framedBy(standIn)).open(path);
  await lesson.isInWebContainer();
  await lesson.badge.click();
  await page.getByRole('radio', { name: 'in this tab' }).check();
  await expect(lesson.badge).toHaveText('in this tab', { timeout: 20_000 });
  await lesson.works('here');
  await expect(page.locator('.host-badge')).not.toHaveAttribute('data-why');
  const { asked } = standIn;
  await page.reload();
  await lesson.works('after');
  await page.waitForTimeout(1_000);
  expect(standIn.asked).toBe(asked);
});
