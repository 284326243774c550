/** A package for a course system (SCORM 1.2, SCORM 2004, cmi5): the site built for it, what a system reads of it, and the standard's schemas. */

import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { strToU8, type Zippable, zipSync } from 'fflate';
import { lessonsFromDisk } from '../../sandbox/hosts/lessons-from-disk.ts';
import { siteWords } from '../../sandbox/words/site/index.ts';
import { SUSPEND_DATA } from '../../src/course/scorm12.ts';
import { longest } from '../../src/course/standing.ts';
import { type Activity, activitiesOf, type CourseTexts } from './activities.ts';
import { buildSite } from './build.ts';
import { cmi5Structure } from './cmi5.ts';
import { withLaunchPages } from './launch-pages.ts';
import { optionsOf, type PackageOptions, USAGE, UsageError } from './options.ts';
import { scorm12Manifest } from './scorm12.ts';
import { scorm2004Manifest } from './scorm2004.ts';

/** What a course system reads first, by its name. */
const MANIFESTS: Readonly<Record<PackageOptions['format'], readonly [name: string, write: typeof scorm12Manifest]>> = {
  scorm12: ['imsmanifest.xml', scorm12Manifest],
  scorm2004: ['imsmanifest.xml', scorm2004Manifest],
  cmi5: ['cmi5.xml', cmi5Structure],
};

/** Zip files tell the time; a package of the same files is the same. */
const MADE = new Date(2026, 0, 1);

/** The exit code. */
export async function packageCourse(argv: readonly string[]): Promise<number> {
  try {
    const options = optionsOf(argv, lessonsFromDisk());
    const activities = activitiesOf(options, textsOf(options));
    demandRoom(options, activities);
    const files = packageFiles(options, await buildSite(options));
    writeFileSync(options.out, zipped(files));
    const name = relative(process.cwd(), options.out);
    const counted = `${activities.length} ${activities.length === 1 ? 'activity' : 'activities'}`;
    const size = (statSync(options.out).size / 1e6).toFixed(1);
    console.log(`${name}: ${options.format}, ${counted}, ${Object.keys(files).length} files, ${size} MB`);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message} (${USAGE})`);
    return 2;
  }
}

const zipped = (files: Zippable): Uint8Array => zipSync(files, { level: 9, mtime: MADE });

/** All that is in the package, of a site built for its lessons and language. */
export function packageFiles(options: PackageOptions, site: Readonly<Record<string, Uint8Array>>): Zippable {
  const activities = activitiesOf(options, textsOf(options));
  const files = withLaunchPages(options, activities, site);
  const launched = new Set(activities.map(({ href }) => href));
  const others = Object.keys(files).filter((path) => !launched.has(path));
  const [name, write] = MANIFESTS[options.format];
  const manifest = strToU8(write(textsOf(options), activities, others));
  return { [name]: manifest, ...schemasOf(options), ...files };
}

/** SCORM's packages carry them along; cmi5's do not. */
function schemasOf({ format }: PackageOptions): Zippable {
  if (format === 'cmi5') return {};
  const folder = join(import.meta.dirname, 'schemas', format);
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
}

function textsOf({ language = 'en' }: PackageOptions): CourseTexts {
  return { title: `Bound – ${siteWords[language].site.tagline}`, summary: siteWords[language].site.lead, language };
}

/** What a learner has done must fit into what the standard keeps of it. */
export function demandRoom({ format }: Pick<PackageOptions, 'format'>, activities: readonly Activity[]): void {
  if (format !== 'scorm12') return;
  const tooLong = activities.find(({ shape }) => longest(shape) > SUSPEND_DATA);
  if (tooLong)
    throw new UsageError(
      `${tooLong.id}: its checkpoints come to ${longest(tooLong.shape)} characters, SCORM 1.2 keeps ${SUSPEND_DATA}; pack fewer lessons, or leave out --whole`,
    );
}
