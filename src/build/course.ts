/** What a site is built with that goes into packages for course systems (scripts/course), whatever their standard; the site itself is built without. */

import { isLanguage, type Language, languages } from '../i18n/index.ts';

const { PUBLIC_COURSE, BOUND_COURSE_LESSONS, BOUND_COURSE_LANGUAGE } = process.env;

export const forCourses = PUBLIC_COURSE === '1';

export const offeredLanguages: readonly Language[] = isLanguage(BOUND_COURSE_LANGUAGE)
  ? [BOUND_COURSE_LANGUAGE]
  : languages;

const lessons = BOUND_COURSE_LESSONS?.split(',');

/** Whether a lesson has pages. Those before it are there as data all the same: its world begins as their solutions leave it. */
export const offers = (lesson: string): boolean => lessons?.includes(lesson) ?? true;
