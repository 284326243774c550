/** `npm run build [-- --content DIR [--with-course]] [--outDir DIR]`: the static site, in dist/, or in dist-own/ when the lessons are somebody's own. */

import { shown } from '../sandbox/hosts/content/folders.ts';
import { fromCaller, takeContent, usage } from './authoring/arguments.ts';
import { buildSite } from './authoring/site.ts';

const rest = takeContent(process.argv.slice(2));
const given = rest.findIndex((word) => word === '--outDir' || word.startsWith('--outDir='));
let outDir = process.env.BOUND_CONTENT ? 'dist-own' : 'dist';
if (given >= 0) {
  const [name, inline] = rest[given]!.split('=', 2);
  const named = inline ?? rest[given + 1];
  if (!named) usage(`${name}: name the folder to build in`);
  outDir = fromCaller(named);
  rest.splice(given, inline === undefined ? 2 : 1);
}
buildSite(outDir, rest);
if (process.env.BOUND_CONTENT) console.log(`Built ${shown(process.env.BOUND_CONTENT)} in ${outDir}`);
