/** `--content DIR` and `--with-course` of `npm start`, `npm run build` and `npm run dev`; a wrong word ends the program with one line. */

import { isAbsolute, resolve } from 'node:path';
import { ContentError } from '../../sandbox/hosts/content/problems.ts';

/** npm runs its scripts in the repository; paths are meant from where its caller stands. */
export const fromCaller = (path: string): string =>
  isAbsolute(path) ? path : resolve(process.env.INIT_CWD ?? process.cwd(), path);

export function usage(says: string): never {
  console.error(says);
  process.exit(2);
}

/** Sets what the build goes by (BOUND_CONTENT, BOUND_WITH_COURSE), and gives the arguments that are left. */
export function takeContent(args: readonly string[]): string[] {
  const rest: string[] = [];
  const left = [...args];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    const [name, inline] = word.split(/=(.*)/s, 2) as [string, string | undefined];
    if (name === '--with-course') process.env.BOUND_WITH_COURSE = '1';
    else if (name === '--content') {
      const folder = inline ?? left.shift();
      if (!folder || folder.startsWith('--')) usage('--content: name the folder of your lessons');
      process.env.BOUND_CONTENT = fromCaller(folder);
    } else rest.push(word);
  }
  if (process.env.BOUND_WITH_COURSE && !process.env.BOUND_CONTENT)
    usage('--with-course goes with --content DIR: without it the course is what there is');
  return rest;
}

/** Runs it; what is wrong with the lessons is printed, a line each, and ends the program with 1. */
export function orProblems<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof ContentError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
