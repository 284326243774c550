/** Grades a saved session in a world of its own, wherever that is: on the command line, or in a teacher's tab. */

import type { Gradable, Grade } from '../channel/grades.ts';
import { gradeText } from '../grading/grade.ts';
import type { HostTimers } from '../sim/driver.ts';
import { createWorld } from '../world/lab.ts';

export const grade = ({ source, text, language, lessons }: Gradable, timers: HostTimers): Promise<Grade> =>
  gradeText(source, text, {
    lessons,
    language,
    createWorld: (seed) => createWorld({ seed }),
    replay: { timers, onProgress: () => {} },
  });
