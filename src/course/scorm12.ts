/** SCORM 1.2's run-time environment (ADL SCORM Version 1.2, The SCORM Run-Time Environment, 3.3 and 3.4). */

import { timespan } from './durations.ts';
import { findApi, type Place } from './find-api.ts';
import { type Beginning, CourseGone, type CourseSystem, type Report } from './system.ts';

interface Api {
  LMSInitialize(nothing: ''): string;
  LMSFinish(nothing: ''): string;
  LMSGetValue(name: string): string;
  LMSSetValue(name: string, value: string): string;
  LMSCommit(nothing: ''): string;
  LMSGetLastError(): string;
  LMSGetErrorString(code: string): string;
}

/** Characters that `cmi.suspend_data` holds. */
export const SUSPEND_DATA = 4_096;
/** Characters that a CMIIdentifier has. */
const IDENTIFIER = 255;

/** Some course systems answer with booleans. */
const isTrue = (answer: unknown): boolean => String(answer) === 'true';

export class Scorm12 implements CourseSystem {
  readonly #window: Place;
  /** The one that was begun: another one begins anew. */
  #begun: Api | undefined;

  constructor(window: Place) {
    this.#window = window;
  }

  async begin(): Promise<Beginning> {
    const api = this.#api();
    return {
      data: get(api, 'cmi.suspend_data'),
      learner: { id: get(api, 'cmi.core.student_id'), name: get(api, 'cmi.core.student_name') },
    };
  }

  async save(report: Report): Promise<void> {
    const api = this.#api();
    tell(api, report);
    if (!isTrue(api.LMSCommit(''))) throw gone(api, 'LMSCommit');
  }

  leave(report: Report): void {
    try {
      const api = this.#api();
      tell(api, report);
      api.LMSCommit('');
      api.LMSFinish('');
    } catch {
      // Nobody is there to be told.
    }
  }

  /** Looked for each time: the window that had it may have gone, or have been loaded anew. */
  #api(): Api {
    const api = findApi<Api>(this.#window, 'API');
    if (!api) throw new CourseGone(this.#begun ? 'lost' : 'missing', 'no window has an API');
    if (api !== this.#begun && !isTrue(api.LMSInitialize(''))) {
      const why = gone(api, 'LMSInitialize');
      // One that was begun before, by a page that is no more, answers.
      api.LMSGetValue('cmi.core.student_id');
      if (api.LMSGetLastError() !== '0') throw why;
    }
    this.#begun = api;
    return api;
  }
}

const get = (api: Api, name: string): string => String(api.LMSGetValue(name) ?? '');

function gone(api: Api, call: string): CourseGone {
  const code = String(api.LMSGetLastError());
  return new CourseGone('lost', `${call}: ${code} ${api.LMSGetErrorString(code)}`);
}

function tell(api: Api, { standing, data, result, items, elapsed }: Report): void {
  const values: Record<string, string> = {
    'cmi.suspend_data': data,
    'cmi.core.lesson_status': statusOf(result),
    'cmi.core.score.raw': percent(result.score),
    'cmi.core.score.min': '0',
    'cmi.core.score.max': '100',
    'cmi.core.session_time': timespan(elapsed),
    // What is suspended keeps its data, also when it is complete.
    'cmi.core.exit': 'suspend',
    ...(standing.at && { 'cmi.core.lesson_location': `${standing.at.lesson}/${standing.at.step}` }),
  };
  for (const [name, value] of Object.entries(values))
    if (!isTrue(api.LMSSetValue(name, value))) throw gone(api, `LMSSetValue ${name}`);
  // A course system need not know objectives.
  if (get(api, 'cmi.objectives._children') === '') return;
  items.forEach(({ name, mark }, n) => {
    api.LMSSetValue(`cmi.objectives.${n}.id`, name.slice(0, IDENTIFIER));
    api.LMSSetValue(`cmi.objectives.${n}.score.raw`, mark === '1' ? '100' : '0');
    api.LMSSetValue(`cmi.objectives.${n}.score.min`, '0');
    api.LMSSetValue(`cmi.objectives.${n}.score.max`, '100');
    const status = mark === '1' ? 'passed' : mark === 's' ? 'completed' : 'not attempted';
    api.LMSSetValue(`cmi.objectives.${n}.status`, status);
  });
}

function statusOf({ complete, passed }: Report['result']): string {
  if (!complete) return 'incomplete';
  return passed ? 'passed' : 'failed';
}

const percent = (part: number): string => String(Math.round(part * 10_000) / 100);
