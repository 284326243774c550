/** The files and their editor on the built site: a lesson without vi and without a mouse, one file with the shell's, and axe in each state. */

import AxeBuilder from '@axe-core/playwright';
import { focused, go } from '../support/keyboard.ts';
import { LessonPage } from '../support/lab.ts';
import { expect, type Page, test } from '../support/profile.ts';

const lesson = '/en/lessons/two-more-exports/';
const folder = '/root/kube_yaml/persistent_volume';

const volume = (name: string) => `apiVersion: v1
kind: PersistentVolume
metadata:
  name: ${name}
spec:
  capacity:
    storage: 1Gi
  accessModes:
    - ReadWriteOnce
  persistentVolumeReclaimPolicy: Recycle
  nfs:
    server: 192.168.120.230
    path: /mnt/${name}`;

/** Line by line, each with its own indentation in place of what the editor offers. */
async function typeLines(page: Page, text: string): Promise<void> {
  for (const [index, line] of text.split('\n').entries()) {
    if (index > 0) {
      await page.keyboard.press('Enter');
      await page.keyboard.press('Shift+Home');
      if (!line.startsWith(' ')) await page.keyboard.press('Delete');
    }
    await page.keyboard.type(line);
  }
  await page.keyboard.press('Escape');
}

/** Back through all that stands between a terminal and the choice of a machine; Shift+Tab leaves the editor once Esc was pressed. */
async function toMachines(page: Page): Promise<void> {
  for (let presses = 0; presses < 30; presses++) {
    const at = await page.evaluate(
      () => document.activeElement?.matches('.files select, .cm-content') && document.activeElement.tagName,
    );
    if (at === 'SELECT') return;
    if (at) await page.keyboard.press('Escape');
    await page.keyboard.press('Shift+Tab');
  }
  throw new Error('the keyboard does not come to the machines');
}

const editor = (page: Page) => page.locator('.cm-content');

async function judge(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).include('#lab').analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}

test('a lesson with the editor instead of vi, by keyboard alone', async ({ page }) => {
  test.setTimeout(90_000);
  const lab = await new LessonPage(page).open(lesson);
  await page.keyboard.type('mkdir /mnt/pv002 /mnt/pv003\r');
  await expect(lab.screen).toContainText('# mkdir /mnt/pv002 /mnt/pv003');

  await page.keyboard.press('Escape');
  await go(page, 'Shift+Tab', /^ ?Files$/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('tree', { name: 'Files of nfs' })).toBeVisible();
  await expect(page.getByRole('treeitem', { name: '/etc/exports' })).toBeVisible();
  await go(page, 'ArrowDown', /\/etc\/exports/);
  await page.keyboard.press('Enter');
  await expect(editor(page)).toBeFocused();
  await expect(editor(page)).toContainText('/mnt/nfsserv');
  await expect(page.locator('#announcements')).toContainText('Esc, then Tab leaves the editor.');
  await page.keyboard.press('Control+End');
  await page.keyboard.type('/mnt/pv002 *(rw,async,no_root_squash)\n/mnt/pv003 *(rw,async,no_root_squash)\n');
  await page.keyboard.press('Control+s');
  await expect(page.locator('#announcements')).toContainText('Saved /etc/exports');
  await page.keyboard.press('Control+Backquote');
  await page.keyboard.type('exportfs -ra\r');
  await expect(lab.step('export').locator('.step-state')).toHaveText('done');

  await page.keyboard.press('Escape');
  for (const name of ['pv002', 'pv003']) {
    await toMachines(page);
    await page.keyboard.type('master01');
    await expect(page.getByRole('tree', { name: 'Files of master01' })).toBeVisible();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+a');
    await page.keyboard.type(`${folder}/${name}.yaml\n`);
    await expect(editor(page)).toBeFocused();
    await typeLines(page, volume(name));
    // Recycle is deprecated, as the server says.
    await expect(page.locator('.problems summary')).toHaveText('1 warning');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Shift+Tab');
    expect(await focused(page)).toBe(' Apply');
    await page.keyboard.press('Enter');
    await expect(lab.screen).toContainText(`persistentvolume/${name} created`);
    await page.keyboard.press('Escape');
  }
  await expect(lab.step('volumes').locator('.step-state')).toHaveText('done');
});

