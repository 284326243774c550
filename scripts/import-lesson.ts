/**
 * `npm run import-lesson -- --from killercoda|tutorialkit SRC DIR [--language en|ja]`: lessons of another format as lessons in the folder DIR,
 * as far as text, files and scripts go. What could not be taken over is listed, a sentence each.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { shown } from '../sandbox/hosts/content/folders.ts';
import { isLanguage, LANGUAGES } from '../sandbox/words/index.ts';
import { fromCaller, usage } from './authoring/arguments.ts';
import { type Imported, Left } from './authoring/import/imported.ts';
import { readKillercoda } from './authoring/import/killercoda.ts';
import { readTutorialKit } from './authoring/import/tutorialkit.ts';
import { writeImported } from './authoring/import/write.ts';
import { nextOrder } from './authoring/new-lesson.ts';

const FORMATS: Readonly<Record<string, (folder: string, left: Left) => Imported[]>> = {
  killercoda: (folder, left) => [readKillercoda(folder, left)],
  tutorialkit: readTutorialKit,
};

const { values, positionals } = given();
const read = Object.hasOwn(FORMATS, values.from ?? '') ? FORMATS[values.from!] : undefined;
if (!read) usage(`import-lesson: --from is one of ${Object.keys(FORMATS).join(', ')}`);
const [source, target, more] = positionals;
if (!source || !target || more !== undefined)
  usage('import-lesson: name the folder to read, and your folder of lessons');
if (!isLanguage(values.language))
  usage(`import-lesson: --language ${values.language}: there are ${LANGUAGES.join(', ')}`);
if (!existsSync(fromCaller(source))) usage(`import-lesson: ${source}: there is no such folder`);

const left = new Left();
const lessons = orSentence(() => read(fromCaller(source), left));
const folder = fromCaller(target);
const places = lessons.map((lesson) => join(folder, lesson.id));
const there = places.find((place) => existsSync(place));
if (there !== undefined) usage(`import-lesson: ${shown(there)} is there already; nothing was written`);
for (const [index, lesson] of lessons.entries())
  writeImported(places[index]!, lesson, nextOrder(folder), values.language, left);

for (const place of places) console.log(`${shown(place)} is a lesson now.`);
if (left.sentences.length > 0)
  console.log(`\nNot taken over:\n${[...new Set(left.sentences)].map((one) => `- ${one}`).join('\n')}`);
console.log(`\nnpm run lint-lessons -- ${shown(folder)} says what there is to do.`);

function given() {
  try {
    return parseArgs({
      args: process.argv.slice(2),
      options: { from: { type: 'string' }, language: { type: 'string', default: LANGUAGES[0] as string } },
      allowPositionals: true,
    });
  } catch (error) {
    return usage(`import-lesson: ${(error as Error).message.split('\n')[0]}`);
  }
}

/** What is no lesson of that format is said in a line. */
function orSentence<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    console.error(`import-lesson: ${(error as Error).message.split('\n')[0]}`);
    process.exit(1);
  }
}
