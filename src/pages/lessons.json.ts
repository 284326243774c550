/** All lessons as the sandbox is started with them; src/build/data-files.ts gives the file its name in the built site. */

import type { APIRoute } from 'astro';
import { lessonDocuments } from '../build/lessons.ts';

export const GET: APIRoute = () => Response.json(lessonDocuments());
