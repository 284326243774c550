/** The name that this browser's learner goes by in saved sessions. */

import { readPreference, writePreference } from './preferences.ts';

const NAME = 'learner';

/** '' for one who wants none; undefined before anybody was asked. */
export const learnerName = (): string | undefined => readPreference(NAME);

export const rememberName = (name: string): void => writePreference(NAME, name.trim());
