/** What is said of a learner's saved session: how far each checkpoint came, and whether the log is what it says it is. Plain data. */

import type { LessonDocument } from '../lesson/schema.ts';
import type { Language } from '../words/index.ts';
import type { Learner, Place } from './inputs.ts';

/** What a log is, the worst first. */
export const STATES = ['damaged', 'impossible', 'differs', 'endless', 'copied', 'whole'] as const;
export type State = (typeof STATES)[number];

/** What a doubt makes of a log. */
export const DOUBTS = {
  /** It cannot be read; `detail` says why. */
  unreadable: 'damaged',
  /** Its times run backwards, or beyond those that a lab has. */
  backwards: 'impossible',
  /** It was saved before its last input. */
  'early-end': 'impossible',
  /** It names a lesson, step, machine, terminal, question or choice that is not there. */
  'unknown-name': 'impossible',
  /** Commands in it lack the hash that the lab notes of each. */
  'no-hash': 'impossible',
  /** It holds inputs that no page puts in, only programs do. */
  program: 'impossible',
  /** The whole of it was typed faster than any hand types. */
  'too-fast': 'impossible',
  /** Its inputs come at one and the same distance, as no hand's do. */
  'too-regular': 'impossible',
  /** The replay came to another state than the session had. */
  differs: 'differs',
  /** The replay was given up. */
  endless: 'endless',
  /** The same inputs at the same times as another learner's. */
  same: 'copied',
  /** A run of inputs with the same words and pauses as in another learner's. */
  run: 'copied',
} as const satisfies Readonly<Record<string, State>>;
export type DoubtKind = keyof typeof DOUBTS;

export interface Doubt {
  readonly kind: DoubtKind;
  /** In English, or a name: what was found, where `kind` does not say all. */
  readonly detail: string;
  /** The entry at which it shows, counted from 1. */
  readonly entry?: number;
  /** The command at which it shows, counted from 1. */
  readonly command?: number;
  /** Of a copy: the other log's source, and how many inputs they share. */
  readonly other?: string;
  readonly shared?: number;
}

/** How far a checkpoint or question came. */
export interface Mark {
  /**
   * `passed` by the learner's own doing; `shown`: once its step's solution had been typed by the lab; `given`: before the learner began;
   * `wrong`: something was done that did not lead there; `open`: looked at, and nothing of it done.
   */
  readonly state: 'passed' | 'shown' | 'given' | 'wrong' | 'open';
  /** Of `passed` and `shown`: after so many seconds of the lab's time from the session's beginning. */
  readonly after?: number;
  /** Of `wrong`: the author's reason, or the choice, by its id ('' where the engine said it), and its words. */
  readonly because?: string;
  readonly message?: string;
}

/** Where somebody stumbled: what a checkpoint said was wrong, or a wrong choice. */
export interface Stumble {
  /** A column's name. */
  readonly column: string;
  readonly because: string;
  readonly message: string;
  readonly times: number;
}

export interface Grade {
  /** The file it came from. */
  readonly source: string;
  readonly learner: Learner;
  readonly state: State;
  readonly doubts: readonly Doubt[];
  /** A later save of the same session by the same learner: that one counts. */
  readonly supersededBy?: string;
  readonly seed?: number;
  readonly start?: Place;
  /** From the first thing done to the last, in the lab's time. */
  readonly seconds: number;
  /** Without solutions that were shown. */
  readonly commands: number;
  /** Steps whose solution was shown, as `lesson/step`. */
  readonly shown: readonly string[];
  /** Steps of the lessons that were opened which are not done, without challenges. */
  readonly undone: readonly string[];
  /** The lessons that were opened, first the one it began in. */
  readonly lessons: readonly string[];
  /** By column (`lesson/step/checkpoint`); what was never come to has none. */
  readonly marks: Readonly<Record<string, Mark>>;
  readonly stumbles: readonly Stumble[];
  /** What `compare` goes by. */
  readonly trace: Trace;
}

export interface Trace {
  /** Of all that was done, with its times; 0 when that is too little to say anything. */
  readonly whole: number;
  /** Inputs that are something done. */
  readonly inputs: number;
  /** Of each run of inputs that is long and various enough that nobody types it twice. */
  readonly runs: readonly number[];
}

/** The worst that its doubts make of it. */
export const stateOf = (doubts: readonly Doubt[]): State =>
  STATES.find((state) => doubts.some(({ kind }) => DOUBTS[kind] === state)) ?? 'whole';

/** The grade of a log of which nothing is known but why. */
export const refusal = (source: string, doubt: Doubt, learner: Learner = {}): Grade => ({
  source,
  learner,
  state: stateOf([doubt]),
  doubts: [doubt],
  seconds: 0,
  commands: 0,
  shown: [],
  undone: [],
  lessons: [],
  marks: {},
  stumbles: [],
  trace: { whole: 0, inputs: 0, runs: [] },
});

export interface GradingFunctions {
  /** A saved session, replayed in a world of its own and graded, whatever its text is. */
  grade(file: Gradable): Promise<Grade>;
}

export interface Gradable {
  /** What the file is called. */
  readonly source: string;
  readonly text: string;
  readonly language: Language;
  readonly lessons: readonly LessonDocument[];
}
