/** The standards that a package for a course system may speak. */

const FORMATS = ['scorm12', 'scorm2004', 'cmi5'] as const;
export type CourseFormat = (typeof FORMATS)[number];

export const isFormat = (format: unknown): format is CourseFormat => FORMATS.includes(format as CourseFormat);
