/** Which session a page begins with: one found, fresh, brought along, or what can be had of one that cannot be replayed. */

import { lastCommand, withoutLastCommand } from '../../sandbox/channel/log.ts';
import type { SessionLog } from '../../sandbox/channel/messages.ts';
import type { LessonDocument } from '../../sandbox/lesson/schema.ts';
import type { Terms } from '../assignment/terms.ts';
import { type Library, type OpenSession, otherSession, sessionOf } from './journal/library.ts';
import type { Origin, Problem, SessionRecord } from './journal/records.ts';
import { comesFrom, isSessionHash, type Visit } from './session-notes.ts';
import type { SessionState } from './session-state.svelte.ts';

/** Commands cut from the end of a log that cannot be replayed, before its step is begun anew instead. */
const CUTS = 2;

export class Openings {
  readonly #library: Library;
  readonly #state: SessionState;
  readonly #lessonId: string;
  readonly #lesson: () => LessonDocument;
  /** The sessions there were when the page was opened. */
  #sessions: readonly SessionRecord[] = [];
  #terms: Terms | undefined;

  /** `lesson`: the page's, which may come later than its session. */
  constructor(library: Library, state: SessionState, lessonId: string, lesson: () => LessonDocument) {
    this.#library = library;
    this.#state = state;
    this.#lessonId = lessonId;
    this.#lesson = lesson;
  }

  /** The session to go on with: a link's, the one the reader comes with, this tab's own, or the last that was in this lesson. */
  async found({ hash, session, tab, terms }: Visit): Promise<OpenSession | undefined> {
    this.#terms = await terms;
    if (isSessionHash(hash)) {
      const { BrokenSession, fromHash } = await import('./share.ts');
      try {
        return await this.brought(await fromHash(hash), 'link');
      } catch (error) {
        if (!(error instanceof BrokenSession)) throw error;
        this.#state.broken = error.message;
      }
    }
    this.#sessions = await this.#library.list();
    const seed = this.#terms?.seed;
    const sessions = this.#sessions.filter((one) => seed === undefined || (one.seed === seed && one.variant === seed));
    const comesWith = comesFrom(hash);
    const been = sessions.filter(({ reached }) => reached[this.#lessonId] !== undefined);
    const tabs = been.find(({ id }) => id === tab)?.id;
    // In a course the browser may be other learners' too: only the course system knows whose session is this one's.
    const last = import.meta.env.PUBLIC_COURSE ? undefined : sessionOf(sessions, this.#lessonId)?.id;
    for (const id of [comesWith, session, tabs, last]) {
      const known = sessions.find((one) => one.id === id);
      if (!known || (known.problem && id !== comesWith)) continue;
      const opened = await this.#library.open(known.id);
      if (!opened) continue;
      this.#state.world = { kind: id === comesWith ? 'same' : 'own' };
      return opened;
    }
    return undefined;
  }

  /** A session at the lesson's beginning, or at a step that it has, as the solutions before leave it. */
  async fresh(at?: string): Promise<OpenSession> {
    const { id, steps } = this.#lesson();
    const { seed, step = import.meta.env.PUBLIC_COURSE ? at : undefined } = this.#terms ?? {};
    const place = { lesson: id, step: (steps.find((one) => one.id === step) ?? steps[0]!).id };
    const opened = await this.#library.begin({ origin: 'begun', place, seed, variant: seed });
    this.#state.world = {
      kind: 'fresh',
      other: import.meta.env.PUBLIC_COURSE ? undefined : otherSession(this.#sessions),
    };
    return opened;
  }

  /** What came with a link or in a file, as a session of its own. */
  async brought(log: SessionLog, origin: Extract<Origin, 'link' | 'file'>): Promise<OpenSession> {
    const opened = await this.#library.begin({ origin, log, reached: { [this.#lessonId]: '' }, keep: true });
    this.#state.world = { kind: origin };
    return opened;
  }

  /** Another session in place of one that cannot be replayed; that one is set aside, as it is. */
  async recover(from: OpenSession, problem: Problem, entry: number, tries: number): Promise<OpenSession> {
    const { journal } = from;
    const { record } = journal;
    if (!journal.taken) await this.#library.setAside(from, problem);
    const runaway = problem.kind === 'endless' || problem.kind === 'crowded' || problem.kind === 'unfinished';
    if (runaway && tries < CUTS) {
      const log = journal.log();
      const upTo = { ...log, entries: log.entries.slice(0, entry) };
      if (lastCommand(upTo.entries)) return this.fork(upTo, record, problem);
    }
    this.#state.setAside = { problem, session: this.#state.setAside?.session ?? record.id, without: undefined };
    const { id, steps } = this.#lesson();
    const step = steps.find((one) => one.id === record.reached[id]) ?? steps[0]!;
    return this.#library.begin({ origin: 'begun', place: { lesson: id, step: step.id }, keep: true });
  }

  /** What the log was before its last command, as a session of its own. */
  fork(log: SessionLog, { id, parts, reached }: SessionRecord, problem: Problem): Promise<OpenSession> {
    const command = lastCommand(log.entries)?.command ?? '';
    this.#state.setAside = { problem, session: this.#state.setAside?.session ?? id, without: command };
    return this.#library.begin({ origin: 'fork', log: withoutLastCommand(log), parts, reached, keep: true });
  }
}
