/**
 * `npm run lint-lessons [-- DIR…] [--with-course]`: what is wrong with lessons, a line each, `file:line: sentence`; exit code 1 when
 * something is. First what can be read, then, where that is right, each lesson lived through in the lab. Without DIR, the course.
 */

import { lessonFolders } from '../sandbox/hosts/content/folders.ts';
import { problemLine } from '../sandbox/hosts/content/problems.ts';
import { fromCaller, takeContent, usage } from './authoring/arguments.ts';
import { lintLessons } from './authoring/lint.ts';

const words = process.argv.slice(2);
const named = words.findIndex((word) => !word.startsWith('-'));
// A folder named bare is the one that --content names.
if (named >= 0 && words[named - 1] !== '--content') words.splice(named, 0, '--content');
const [unknown] = takeContent(words);
if (unknown !== undefined)
  usage(
    `lint-lessons: what is "${unknown}"? Name one folder of lessons, or none for the course (and --with-course if yours follow it)`,
  );

let count = 0;
for await (const problem of lintLessons(lessonFolders())) {
  count += 1;
  console.log(problemLine(problem));
}
const where = process.env.BOUND_CONTENT ? fromCaller(process.env.BOUND_CONTENT) : 'the course';
console.error(
  count === 0
    ? `Nothing is wrong with ${where}.`
    : `${count} ${count === 1 ? 'thing is' : 'things are'} wrong with ${where}.`,
);
process.exitCode = count === 0 ? 0 : 1;
