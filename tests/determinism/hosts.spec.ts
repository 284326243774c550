/** One log, three hosts: lived through in this process, replayed by the built worker in Chromium and by Node over stdio. */

import type { StartOptions } from '../../sandbox/channel/messages.ts';
import { expect, test } from '../support/profile.ts';
import { long } from '../support/sample.ts';
import { type Message, startInNode, startInWorker, startMessage, summary } from './replays.ts';
import { lessons, wholeCourse } from './whole-course.ts';

test('the same log is the same session in Chromium, in Node, and as it was lived', async ({ page }) => {
  test.setTimeout(240_000);
  const lived = await wholeCourse(2018);
  const options: StartOptions = {
    seed: 1,
    place: lived.log.start,
    language: 'en',
    lessons,
    log: lived.log,
  };
  const inNode = summary(await startInNode(startMessage(options)));
  const inWorker = summary(await startInWorker(page, startMessage(options)));

  expect(inNode.output).toEqual(lived.output);
  expect(inWorker).toEqual(inNode);
  expect(inNode.progress.lesson).toBe(lessons.at(-1)!.id);
  expect(inNode.progress.steps.map(({ passed }) => passed)).not.toContain(false);
  expect(inNode.output.master01).toMatch(/kubectl get p$/);
  expect(inNode.output.nfs).toContain('half a thought');
});

test(
  'both come to the same world at another place without a log, and another seed to another',
  long,
  async ({ page }) => {
    test.setTimeout(120_000);
    const place = { lesson: 'statefulset', step: 'files' };
    const options = (seed: number): Message => startMessage({ seed, place, language: 'ja', lessons });
    const inNode = summary(await startInNode(options(7)));
    expect(summary(await startInWorker(page, options(7)))).toEqual(inNode);
    expect(summary(await startInNode(options(8))).picture).not.toEqual(inNode.picture);
  },
);
