/**
 * `npm run new-lesson -- DIR/ID [--language en|ja|en,ja]`: a lesson to begin from, in a folder of lessons that is made if need be. It
 * builds and passes the linter as it stands; every sentence of it is to be replaced.
 */

import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { shown } from '../sandbox/hosts/content/folders.ts';
import { isLanguage, LANGUAGES } from '../sandbox/words/index.ts';
import { fromCaller, usage } from './authoring/arguments.ts';
import { writeLesson } from './authoring/new-lesson.ts';

const { values, positionals } = given();
const [place, more] = positionals;
if (!place || more !== undefined) usage('new-lesson: name one lesson, as in: npm run new-lesson -- our-lessons/first');
const path = fromCaller(place);
const id = basename(path);
if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) usage(`new-lesson: "${id}" is no id: lower-case words joined by hyphens`);
const languages = values.language.split(',');
const other = languages.find((language) => !isLanguage(language));
if (other !== undefined) usage(`new-lesson: --language ${other}: there are ${LANGUAGES.join(', ')}`);
if (existsSync(path)) usage(`new-lesson: ${shown(path)} is there already; nothing was written`);

writeLesson(path, id, languages);
const folder = shown(dirname(path));
console.log(`${shown(path)} is a lesson now: ${['lesson.yaml', ...languages.map((one) => `${one}.mdx`), join('files', 'volume.yaml')].join(', ')}
  npm run lint-lessons -- ${folder}        what is wrong with it
  npm run dev -- --content ${folder}       the site, with reload on change
docs/authoring.md tells the rest.`);

function given() {
  try {
    return parseArgs({
      args: process.argv.slice(2),
      options: { language: { type: 'string', default: LANGUAGES[0] } },
      allowPositionals: true,
    });
  } catch (error) {
    return usage(`new-lesson: ${(error as Error).message.split('\n')[0]}`);
  }
}
