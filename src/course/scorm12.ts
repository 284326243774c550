/** SCORM 1.2's run-time environment (ADL SCORM Version 1.2, The SCORM Run-Time Environment, 3.3 and 3.4). */

import { timespan } from './durations.ts';
import { type Dialect, written } from './scorm.ts';
import type { Report } from './system.ts';

/** Characters that `cmi.suspend_data` holds. */
export const SUSPEND_DATA = 4_096;
/** Characters that a CMIIdentifier has. */
const IDENTIFIER = 255;

export const scorm12: Dialect = {
  api: 'API',
  calls: {
    initialize: 'LMSInitialize',
    finish: 'LMSFinish',
    get: 'LMSGetValue',
    set: 'LMSSetValue',
    commit: 'LMSCommit',
    lastError: 'LMSGetLastError',
    errorString: 'LMSGetErrorString',
  },
  data: 'cmi.suspend_data',
  learner: { id: 'cmi.core.student_id', name: 'cmi.core.student_name' },
  values: ({ standing: { at }, data, result, elapsed }) => ({
    'cmi.suspend_data': data,
    'cmi.core.lesson_status': statusOf(result),
    'cmi.core.score.raw': written(result.score, 100),
    'cmi.core.score.min': '0',
    'cmi.core.score.max': '100',
    'cmi.core.session_time': timespan(elapsed),
    // What is suspended keeps its data, also when it is complete.
    'cmi.core.exit': 'suspend',
    ...(at && { 'cmi.core.lesson_location': `${at.lesson}/${at.step}` }),
  }),
  objective: ({ name, mark }) => ({
    id: name.slice(0, IDENTIFIER),
    'score.raw': mark === '1' ? '100' : '0',
    'score.min': '0',
    'score.max': '100',
    status: mark === '1' ? 'passed' : mark === 's' ? 'completed' : 'not attempted',
  }),
};

function statusOf({ complete, passed }: Report['result']): string {
  if (!complete) return 'incomplete';
  return passed ? 'passed' : 'failed';
}