test('one file for the editor, cat and vi; what both changed is lost by neither; axe finds nothing', async ({
  page,
}) => {
  test.setTimeout(60_000);
  const lab = await new LessonPage(page).open('/en/lessons/persistent-volume/');
  await page.getByRole('button', { name: 'Files', exact: true }).click();
  await expect(page.getByRole('treeitem', { name: 'kube_yaml' })).toBeVisible();
  await judge(page);
  await page.getByRole('button', { name: 'New file' }).click();
  await judge(page);
  await page.keyboard.press('Control+a');
  await page.keyboard.type('/root/pv.yaml\n');
  await expect(editor(page)).toBeFocused();
  await page.keyboard.insertText(
    'apiVersion: v1\nkind: PersistentVolume\nmetadata:\n  name: pv\nspec:\n  capcity: 1\n  ',
  );
  await page.keyboard.type('access');
  const completion = page.getByRole('option', { name: /accessModes/ });
  await expect(completion).toBeVisible();
  await judge(page);
  await page.keyboard.press('Enter');
  await page.keyboard.type('ReadWriteOnce');
  await expect(page.locator('.problems')).toContainText('line 6 unknown field "spec.capcity"');
  await judge(page);
  await page.keyboard.press('F1');
  await expect(page.locator('#announcements')).toContainText(
    'spec.accessModes, []string. accessModes contains all ways',
  );
  await page.keyboard.press('Control+s');
  await expect(page.locator('.file-note')).toHaveText('Saved /root/pv.yaml');
  await lab.type('tail -1 pv.yaml; sed -i s/capcity/capacity/ pv.yaml');
  await expect(lab.screen).toContainText('- ReadWriteOnce');
  await expect(editor(page)).toContainText('capacity: 1');

  await editor(page).focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('\n# mine');
  await lab.type('echo "# theirs" >> pv.yaml');
  const conflict = page.getByRole('group', { name: 'was changed on the machine while you were writing' });
  await expect(conflict).toBeVisible();
  await judge(page);
  // Nothing is lost by a reload.
  await page.reload();
  await expect(conflict).toBeVisible({ timeout: 15_000 });
  await expect(editor(page)).toContainText('# mine');
  await conflict.getByRole('button', { name: 'Show what is on the machine' }).click();
  await expect(editor(page)).toContainText('# theirs');
  await page.keyboard.press('Control+z');
  await expect(editor(page)).toContainText('# mine');
  await page.keyboard.press('Control+s');
  await expect(page.locator('.file-note')).toHaveText('Saved /root/pv.yaml');
  await lab.type('clear; tail -1 pv.yaml');
  await expect(lab.screen).toContainText('# mine');
  await page.locator('summary').filter({ hasText: /^Lab$/ }).click();
  await page.getByRole('button', { name: 'Undo the last command' }).click();
  await page.locator('summary').filter({ hasText: /^Lab$/ }).click();
  await page.getByRole('button', { name: 'Undo the last command' }).click();
  await expect(page.locator('#announcements')).toContainText('Undone on master01: the save of /root/pv.yaml');
});

test('a file of Windows keeps its line ends', async ({ page }) => {
  const lab = await new LessonPage(page).open('/en/lessons/persistent-volume/');
  await lab.type("printf 'a\\r\\nb\\r\\n' > w.txt");
  await page.getByRole('button', { name: 'Files', exact: true }).click();
  await page.getByRole('treeitem', { name: 'w.txt' }).first().click();
  await editor(page).click();
  await page.keyboard.press('Control+End');
  // The search's key is the search's here too, and takes no line.
  await page.keyboard.press('Control+Shift+K');
  await expect(page.getByRole('combobox', { name: 'Search lessons' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(editor(page)).toBeFocused();
  await page.keyboard.type('c');
  await page.keyboard.press('Control+s');
  await expect(page.locator('.file-note')).toHaveText('Saved /root/w.txt');
  await lab.type('clear; od -c w.txt');
  await expect(lab.screen).toContainText(/a\s+\\r\s+\\n\s+b\s+\\r\s+\\n\s+c\s*0000007/);
});
