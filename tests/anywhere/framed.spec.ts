/** In a frame of another site, with and without storage, and in one that has no origin at all. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, type Frame, type Page, test } from '@playwright/test';
import { lessonsFromDisk } from '../../sandbox/hosts/lessons-from-disk.ts';
import { requiredSteps } from '../../sandbox/lesson/schema.ts';
import { article } from '../article/commands.ts';
import { Learner } from '../article/learner.ts';
import { Reader } from '../article/reader.ts';
import { complaintsOf } from '../support/complaints.ts';
import { type Served, serve } from '../support/site.ts';

test.use({ viewport: { width: 1600, height: 1000 } });

const [lesson] = lessonsFromDisk();
const path = `en/lessons/${lesson!.id}/`;
let site: Served;
let course: Server;
let courseUrl: string;
/** The frame's attributes, as the course's author wrote them. */
let attributes = '';

test.beforeEach(async () => {
  site = await serve('--base', '/a/b/', '--frame-ancestors', 'http://127.0.0.1:*');
  course = createServer((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' });
    response.end(
      `<title>A course</title><iframe ${attributes} src="${site.url}${path}" width="1500" height="900"></iframe>`,
    );
  }).listen(0, '127.0.0.1');
  await new Promise((listening) => course.once('listening', listening));
  courseUrl = `http://127.0.0.1:${(course.address() as AddressInfo).port}/`;
});
test.afterEach(async () => {
  course.close();
  await site.stop();
});

test('lesson 1 in a frame to which storage is refused', async ({ page }) => {
  test.setTimeout(120_000);
  attributes = 'allow="clipboard-write"';
  await page.addInitScript(refuseStorage);
  const complaints = complaintsOf(page);
  const learner = new Learner(page, { frame: await framed(page), root: site.url });
  await learner.atPrompt();
  const reader = new Reader(learner);
  const steps = requiredSteps(lesson!);
  for (const step of process.env.BOUND_LONG ? steps : steps.slice(0, 2)) {
    await learner.seesOpen(step);
    for (const typed of article[lesson!.id]![step.id]!) await reader.type(typed);
    await learner.seesGreen(step);
  }
  await learner.frame.getByRole('combobox', { name: 'Colours' }).selectOption('dark');
  await expect(learner.frame.locator('html')).toHaveAttribute('data-theme', 'dark');
  const [, next] = lessonsFromDisk();
  await learner.turnTo('en', next!.id);
  expect(complaints).toEqual([]);
});

test('a sandboxed frame with an origin runs the lab', async ({ page }) => {
  attributes = 'sandbox="allow-scripts allow-same-origin"';
  const complaints = complaintsOf(page);
  const learner = new Learner(page, { frame: await framed(page), root: site.url });
  await learner.atPrompt();
  await learner.choose('master01');
  expect(await learner.command('kubectl get nodes')).toContain('node02     Ready');
  expect(complaints).toEqual([]);
});

test('a frame without an origin, where no module is loaded, is a page to read', async ({ page }) => {
  attributes = 'sandbox="allow-scripts"';
  const frame = await framed(page);
  await expect(frame.locator('[data-step]').last().locator('.step-body')).toBeVisible();
  await expect(frame.getByText('The terminals need JavaScript.')).toBeVisible();
  await expect(frame.getByRole('button')).toHaveCount(0);
});

test('nobody else may frame it', async ({ page }) => {
  await site.stop();
  site = await serve('--base', '/a/b/');
  attributes = '';
  await page.goto(courseUrl);
  await expect(page.frameLocator('iframe').locator('header.site')).toHaveCount(0);
});

async function framed(page: Page): Promise<Frame> {
  await page.goto(courseUrl);
  const frame = await page.locator('iframe').elementHandle();
  return (await frame!.contentFrame())!;
}

/** As a browser does that blocks what third parties store: naming it throws. */
function refuseStorage(): void {
  for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches'])
    Object.defineProperty(window, name, {
      get: () => {
        throw new DOMException(`Access to ${name} is denied`, 'SecurityError');
      },
    });
  navigator.serviceWorker.register = () => Promise.reject(new DOMException('denied', 'SecurityError'));
}
