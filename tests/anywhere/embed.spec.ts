/** Labs in somebody else's documentation, by `<bound-lab>` and by a plain frame: with and without storage, and among pages that mean no good. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { complaintsOf } from '../support/complaints.ts';
import {
  type Documentation,
  documentation,
  LabInPage,
  readRecipe,
  recipe,
  runButton,
  type Where,
} from '../support/documentation.ts';
import { long, sampled } from '../support/sample.ts';
import { type Served, serve } from '../support/site.ts';

test.use({ viewport: { width: 1000, height: 900 } });

let site: Served;
let docs: Documentation | undefined;

test.beforeEach(async () => {
  site = await serve('--base', '/a/b/', '--frame-ancestors', 'http://127.0.0.1:* http://localhost:*');
});
test.afterEach(async () => {
  docs?.close();
  docs = undefined;
  await site.stop();
});

async function publish(
  written: string,
  { headers = {}, where = '127.0.0.1' }: { headers?: Record<string, string>; where?: Where } = {},
): Promise<string> {
  docs = await documentation(
    where,
    (path) =>
      path === '/'
        ? `<!doctype html><html lang="en"><title>Our storage</title><body><script src="${site.url}bound-lab.js" defer></script>${written}`
        : path === '/favicon.ico'
          ? ''
          : undefined,
    headers,
  );
  return docs.url;
}

const twoLabs = `
  <h1>Our storage</h1>
  <bound-lab lesson="claim" step="create" height="420"></bound-lab>
  <pre data-bound-run="master01">kubectl get pv</pre>
  <div style="height: 2600px"></div>
  <bound-lab lesson="deployment" language="ja" height="500" theme="dark"></bound-lab>
  <pre><code># run on nfs
$ cat /etc/exports
/mnt/…
</code></pre>`;

for (const [storage, where] of [
  ['kept', 'localhost'],
  ['refused', '127.0.0.1'],
] as const)
  test(
    `two labs in a page of plain HTML are two sessions, storage ${storage}`,
    storage === 'kept' ? {} : long,
    async ({ page }) => {
      test.setTimeout(120_000);
      const complaints = complaintsOf(page);
      await page.goto(await publish(twoLabs, { where }));
      const first = await LabInPage.at(page, 0);
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
      expect(await first.frame.evaluate(hasStorage)).toBe(storage === 'kept');
      await expect(first.element.locator('iframe')).toHaveAttribute('title', 'Kubernetes lab: Both sides Bound');
      // The other is far below: it has not begun.
      await expect(page.locator('bound-lab').nth(1).locator('iframe')).not.toHaveAttribute('src');
      const button = runButton(page, 'kubectl get pv');
      await expect(button).toHaveAccessibleName('run on master01, in the lab');
      await button.click();
      await first.shows(/pv0001 +1Gi +RWO.*\n.*#$/);
      // Nothing in a frame takes the keyboard from the page around it.
      await expect(button).toBeFocused();
      await expect(button).toHaveAccessibleName('run on master01, in the lab (ran)');

      const second = await LabInPage.at(page, 1);
      await expect(second.frame.locator('html')).toHaveAttribute('data-theme', 'dark');
      await expect(second.element.locator('iframe')).toHaveAttribute('title', /^Kubernetesのラボ: /);
      await page.getByRole('button', { name: 'ラボのnfsで実行' }).click();
      await second.shows(/cat \/etc\/exports\n\/mnt\/nfsserv/);

      // Done in one of them is done in that one.
      await page.evaluate(() =>
        document.addEventListener('bound-progress', ({ target, detail }: CustomEventInit & Event) => {
          const done = (window as { done?: string[] }).done ?? [];
          Object.assign(window, { done: [...done, `${(target as Element).getAttribute('lesson')} ${detail.done}`] });
        }),
      );
      await first.element.scrollIntoViewIfNeeded();
      await first.frame.getByRole('button', { name: 'Show me' }).click();
      await expect(first.frame.locator('.checkpoints')).toHaveAttribute('data-passed', '', { timeout: 30_000 });
      await expect(second.frame.locator('.checkpoints')).not.toHaveAttribute('data-passed');
      await page.waitForFunction(() => (window as { done?: string[] }).done?.includes('claim true'));

      await page.reload();
      const again = await LabInPage.at(page, 0);
      if (storage === 'kept') await again.shows('kubectl get pv');
      else expect(await again.text()).toBe('[root@master01 ~]#');
      const asBefore = expect(again.frame.locator('.checkpoints'));
      if (storage === 'kept') await asBefore.toHaveAttribute('data-passed');
      else await asBefore.not.toHaveAttribute('data-passed');
      expect(complaints).toEqual([]);
    },
  );

for (const [storage, where] of [
  ['kept', 'localhost'],
  ['refused', '127.0.0.1'],
] as const)
  test(
    `the page of plain HTML that the documentation gives, storage ${storage}`,
    storage === 'kept' ? long : {},
    async ({ page }) => {
      test.setTimeout(120_000);
      const complaints = complaintsOf(page);
      const files = recipe('html', site.url);
      docs = await documentation(where, (path) => (path === '/favicon.ico' ? '' : files.get('index.html')));
      expect(await readRecipe(page, docs.url)).toEqual({ storage: storage === 'kept' });
      expect(complaints).toEqual([]);
    },
  );

function hasStorage(): boolean {
  try {
    return localStorage.length >= 0;
  } catch {
    return false;
  }
}

test('two plain frames of one address are two sessions', long, async ({ page }) => {
  const frame = `<iframe title="A lab" src="${site.url}en/embed/?lesson=claim&step=create&seed=7" width="900" height="400"></iframe>`;
  await page.goto(await publish(`${frame}${frame}`));
  const [one, other] = page.frames().slice(1);
  for (const lab of [one!, other!])
    await expect(lab.locator('.host-terminal.front .xterm-rows')).toContainText('#', { timeout: 60_000 });
  await one!.locator('.host-terminal.front textarea').focus();
  await page.keyboard.type('echo only here\n');
  await expect(one!.locator('.host-terminal.front .xterm-rows')).toContainText('only here');
  await expect(one!.locator('.notice')).toHaveCount(0);
  await expect(other!.locator('.notice')).toHaveCount(0);
  expect(await other!.locator('.host-terminal.front .xterm-rows').textContent()).not.toContain('only here');
});

test('the page around it is heard, and nobody else; what is malformed is ignored with a word', async ({ page }) => {
  const warnings: string[] = [];
  page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
  const run = (command: unknown, host = 'master01') => ({ bound: 1, type: 'run', id: 1, host, command });
  // A frame beside it, of the page's own origin: it has the lab's window, and is not the page around it.
  const beside = `<iframe srcdoc='<script>setInterval(() => parent.frames[0].postMessage(${JSON.stringify(run('echo from beside'))}, "*"), 100)</script>'></iframe>`;
  await page.goto(
    await publish(
      `<iframe title="A lab" src="${site.url}en/embed/?lesson=claim" width="900" height="400"></iframe>${beside}`,
    ),
  );
  await page.evaluate(() => {
    addEventListener('message', ({ data, origin }) => {
      const said = (window as { said?: unknown[] }).said ?? [];
      Object.assign(window, { said: [...said, { ...data, origin }] });
    });
  });
  const lab = page.frames().find((frame) => frame.url().includes('/embed/'))!;
  const screen = lab.locator('.host-terminal.front .xterm-rows');
  await expect(screen).toContainText('#', { timeout: 60_000 });
  const say = (data: unknown) =>
    page.evaluate((one) => document.querySelector('iframe')!.contentWindow!.postMessage(one, '*'), data);
  await expect(async () => {
    await say({ bound: 1, type: 'hello' });
    expect(
      await page.evaluate(() => (window as { said?: { type: string }[] }).said?.map(({ type }) => type)),
    ).toContain('ready');
  }).toPass();
  for (const data of [
    'run',
    { source: 'somebody else' },
    { bound: 2, type: 'run' },
    { bound: 1, type: 'eval', code: 'alert(1)' },
    run(['echo malformed']),
    run('echo malformed\x03'),
    run('echo malformed', 'node99'),
  ])
    await say(data);
  await say({ ...run('echo from around'), id: 'asked' });
  await expect(screen).toContainText(/\$?echo from around\s*from around/);
  const answers = await page.evaluate(() =>
    ((window as { said?: { type: string; id: unknown; ok: boolean; problem?: string }[] }).said ?? [])
      .filter(({ type }) => type === 'ran')
      .map(({ id, ok, problem }) => [id, ok, problem]),
  );
  expect(answers).toEqual([
    [1, false, 'the command has control characters in it'],
    [1, false, 'there is no host "node99" here; there are: master01, nfs, node01, node02'],
    ['asked', true, undefined],
  ]);
  expect(await screen.textContent()).not.toMatch(/malformed|beside/);
  expect(warnings.filter((text) => text.startsWith('bound: '))).toEqual([
    'bound: a message was ignored: version 2 of the protocol is not known here, 1 is',
    'bound: a message was ignored: type "eval" is not known',
    'bound: a message was ignored: run: host and command are strings',
  ]);
});

test('the lab’s colours follow the page’s, whatever makes those', long, async ({ page }) => {
  await page.goto(
    await publish(
      '<style>body.night { background: rgb(20 20 30); color: white }</style><bound-lab lesson="claim"></bound-lab>',
    ),
  );
  const { frame } = await LabInPage.at(page, 0);
  await expect(frame.locator('html')).toHaveAttribute('data-theme', 'light');
  await page.evaluate(() => document.body.classList.add('night'));
  await expect(frame.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.locator('bound-lab').evaluate((lab) => lab.setAttribute('theme', 'light'));
  await expect(frame.locator('html')).toHaveAttribute('data-theme', 'light');
});

test('a lab may be as high as what is unfolded in it', long, async ({ page }) => {
  await page.goto(await publish('<bound-lab lesson="claim" step="create" height="auto"></bound-lab>'));
  const { element, frame } = await LabInPage.at(page, 0);
  const height = async () => (await element.boundingBox())!.height;
  await expect(frame.getByRole('button', { name: 'Show the picture' })).toBeVisible();
  await page.waitForTimeout(500);
  const folded = await height();
  await frame.getByRole('button', { name: 'Show the picture' }).click();
  await expect(async () => expect(await height()).toBeGreaterThan(folded + 60)).toPass();
  const unfolded = await height();
  const cut = await frame.locator('.picture-body').evaluate((body) => body.scrollHeight - body.clientHeight);
  expect(cut).toBe(0);
  await page.waitForTimeout(500);
  expect(await height()).toBe(unfolded);
  await frame.getByRole('button', { name: 'Hide the picture' }).click();
  await expect(async () => expect(await height()).toBe(folded)).toPass();
});

test('blocks: chosen by a selector, drawn later, and for the lab that they name', async ({ page }) => {
  await page.goto(
    await publish(`
      <bound-lab lesson="claim" step="create" run="pre.language-bash" host="node01" height="300"></bound-lab>
      <div class="wrap" data-bound-run data-bound-lab="other"><pre>hostname</pre></div>
      <pre class="language-bash">hostname -f</pre>
      <pre class="language-yaml">kind: Pod</pre>
      <bound-lab id="other" lesson="deployment" height="300"></bound-lab>`),
  );
  const first = await LabInPage.at(page, 0);
  const second = await LabInPage.at(page, 1);
  await expect(page.locator('.bound-run')).toHaveCount(2);
  await page.locator('.wrap .bound-run').click();
  await second.shows(/hostname\nmaster01/);
  // As Docusaurus draws one: its lines end by an element.
  await page.evaluate(() => {
    const block = document.createElement('pre');
    block.className = 'language-bash';
    block.innerHTML = '<code><span>echo one</span><br><span>echo two</span><br></code><button>Copy</button>';
    document.querySelector('.wrap')!.after(block);
  });
  await page.locator('.wrap + pre + .bound-run').click();
  await first.shows(/echo one\none\n.*echo two\ntwo/);
  await expect(first.frame.getByRole('tab', { name: 'node01' })).toHaveAttribute('aria-selected', 'true');
});

test('what the address asks for and there is not is said, in the frame and to the page', async ({ page }) => {
  await page.goto(await publish('<bound-lab lesson="clam" language="ja"></bound-lab><pre data-bound-run>ls</pre>'));
  const frame = page.frameLocator('bound-lab iframe');
  await expect(frame.getByRole('alert')).toContainText('「clam」というレッスンはありません。');
  const told = page.waitForEvent('console', (message) => message.text().startsWith('bound-lab: '));
  await page.locator('.bound-run').click();
  expect((await told).text()).toMatch(/^bound-lab: not run on master01: 「clam」というレッスンはありません。/);
  expect(
    await page.locator('bound-lab').evaluate(async (lab) => {
      const message = new Promise((heard) =>
        lab.addEventListener('bound-problem', (event) => heard((event as CustomEvent).detail.message)),
      );
      lab.setAttribute('lesson', 'calm');
      return message;
    }),
  ).toMatch(/^「calm」というレッスンはありません。/);
});

const sizes = [
  [320, 300],
  [320, 900],
  [640, 420],
  [800, 420],
  [1200, 300],
  [1200, 900],
] as const;

for (const [language, theme] of [
  ['en', 'light'],
  ['ja', 'dark'],
] as const)
  test(
    `at any size nothing of the frame scrolls, and axe finds nothing (${language})`,
    language === 'en' ? {} : long,
    async ({ page }) => {
      test.setTimeout(120_000);
      await page.goto(`${site.url}${language}/embed/?lesson=claim&step=create&theme=${theme}`);
      const screen = page.locator('.host-terminal.front .xterm-rows');
      await expect(screen).toContainText('#', { timeout: 60_000 });
      await page.locator('.host-terminal.front textarea').focus();
      await page.keyboard.type('kubectl get pvc\n');
      await expect(page.locator('.picture')).toBeVisible();
      for (const [width, height] of sampled(sizes, 2))
        await test.step(`${width} × ${height}`, async () => {
          await page.setViewportSize({ width, height });
          await fits(page, width, height);
          const folded = page.locator('.checkpoints h1 button[aria-expanded=false]');
          if (await folded.count()) {
            await folded.click();
            await expect(page.locator('.checkpoints .reason').first()).toBeVisible();
            await fits(page, width, height);
          }
          const { violations } = await new AxeBuilder({ page }).analyze();
          expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
          if (await page.locator('.checkpoints h1 button').count())
            await page.locator('.checkpoints h1 button').click();
        });
    },
  );

async function fits(page: Page, width: number, height: number): Promise<void> {
  await page.waitForTimeout(200);
  const { inner, terminal, status } = await page.evaluate(() => ({
    inner: [document.documentElement.scrollWidth, document.documentElement.scrollHeight],
    terminal: document.querySelector('.terminals')!.clientHeight,
    status: document.querySelector('.status')!.getBoundingClientRect().bottom,
  }));
  expect(inner).toEqual([width, height]);
  expect(status).toBeLessThanOrEqual(height);
  // Some lines at least.
  expect(terminal).toBeGreaterThan(40);
}

test('a page that is isolated shows it, and one whose policy names the lab’s site', long, async ({ page }) => {
  const complaints = complaintsOf(page);
  const { origin } = new URL(site.url);
  await page.goto(
    await publish('<bound-lab lesson="claim" step="create"></bound-lab>', {
      headers: {
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
        'Content-Security-Policy': `default-src 'self'; script-src ${origin}; frame-src ${origin}`,
      },
    }),
  );
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  const { frame } = await LabInPage.at(page, 0);
  expect(await frame.evaluate(() => crossOriginIsolated)).toBe(true);
  expect(complaints).toEqual([]);
});

test('from a host that sends none of the headers it runs too', long, async ({ page }) => {
  await site.stop();
  site = await serve('--plain');
  await page.goto(await publish('<bound-lab lesson="claim" step="create"></bound-lab>'));
  const { frame } = await LabInPage.at(page, 0);
  expect(await frame.evaluate(() => crossOriginIsolated)).toBe(false);
});

test('the script is small', () => {
  const script = readFileSync(join(import.meta.dirname, '../../dist/bound-lab.js'));
  expect(gzipSync(script).length).toBeLessThan(4_200);
});
