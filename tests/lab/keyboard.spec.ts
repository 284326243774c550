/** A whole lesson without a pointer: its text, both machines' terminals, vi, the question at its end, and on to the next. */

import { focused, go } from '../support/keyboard.ts';
import { LessonPage } from '../support/lab.ts';
import { expect, test } from '../support/profile.ts';

const folder = '/root/kube_yaml/persistent_volume';

test('a lesson with vi, by keyboard alone', async ({ page }) => {
  test.setTimeout(90_000);
  const { keyboard } = page;
  await page.goto('/en/');
  // The first stop leads past the head of the page.
  await keyboard.press('Tab');
  expect(await focused(page)).toMatch(/Skip/);
  await go(page, 'Tab', /Two more exports, two volumes/);
  await keyboard.press('Enter');
  const lab = new LessonPage(page);
  await expect(lab.screen).toContainText('[root@nfs ~]#', { timeout: 20_000 });
  await expect(lab.keyboard).toBeFocused();

  await keyboard.type('mkdir /mnt/pv002 /mnt/pv003\rvi /etc/exports\r');
  await expect(lab.screen).toContainText('/mnt/nfsserv');
  await keyboard.type('Go/mnt/pv002 *(rw,async,no_root_squash)\r/mnt/pv003 *(rw,async,no_root_squash)');
  // In vi, Esc is vi's; it leaves the terminal only with the Tab that would follow it.
  await keyboard.press('Escape');
  await keyboard.type(':wq\r');
  await expect(lab.screen).toContainText(/vi \/etc\/exports.*# *$/);
  await keyboard.type('exportfs -ra\r');
  await expect(lab.step('export').locator('.step-state')).toHaveText('done');

  // To the text, where the next step has come into sight; its manifests are written by the buttons beside them.
  await keyboard.press('Control+Backquote');
  await expect(lab.keyboard).not.toBeFocused();
  for (const name of ['002', '003']) {
    await go(page, 'Tab', new RegExp(`^write to the lab: ${folder}/persistent_volume_${name}\\.yaml`));
    await keyboard.press('Enter');
    await expect(page.locator('.code.manifest', { hasText: `persistent_volume_${name}.yaml` })).toContainText(
      'written',
    );
  }

  // Writing has brought that machine to the front.
  await keyboard.press('Control+Backquote');
  await expect(lab.screen).toContainText('[root@master01 ');
  await keyboard.type(`kubectl create -f ${folder}/persistent_volume_002.yaml\r`);
  await expect(lab.screen).toContainText('persistentvolume/pv002 created');
  await keyboard.type(`kubectl create -f ${folder}/persistent_volume_003.yaml\r`);
  await expect(lab.step('volumes').locator('.step-state')).toHaveText('done');

  // Out backwards, once Esc was pressed, to the tabs, and another machine.
  await keyboard.press('Escape');
  await go(page, 'Shift+Tab', /^ *master01/);
  await keyboard.press('ArrowRight');
  expect(await focused(page)).toMatch(/node01/);
  await keyboard.press('Control+Backquote');
  await keyboard.type('showmount -e 192.168.120.230\r');
  await expect(lab.screen).toContainText('/mnt/pv003');

  // The questions at the end, answered wrongly, then rightly, and on to the next lesson.
  await keyboard.press('Control+Backquote');
  const verdict = page.locator('.quiz .verdict:visible');
  await go(page, 'Tab', /^\s*pv0001/);
  await keyboard.press('Space');
  await expect(verdict).toHaveText(['Not quite.']);
  await keyboard.press('ArrowDown');
  await expect(verdict).toHaveText(['Right.']);
  await keyboard.press('Tab');
  await keyboard.press('ArrowUp');
  await expect(verdict).toHaveText(['Right.', 'Right.']);
  await expect(lab.step('challenge').locator('.step-state')).toHaveText('done');
  await go(page, 'Tab', /^ *Next lesson/);
  await keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'A StatefulSet' })).toBeVisible();
});
