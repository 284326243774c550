/** What is wrong with an author's files: where, and a sentence. */

export interface Problem {
  readonly file: string;
  /** Counted from 1; left out where the file as a whole is meant, or is not there. */
  readonly line?: number | undefined;
  readonly says: string;
}

/** `content/03-claim/ja.mdx:12: the hint …`, as editors and shells follow it. */
export const problemLine = ({ file, line, says }: Problem): string =>
  `${line === undefined ? file : `${file}:${line}`}: ${says}`;

/** Lessons that cannot be taken as they are: nothing of them is. */
export class ContentError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(problemLine).join('\n'));
    this.name = 'ContentError';
    this.problems = problems;
  }
}
