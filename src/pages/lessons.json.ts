/** All lessons as the sandbox is started with them. */

import type { APIRoute } from 'astro';
import { lessonDocuments } from '../build/lessons.ts';

export const GET: APIRoute = async () => Response.json(await lessonDocuments());
