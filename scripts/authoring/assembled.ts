/** Imported before all else of the site's configuration: what is built is assembled, and src/build/site-content.ts finds it by BOUND_ASSEMBLED. */

import { ContentError } from '../../sandbox/hosts/content/problems.ts';
import { assemble } from './assemble.ts';

try {
  process.env.BOUND_ASSEMBLED = assemble();
} catch (error) {
  if (!(error instanceof ContentError)) throw error;
  // Its lines are what an author needs; a trace would bury them.
  console.error(error.message);
  process.exit(1);
}
