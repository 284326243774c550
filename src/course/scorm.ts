/** What both of SCORM's run-time environments have in common: an object on a window, called one call after the other. */

import { findApi, type Place } from './find-api.ts';
import { type Beginning, CourseGone, type CourseSystem, type Report } from './system.ts';

type Api = Readonly<Record<string, (...args: readonly string[]) => unknown>>;
type Call = 'initialize' | 'finish' | 'get' | 'set' | 'commit' | 'lastError' | 'errorString';

/** How one of them says it. */
export interface Dialect {
  /** The object's name. */
  readonly api: string;
  readonly calls: Readonly<Record<Call, string>>;
  readonly data: string;
  readonly learner: { readonly id: string; readonly name: string };
  /** What must be taken for a learner's work to be kept. */
  readonly values: (report: Report) => Readonly<Record<string, string>>;
  /** Of the n-th objective: a course system need not know them. */
  readonly objective: (item: Report['items'][number]) => Readonly<Record<string, string>>;
}

/** Some course systems answer with booleans. */
const isTrue = (answer: unknown): boolean => String(answer) === 'true';

export class Scorm implements CourseSystem {
  readonly #window: Place;
  readonly #dialect: Dialect;
  /** The one that was begun: another one begins anew. */
  #begun: Api | undefined;

  constructor(window: Place, dialect: Dialect) {
    this.#window = window;
    this.#dialect = dialect;
  }

  async begin(): Promise<Beginning> {
    const { data, learner } = this.#dialect;
    const api = this.#api();
    return {
      data: this.#get(api, data),
      learner: { id: this.#get(api, learner.id), name: this.#get(api, learner.name) },
    };
  }

  async save(report: Report): Promise<void> {
    const api = this.#api();
    this.#tell(api, report);
    if (!isTrue(this.#call(api, 'commit', ''))) throw this.#gone(api, this.#dialect.calls.commit);
  }

  leave(report: Report): void {
    try {
      const api = this.#api();
      this.#tell(api, report);
      this.#call(api, 'commit', '');
      this.#call(api, 'finish', '');
    } catch {
      // Nobody is there to be told.
    }
  }

  /** Looked for each time: the window that had it may have gone, or have been loaded anew. */
  #api(): Api {
    const { api: name, calls, learner } = this.#dialect;
    const api = findApi<Api>(this.#window, name);
    if (!api) throw new CourseGone(this.#begun ? 'lost' : 'missing', `no window has an ${name}`);
    if (api !== this.#begun && !isTrue(this.#call(api, 'initialize', ''))) {
      const why = this.#gone(api, calls.initialize);
      // One that was begun before, by a page that is no more, answers.
      this.#call(api, 'get', learner.id);
      if (String(this.#call(api, 'lastError')) !== '0') throw why;
    }
    this.#begun = api;
    return api;
  }

  #tell(api: Api, report: Report): void {
    const { values, objective } = this.#dialect;
    for (const [name, value] of Object.entries(values(report)))
      if (!isTrue(this.#call(api, 'set', name, value))) throw this.#gone(api, `${this.#dialect.calls.set} ${name}`);
    if (this.#get(api, 'cmi.objectives._children') === '') return;
    for (const [n, item] of report.items.entries())
      for (const [name, value] of Object.entries(objective(item)))
        this.#call(api, 'set', `cmi.objectives.${n}.${name}`, value);
  }

  #get(api: Api, name: string): string {
    return String(this.#call(api, 'get', name) ?? '');
  }

  /** What throws – its window is another one's now – is no course system. */
  #call(api: Api, call: Call, ...args: readonly string[]): unknown {
    const name = this.#dialect.calls[call];
    try {
      return api[name]!(...args);
    } catch (error) {
      throw new CourseGone('lost', `${name}: ${error}`);
    }
  }

  #gone(api: Api, what: string): CourseGone {
    const code = String(this.#call(api, 'lastError'));
    return new CourseGone('lost', `${what}: ${code} ${this.#call(api, 'errorString', code)}`);
  }
}

/** A score as it is written: two digits behind the point are enough for a course. */
export const written = (part: number, of = 1): string => String(Math.round(part * of * 100) / 100);
