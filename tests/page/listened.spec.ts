/**
 * What a screen reader is given of a lesson, in order: the accessibility tree, written out beside this test and read by a person when
 * it changes (`npx playwright test … --update-snapshots` writes it anew).
 */

import { expect, test } from '@playwright/test';
import { LessonPage } from '../support/lab.ts';
