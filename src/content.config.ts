/** The collection of pages: each lesson's prose in each language that it has. What else a lesson is, build/site-content.ts reads. */

import { defineCollection } from 'astro:content';
import { glob } from 'astro/loaders';
import { frontmatterSchema } from '../sandbox/lesson/schema.ts';

export const collections = {
  texts: defineCollection({
    loader: glob({
      base: process.env.BOUND_ASSEMBLED!,
      pattern: '*/*.mdx',
      generateId: ({ entry }) => entry.replace(/\.mdx$/, ''),
    }),
    schema: frontmatterSchema,
  }),
};
