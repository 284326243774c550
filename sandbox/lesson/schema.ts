/** The authors' format: `lesson.yaml`, the frontmatter of each language's `.mdx`, and both joined as the sandbox reads them. */

import * as z from 'zod';
import type { Language } from '../words/index.ts';

const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'an id is lower-case words joined by hyphens');
/** No name ends in the middle of another. */
const varied = z.string().regex(/^\w(?:[\w./:-]*\w)?$/, 'a word of letters, digits and ._/:-');
const host = z.enum(['master01', 'node01', 'node02', 'nfs']);

const command = z
  .strictObject({
    host: host.describe('Where it is typed'),
    run: z.string().min(1).optional().describe('Command lines exactly as a learner types them; heredocs welcome'),
    write: z.string().optional().describe('Instead of run: a manifest of files/, written into the lab by a heredoc'),
    keys: z
      .string()
      .optional()
      .describe('Key strokes that follow (vi, a nested shell), with \\r for Enter and \\x1b for Esc'),
    wait: z
      .string()
      .optional()
      .describe('CEL over the named lists: it is typed only once this is true (or five minutes have passed)'),
  })
  .refine((c) => (c.run === undefined) !== (c.write === undefined), 'exactly one of run, write')
  .describe('One command of a solution');

const checkpoint = z
  .strictObject({
    id,
    assert: z
      .looseObject({ apiVersion: z.string(), kind: z.string() })
      .optional()
      .describe(
        'A partial object, as in Chainsaw or KUTTL: some object of this kind must match it; `{ anyOf: [a, b] }` is any of these values; metadata.namespace is default unless given',
      ),
    writtenOn: host
      .optional()
      .describe("Of assert: a document of any file on this host may match it too, the API's defaults filled in"),
    expr: z.string().optional().describe('CEL over the named lists and functions (docs/authoring.md)'),
    level: z.boolean().default(false).describe('Must still hold when the step is left; otherwise once true stays true'),
    reasons: z
      .array(z.strictObject({ id, when: z.string().describe('CEL') }))
      .default([])
      .describe('Tried in order while it fails: the first that is true names the text in the frontmatter'),
  })
  .refine((c) => (c.assert === undefined) !== (c.expr === undefined), 'exactly one of assert, expr')
  .refine((c) => c.writtenOn === undefined || c.assert !== undefined, 'writtenOn goes with assert');

const question = z.strictObject({ id, choices: z.array(id).min(2), answer: id });

const step = z.strictObject({
  id,
  optional: z
    .boolean()
    .default(false)
    .describe(
      'The lesson is done without it, and later lessons do not rest on it (a challenge); the last of its steps',
    ),
  files: z.array(z.string()).default([]).describe('Manifests of files/ that this step shows'),
  solution: z.array(command).default([]),
  checkpoints: z.array(checkpoint).default([]),
  quiz: z.array(question).default([]),
});

export const lessonSchema = z.strictObject({
  id,
  order: z.number().int().positive(),
  hosts: z.array(host).min(1).describe('Terminals offered, first the one in front'),
  vary: z
    .array(
      z.strictObject({
        word: varied.describe('As it stands in the lessons: a name, a size, a class, a path'),
        as: z
          .array(z.union([varied, z.string().regex(/^[\w./#:-]+$/)]))
          .min(1)
          .describe('What it may be instead; # is any digit'),
      }),
    )
    .default([])
    .describe('Words that are others for each learner of a link with a seed, in all lessons (vary.ts)'),
  steps: z.array(step).min(1),
});

export const frontmatterSchema = z.strictObject({
  title: z.string(),
  summary: z.string().describe('One sentence for the table of contents'),
  part: z
    .string()
    .optional()
    .describe('The part of the course that begins with this lesson, as the map of the front page calls it'),
  minutes: z.number().int().positive(),
  steps: z.record(
    id,
    z.strictObject({
      title: z.string(),
      checkpoints: z
        .record(
          id,
          z.strictObject({
            says: z.string().describe('The sentence about the state that becomes true'),
            hints: z.array(z.string()).length(2),
            reasons: z
              .record(id, z.string())
              .default({})
              .describe('Texts by reason id; ${CEL} is replaced by its value'),
          }),
        )
        .default({}),
      quiz: z
        .record(
          id,
          z.strictObject({
            question: z.string(),
            choices: z.record(id, z.strictObject({ text: z.string(), why: z.string() })),
          }),
        )
        .default({}),
    }),
  ),
});

export type Lesson = z.infer<typeof lessonSchema>;
export type Step = z.infer<typeof step>;
export type Checkpoint = z.infer<typeof checkpoint>;
export type SolutionCommand = z.infer<typeof command>;
export type Frontmatter = z.infer<typeof frontmatterSchema>;

/** A lesson with its texts in every language, as page and `lab` hand it to the sandbox. */
export interface LessonDocument extends Lesson {
  readonly texts: Readonly<Record<Language, Frontmatter>>;
  /** Where the lesson has its files and images from, if that is not where the lab has them: the lab then answers there too. */
  readonly site?: { readonly server?: string; readonly registry?: string };
  /** The manifests of `files/`, by name. */
  readonly manifests: Readonly<Record<string, string>>;
}

/** The steps that make a lesson done: all but its challenge. */
export const requiredSteps = ({ steps }: Pick<Lesson, 'steps'>): Step[] => steps.filter((one) => !one.optional);

/** What is wrong with an author's file, field by field. */
export const problemsOf = ({ issues }: z.ZodError): string =>
  issues.map((issue) => `${issue.path.join('.') || '(top)'}: ${issue.message}`).join('; ');
