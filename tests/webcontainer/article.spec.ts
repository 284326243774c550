/** The whole article in a WebContainer: replayed, the same bytes as in the worker; with BOUND_LONG=1 also typed there from beginning to end. */

import { readdirSync, readFileSync } from 'node:fs';
import { frame, unframe } from '../../sandbox/channel/framing.ts';
import { requiredSteps } from '../../sandbox/lesson/schema.ts';
import { article } from '../article/commands.ts';
import { Learner } from '../article/learner.ts';
import { Reader } from '../article/reader.ts';
import { isComplete, type Message, startInWorker, startMessage, summary } from '../determinism/replays.ts';
import { lessons, wholeCourse } from '../determinism/whole-course.ts';
import { expect, type Page, test } from '../support/profile.ts';
import { long } from '../support/sample.ts';
import { HostedPage } from './page.ts';
import { type StandIn, startStandIn } from './standin.ts';

let standIn: StandIn;
test.beforeAll(async () => {
  standIn = await startStandIn();
});
test.afterAll(() => standIn.close());
test.use({ inProfile: { bypassCSP: true }, viewport: { width: 1920, height: 1080 } });

test('the log of the whole course is the same session in the worker and in a WebContainer', async ({ page }) => {
  test.setTimeout(240_000);
  const lived = await wholeCourse(2018);
  const start = startMessage({ seed: 1, place: lived.log.start, language: 'en', lessons, log: lived.log });
  await new HostedPage(page).framedBy(standIn);
  const inWorker = summary(await startInWorker(page, start));
  const inWebContainer = summary(await startInWebContainer(page, start));
  expect(inWebContainer.output).toEqual(lived.output);
  expect(inWebContainer).toEqual(inWorker);
});

test('typed there from beginning to end, in English', long, async ({ page }) => {
  test.setTimeout(1_800_000);
  const hosted = await new HostedPage(page).framedBy(standIn);
  const learner = new Learner(page);
  const reader = new Reader(learner);
  for (const [index, lesson] of lessons.entries()) {
    await (index === 0 ? learner.open('en', lesson.id) : learner.turnTo('en', lesson.id));
    await hosted.isInWebContainer();
    for (const step of requiredSteps(lesson))
      await test.step(`${lesson.id}/${step.id}`, async () => {
        await learner.seesOpen(step);
        for (const typed of article[lesson.id]![step.id]!) await reader.type(typed);
        await learner.seesGreen(step);
      });
    await learner.hasFinished(lesson);
  }
  expect(hosted.errors).toEqual([]);
});

/** The site's own program, mounted and spawned by the site's own client. */
async function startInWebContainer(page: Page, start: Message): Promise<Message[]> {
  const messages: Message[] = [];
  const complete = new Promise<void>((resolve, reject) => {
    const take = unframe((message) => {
      messages.push(message as Message);
      try {
        if (isComplete(messages)) resolve();
      } catch (error) {
        reject(error);
      }
    });
    void page.exposeFunction('heardText', take).catch(reject);
  });
  await page.waitForFunction(() => 'heardText' in globalThis);
  await page.evaluate(
    async ({ client, text }) => {
      const { heardText } = globalThis as unknown as { heardText: (text: string) => Promise<void> };
      const { WebContainer } = (await import(client)) as typeof import('@webcontainer/api');
      const container = await WebContainer.boot({ coep: 'require-corp', workdirName: 'bound' });
      const read = async (name: string) => (await fetch(`/webcontainer/${name}`)).text();
      const names = JSON.parse(await read('files.json')) as string[];
      const files = await Promise.all(names.map(async (name) => [name, { file: { contents: await read(name) } }]));
      await container.mount(Object.fromEntries(files));
      const child = await container.spawn('node', ['sandbox.mjs']);
      await child.input.getWriter().write(text);
      const reader = child.output.getReader();
      void (async () => {
        for (;;) {
          const { done, value } = await reader.read();
          if (done) return;
          await heardText(value);
        }
      })();
    },
    { client: clientUrl(), text: frame(start) },
  );
  await complete;
  return messages;
}

/** As the built site names it. */
function clientUrl(): string {
  const folder = new URL('../../.cache/site-webcontainer/_astro/', import.meta.url);
  const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'));
  const client = scripts.find((name) =>
    readFileSync(new URL(name, folder), 'utf8').includes('Only a single WebContainer'),
  );
  if (!client) throw new Error('no script of the site has the client of WebContainers');
  return `/_astro/${client}`;
}
