/** What authors may write in a lesson's prose; see docs/authoring.md. */

import Fence from './Fence.astro';
import Manifest from './Manifest.astro';
import Note from './Note.astro';
import Output from './Output.astro';
import Predict from './Predict.astro';
import Quiz from './Quiz.astro';
import Run from './Run.astro';
import Skip from './Skip.astro';
import Step from './Step.astro';
import Table from './Table.astro';
import ThenAndNow from './ThenAndNow.astro';

export const lessonComponents = {
  Step,
  Run,
  Manifest,
  Output,
  Predict,
  ThenAndNow,
  Note,
  Quiz,
  Skip,
  pre: Fence,
  table: Table,
};
