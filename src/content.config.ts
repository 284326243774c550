/** The two collections of `content/`: what a lesson is, and its page in each language. */

import { defineCollection } from 'astro:content';
import { glob } from 'astro/loaders';
import { frontmatterSchema, lessonSchema } from '../sandbox/lesson/schema.ts';
import { LANGUAGES } from '../sandbox/words/index.ts';

const base = process.env.BOUND_CONTENT ?? './content';
/** `01-persistent-volume/en.mdx` → `01-persistent-volume/en`. */
const generateId = ({ entry }: { entry: string }) => entry.replace(/(\/lesson)?\.\w+$/, '');

export const collections = {
  lessons: defineCollection({ loader: glob({ base, pattern: '*/lesson.yaml', generateId }), schema: lessonSchema }),
  texts: defineCollection({
    loader: glob({ base, pattern: LANGUAGES.map((language) => `*/${language}.mdx`), generateId }),
    schema: frontmatterSchema,
  }),
};
