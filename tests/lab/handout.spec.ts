/** A lesson on paper: everything open, boxes to tick, nothing given away; and its answers on a sheet of their own. */

import { expect, test } from '@playwright/test';
import { lessonsFromDisk } from '../../sandbox/hosts/lessons-from-disk.ts';
import { LANGUAGES } from '../../sandbox/words/languages.ts';

const lesson = lessonsFromDisk().find(({ id }) => id === 'claim')!;
const question = lesson.steps.flatMap(({ id, quiz }) => quiz.map((asked) => ({ ...asked, step: id })))[0]!;

for (const language of LANGUAGES) {
  const text = lesson.texts[language];
  const asked = text.steps[question.step]!.quiz[question.id]!;

  test(`the handout has every step and no answer (${language})`, async ({ page }) => {
    await page.goto(`/${language}/lessons/claim/`);
    await expect(page.locator('.xterm').first()).toBeVisible();
    await page.emulateMedia({ media: 'print' });
    for (const { id } of lesson.steps) await expect(page.locator(`[data-step="${id}"] > .step-body`)).toBeVisible();
    await expect(page.locator('#lab')).toBeHidden();
    for (const shut of ['.hint', '.quiz .why', '.predict details', '.step-state', '.gate', 'button', 'header.site'])
      for (const one of await page.locator(shut).all()) await expect(one, shut).toBeHidden();
    // What was ticked on the screen is not ticked on paper.
    await page.emulateMedia({ media: 'screen' });
    await page.evaluate(() => {
      for (const step of document.querySelectorAll<HTMLElement>('[data-step]')) step.dataset.open = '';
    });
    const right = page.locator(`[data-quiz="${question.id}"] input[data-right]`);
    await right.check();
    await page.emulateMedia({ media: 'print' });
    const box = (one: Element) => [getComputedStyle(one).appearance, getComputedStyle(one).backgroundColor];
    expect(await right.evaluate(box)).toEqual(['none', 'rgba(0, 0, 0, 0)']);
    await expect(page.locator(`[data-quiz="${question.id}"] .why`).first()).toBeHidden();
    expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-');
  });

  test(`the answers have the right choices, the predictions and the solutions (${language})`, async ({ page }) => {
    await page.goto(`/${language}/lessons/claim/answers/`);
    await page.emulateMedia({ media: 'print' });
    const sheet = page.locator('main');
    const { text: right } = asked.choices[question.answer]!;
    await expect(sheet).toContainText(right.replaceAll('`', ''));
    for (const wrong of question.choices.filter((choice) => choice !== question.answer))
      await expect(sheet).not.toContainText(asked.choices[wrong]!.text.replaceAll('`', ''));
    await expect(sheet.locator('.answer-step')).toHaveCount(lesson.steps.length);
    for (const { run } of lesson.steps.flatMap(({ solution }) => solution))
      if (run) await expect(sheet.getByText(run, { exact: true }).first()).toBeVisible();
    await expect(sheet.locator('.predict details > :not(summary)').first()).toBeVisible();
    await expect(sheet.locator('button, input').first()).toBeHidden();
  });
}
