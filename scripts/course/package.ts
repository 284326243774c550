/** A package for a course system (SCORM 1.2, SCORM 2004, cmi5): the site built for it, what a system reads of it, and the standard's schemas. */

import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Zippable, zipSync } from 'fflate';
import { lessonsFromDisk } from '../../sandbox/hosts/lessons-from-disk.ts';
import { siteWords } from '../../sandbox/words/site/index.ts';
import { SUSPEND_DATA } from '../../src/course/scorm12.ts';
import { longest } from '../../src/course/standing.ts';
import { type Activity, activitiesOf, type CourseTexts } from './activities.ts';
import { buildSite } from './build.ts';
import { withLaunchPages } from './launch-pages.ts';
import { optionsOf, type PackageOptions, USAGE, UsageError } from './options.ts';
import { scorm12Manifest } from './scorm12.ts';

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
  const manifest = scorm12Manifest(textsOf(options), activities, others);
  const schemas = join(import.meta.dirname, 'schemas', options.format);
  const standard = Object.fromEntries(readdirSync(schemas).map((name) => [name, readFileSync(join(schemas, name))]));
  return { 'imsmanifest.xml': Buffer.from(manifest), ...standard, ...files };
}

function textsOf({ language = 'en' }: PackageOptions): CourseTexts {
  return { title: `Bound – ${siteWords[language].site.tagline}`, summary: siteWords[language].site.lead, language };
}

/** What a learner has done must fit into what the standard keeps of it. */
function demandRoom({ format }: PackageOptions, activities: readonly Activity[]): void {
  if (format !== 'scorm12') return;
  const tooLong = activities.find(({ shape }) => longest(shape) > SUSPEND_DATA);
  if (tooLong)
    throw new UsageError(
      `${tooLong.id}: its checkpoints come to ${longest(tooLong.shape)} characters, SCORM 1.2 keeps ${SUSPEND_DATA}; pack fewer lessons, or leave out --whole`,
    );
}
