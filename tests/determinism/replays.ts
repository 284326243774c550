/** A session's log replayed in hosts outside this process, and what each told until it was quiet. */

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { frame, unframe } from '../../sandbox/channel/framing.ts';
import type { PageFunctions, Picture, Progress, Started, StartOptions } from '../../sandbox/channel/messages.ts';
import { lessons } from './whole-course.ts';

const PROJECT = join(import.meta.dirname, '../..');

/** What a sandbox told its page until it was quiet. */
export interface Told {
  readonly output: Readonly<Record<string, string>>;
  readonly progress: Progress;
  readonly picture: Picture;
}

type Tell = { readonly [Name in keyof PageFunctions]: [Name, ...Parameters<PageFunctions[Name]>] }[keyof PageFunctions];

/** birpc's own messages: `q` asks, `s` answers. */
export interface Message {
  readonly t: 'q' | 's';
  readonly m?: string;
  readonly a?: readonly unknown[];
  readonly i?: string;
  readonly r?: unknown;
  readonly e?: unknown;
}

export const startMessage = (options: StartOptions): Message => ({ t: 'q', i: 'start', m: 'start', a: [options] });

/** Everything until the answer to `start`, and the first picture and progress after it. */
export const isComplete = (messages: readonly Message[]): boolean => {
  const failed = messages.find(
    ({ t, e, i, r }) => t === 's' && (e !== undefined || (i === 'start' && !(r as Started).ok)),
  );
  if (failed) throw new Error(`start: ${JSON.stringify(failed)}`);
  return (
    messages.some(({ t, i }) => t === 's' && i === 'start') &&
    ['progress', 'picture', 'output'].every((name) => messages.some(({ m }) => m === name))
  );
};

export function summary(messages: readonly Message[]): Told {
  const tells = messages.filter(({ t }) => t === 'q').map(({ m, a }) => [m, ...(a ?? [])] as Tell);
  let output: Record<string, string> = {};
  for (const [name, ...args] of tells)
    if (name === 'output') {
      const [host, data] = args as [string, string];
      output[host] = (output[host] ?? '') + data;
    } else if (name === 'restarted') {
      // The page clears its terminals here: the first prompts, shown before there was a cluster, come again.
      output = {};
    }
  const last = <T>(wanted: string): T => tells.findLast(([name]) => name === wanted)![1] as T;
  return {
    output,
    progress: last<Progress>('progress'),
    picture: last<Picture>('picture'),
  };
}

export function startInNode(start: Message): Promise<Message[]> {
  const child = spawn(process.execPath, [join(PROJECT, 'sandbox/hosts/webcontainer.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    const messages: Message[] = [];
    child.stdout.setEncoding('utf8').on(
      'data',
      unframe((message) => {
        messages.push(message as Message);
        try {
          if (!isComplete(messages)) return;
          resolve(messages);
        } catch (error) {
          reject(error);
        }
        child.stdin.end();
      }),
    );
    child.on('error', reject);
    child.stdin.write(frame(start));
  });
}

/** The site's own worker, in a page that does nothing else. */
export async function startInWorker(page: Page, start: Message): Promise<Message[]> {
  await page.goto('/404');
  const messages: Message[] = [];
  const complete = new Promise<void>((resolve, reject) => {
    const heard = (message: Message) => {
      messages.push(message);
      try {
        if (isComplete(messages)) resolve();
      } catch (error) {
        reject(error);
      }
    };
    void page.exposeFunction('heard', heard).catch(reject);
  });
  await page.waitForFunction(() => 'heard' in globalThis);
  await page.evaluate(
    ({ url, message }) => {
      const worker = new Worker(url, { type: 'module', name: 'bound-sandbox' });
      const { heard } = globalThis as unknown as { heard: (message: unknown) => void };
      worker.onmessage = ({ data }) => heard(data);
      worker.onerror = (event) => heard({ t: 's', e: event.message });
      worker.postMessage(message);
    },
    { url: await workerUrl(page), message: start },
  );
  await complete;
  return messages;
}

/** As the built site names it. */
async function workerUrl(page: Page): Promise<string> {
  const early = await page.request.get(`/en/lessons/${lessons[0]!.id}/`);
  const scripts = (await early.text()).match(/\/_astro\/[\w.-]+\.js/g) ?? [];
  for (const script of new Set(scripts)) {
    const found = /["'`](\/?(?:_astro\/)?worker-[\w-]+\.js)["'`]/.exec(await (await page.request.get(script)).text());
    if (found) return new URL(found[1]!, new URL(script, page.url())).href;
  }
  throw new Error('no script of the lesson page starts a worker');
}
