/** SCORM 2004's run-time environment (4th edition, Run-Time Environment 3 and 4). */

import { isoDuration } from './durations.ts';
import { type Dialect, written } from './scorm.ts';

export const scorm2004: Dialect = {
  api: 'API_1484_11',
  calls: {
    initialize: 'Initialize',
    finish: 'Terminate',
    get: 'GetValue',
    set: 'SetValue',
    commit: 'Commit',
    lastError: 'GetLastError',
    errorString: 'GetErrorString',
  },
  data: 'cmi.suspend_data',
  learner: { id: 'cmi.learner_id', name: 'cmi.learner_name' },
  values: ({ standing: { at }, data, result: { score, progress, complete, passed }, elapsed }) => ({
    'cmi.suspend_data': data,
    'cmi.completion_status': complete ? 'completed' : 'incomplete',
    'cmi.success_status': passed === undefined ? 'unknown' : passed ? 'passed' : 'failed',
    'cmi.progress_measure': written(progress),
    'cmi.score.scaled': written(score),
    'cmi.score.raw': written(score, 100),
    'cmi.score.min': '0',
    'cmi.score.max': '100',
    'cmi.session_time': isoDuration(elapsed),
    'cmi.exit': 'suspend',
    ...(at && { 'cmi.location': `${at.lesson}/${at.step}` }),
  }),
  objective: ({ name, mark, says }) => ({
    id: `urn:bound:${name}`,
    'score.scaled': mark === '1' ? '1' : '0',
    completion_status: mark === '0' ? 'not attempted' : 'completed',
    success_status: mark === '1' ? 'passed' : 'unknown',
    description: says.slice(0, DESCRIPTION),
  }),
};

/** Characters that a course system holds of a description at least (localized_string_type, 250). */
const DESCRIPTION = 250;
