/** What is searched in a language's texts; src/build/data-files.ts gives the file its name in the built site. */

import type { APIRoute } from 'astro';
import { offeredLanguages } from '../../build/course.ts';
import { lessonPages } from '../../build/lessons.ts';
import { passagesOf } from '../../build/search-passages.ts';
import type { Language } from '../../i18n/index.ts';

export const getStaticPaths = () => offeredLanguages.map((language) => ({ params: { language }, props: { language } }));

export const GET: APIRoute = async ({ props }) => {
  const { language } = props as { language: Language };
  const pages = (await lessonPages()).filter((page) => page.language === language);
  return Response.json(pages.flatMap(({ document, entry }) => passagesOf(document, language, entry.body ?? '')));
};
