/** The activities of a package: what a course system lists, opens and scores, one by one. */

import type { CourseShape } from '../../src/course/shape.ts';
import { plainText } from '../../src/i18n/inline.ts';
import type { PackageOptions } from './options.ts';
import { shapeOf } from './shape-of.ts';

/** The activity of a package that is one. */
const WHOLE = 'course';

export interface Activity {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  /** Its page, by its path in the package. */
  readonly href: string;
  readonly shape: CourseShape;
  readonly minutes: number;
}

export interface CourseTexts {
  readonly title: string;
  readonly summary: string;
  /** The language that the activities begin in. */
  readonly language: string;
}

export function activitiesOf(
  { lessons, whole, mastery, language = 'en' }: PackageOptions,
  course: CourseTexts,
): Activity[] {
  const parts = lessons.map((lesson) => {
    const { title, summary, minutes } = lesson.texts[language];
    const shape = { mastery, lessons: [shapeOf(lesson, language)] };
    return { id: lesson.id, title: plainText(title), summary: plainText(summary), minutes, shape };
  });
  const activities = whole
    ? [
        {
          id: WHOLE,
          ...course,
          minutes: parts.reduce((sum, { minutes }) => sum + minutes, 0),
          shape: { mastery, lessons: parts.flatMap(({ shape }) => shape.lessons) },
        },
      ]
    : parts;
  return activities.map((activity) => ({ ...activity, href: `launch/${activity.id}/index.html` }));
}
