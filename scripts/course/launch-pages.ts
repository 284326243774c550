/** The pages that a course system opens, one an activity, made of the one that Astro built (src/course/launch.astro). */

import { strFromU8, strToU8 } from 'fflate';
import { courseWords } from '../../sandbox/words/course/index.ts';
import { contentSecurityPolicy } from '../../src/build/policy.ts';
import type { Activity } from './activities.ts';
import type { PackageOptions } from './options.ts';
import { xml } from './xml.ts';

const PATTERN = 'launch/activity/index.html';

type Files = Readonly<Record<string, Uint8Array>>;

/** The lessons' own pages keep the site's policy; this one frames them, and in cmi5 speaks to a learning record store. */
const policyOf = ({ format }: PackageOptions): string =>
  contentSecurityPolicy('meta', undefined, {
    'frame-src': "'self'",
    ...(format === 'cmi5' && { 'connect-src': "'self' https: http:" }),
  });

export function withLaunchPages(options: PackageOptions, activities: readonly Activity[], site: Files): Files {
  const { [PATTERN]: pattern, ...others } = site;
  if (!pattern) throw new Error(`the site was built without ${PATTERN}`);
  const html = strFromU8(pattern);
  const language = options.language ?? 'en';
  const pages = activities.map(({ href, title, shape }) => {
    const values: Readonly<Record<string, string>> = {
      LANGUAGE: language,
      FORMAT: options.format,
      POLICY: policyOf(options),
      TITLE: xml`${title}`.text,
      'NO-SCRIPT': xml`${courseWords[language].noScript}`.text,
      SHAPE: JSON.stringify(shape).replaceAll('<', '\\u003c'),
    };
    const missing = Object.keys(values).filter((name) => !html.includes(name));
    if (missing.length > 0) throw new Error(`${PATTERN} has no place for ${missing.join(', ')}`);
    const filled = html.replaceAll(/\b(?:LANGUAGE|FORMAT|POLICY|TITLE|NO-SCRIPT|SHAPE)\b/g, (name) => values[name]!);
    return [href, strToU8(filled)] as const;
  });
  return { ...others, ...Object.fromEntries(pages) };
}
