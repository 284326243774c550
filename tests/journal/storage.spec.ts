/** Storage that is broken in every way a browser knows: the lab runs, says what is not kept and why, and nothing is thrown. */

import { LessonPage } from '../support/lab.ts';
import { expect, type Page, test } from '../support/profile.ts';
import { sampled } from '../support/sample.ts';
import { keptSessions } from './kept.ts';

const PATH = '/en/lessons/the-lab/';

/** What is broken, as a script that runs before the page's own; what the page then says; and whether work comes back. */
const table: readonly { readonly storage: string; readonly breaks: () => void; readonly says: RegExp }[] = [
  {
    storage: 'naming it throws',
    breaks: () => {
      for (const name of ['indexedDB', 'localStorage', 'sessionStorage'])
        Object.defineProperty(globalThis, name, {
          get() {
            throw new DOMException('The request was denied.', 'SecurityError');
          },
        });
    },
    says: /does not let the page keep anything/,
  },
  {
    storage: 'it is not there',
    breaks: () => {
      Object.defineProperty(globalThis, 'indexedDB', { value: undefined });
    },
    says: /does not let the page keep anything/,
  },
  {
    storage: 'opening is refused',
    breaks: () => {
      const { open } = IDBFactory.prototype;
      IDBFactory.prototype.open = function (this: IDBFactory) {
        const request = open.call(this, 'another');
        request.addEventListener('success', (event) => {
          event.stopImmediatePropagation();
          Object.defineProperty(request, 'error', {
            value: new DOMException('Internal error opening', 'UnknownError'),
          });
          request.dispatchEvent(new Event('error'));
        });
        return request;
      };
    },
    says: /does not let the page keep anything|storage fails/,
  },
  {
    storage: 'opening never answers',
    breaks: () => {
      const { open } = IDBFactory.prototype;
      IDBFactory.prototype.open = function (this: IDBFactory) {
        const request = open.call(this, 'another');
        request.addEventListener('success', (event) => event.stopImmediatePropagation());
        return request;
      };
    },
    says: /storage does not answer/,
  },
  {
    storage: 'every write is over quota',
    breaks: () => {
      IDBObjectStore.prototype.put = () => {
        throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
      };
    },
    says: /storage is full/,
  },
  {
    storage: 'every write throws',
    breaks: () => {
      IDBObjectStore.prototype.put = () => {
        throw new DOMException('Internal error.', 'UnknownError');
      };
    },
    says: /storage fails/,
  },
  {
    storage: 'transactions never end',
    breaks: () => {
      const { transaction } = IDBDatabase.prototype;
      IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...args: Parameters<typeof transaction>) {
        const real = transaction.apply(this, args);
        if (args[1] !== 'readwrite') return real;
        const never = new Proxy(real, {
          get: (target, name) => {
            if (name === 'addEventListener') return () => undefined;
            const value = Reflect.get(target, name) as unknown;
            return typeof value === 'function' ? value.bind(target) : value;
          },
        });
        return never;
      };
    },
    says: /storage does not answer|storage fails/,
  },
];

for (const { storage, breaks, says } of sampled(table))
  test(`storage: ${storage}`, async ({ page }) => {
    test.setTimeout(60_000);
    const thrown: string[] = [];
    page.on('pageerror', (error) => thrown.push(error.message));
    await page.addInitScript(breaks);
    const lesson = await new LessonPage(page).open(PATH);
    await lesson.type('echo works all the same');
    await expect(lesson.screen).toContainText('# echo works all the same');
    await expect(page.getByRole('status').filter({ hasText: says })).toBeVisible({ timeout: 20_000 });
    // What can be done in a session still can.
    await page.locator('summary').filter({ hasText: /^Lab$/ }).click();
    await page.getByRole('button', { name: 'Undo the last command' }).click();
    await expect(lesson.screen).not.toContainText('works all the same');
    await page.locator('summary').filter({ hasText: /^Lab$/ }).click();
    await page.getByRole('button', { name: 'Begin this lesson again' }).click();
    await lesson.type('echo again');
    await expect(lesson.screen).toContainText('# echo again');
    expect(thrown).toEqual([]);
  });

test('storage: full for a while', async ({ page }) => {
  const lesson = await new LessonPage(page).open(PATH);
  await page.evaluate(() => {
    const { put } = IDBObjectStore.prototype;
    Object.assign(globalThis, {
      room: () => {
        IDBObjectStore.prototype.put = put;
      },
    });
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
    };
  });
  await lesson.type('echo while it was full');
  const notice = page.getByRole('status').filter({ hasText: 'storage is full' });
  await expect(notice).toBeVisible();
  await page.evaluate(() => (globalThis as unknown as { room(): void }).room());
  await expect(notice).toBeHidden({ timeout: 10_000 });
  await page.reload();
  await expect(lesson.screen).toContainText('# echo while it was full');
});

test('storage: cleared meanwhile, by hand and by the browser', async ({ page }) => {
  const lesson = await new LessonPage(page).open(PATH);
  await lesson.type('echo before it was cleared');
  await expect(lesson.screen).toContainText('# echo before it was cleared');
  await expect.poll(async () => (await keptSessions(page)).length).toBe(1);
  await page.evaluate(() => new Promise((resolve) => (indexedDB.deleteDatabase('bound').onsuccess = resolve)));
  await lesson.type('echo after it was deleted');
  await expect(lesson.screen).toContainText('# echo after it was deleted');
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Storage.clearDataForOrigin', { origin: new URL(page.url()).origin, storageTypes: 'all' });
  await lesson.type('echo after it was cleared');
  await expect(lesson.screen).toContainText('# echo after it was cleared');
  await expect.poll(() => keptText(page)).toContain('after it was cleared');
  await page.reload();
  for (const text of ['before it was cleared', 'after it was deleted', 'after it was cleared'])
    await expect(lesson.screen).toContainText(`# echo ${text}`);
});

async function keptText(page: Page): Promise<string> {
  const [kept] = await keptSessions(page).catch(() => []);
  return kept?.entries.flatMap((entry) => (entry.type === 'keys' ? entry.data : [])).join('') ?? '';
}
