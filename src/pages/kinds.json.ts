/** The kinds of the lab's API, as the search has them in every language; src/build/data-files.ts names the file. */

import type { APIRoute } from 'astro';
import { servedKinds } from '../build/kinds.ts';

export const GET: APIRoute = () => Response.json(servedKinds());
