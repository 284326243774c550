/** What page and sandbox say to each other (through birpc): one direction in, one direction out. Everything here is plain data. */

import type { LessonDocument } from '../lesson/schema.ts';

export type Language = 'en' | 'ja';

/** `lesson/step`, e.g. `persistent-volume/create`. */
export interface Place {
  readonly lesson: string;
  readonly step: string;
}

/**
 * An input of the session's log, at its virtual time (milliseconds since the epoch). Where a command ends, `hash` is the
 * world's just before it: a replay that comes to another one is told so.
 */
export type LogEntry = { readonly at: number; readonly hash?: number } & Input;

export type Input =
  | { readonly type: 'keys'; readonly host: string; readonly data: string }
  | { readonly type: 'resize'; readonly host: string; readonly columns: number; readonly rows: number }
  | { readonly type: 'open'; readonly place: Place }
  | { readonly type: 'solve'; readonly place: Place }
  | { readonly type: 'answer'; readonly place: Place; readonly question: string; readonly choice: number }
  /** A command line of `lab script`, in the host's shell without a terminal. */
  | { readonly type: 'run'; readonly host: string; readonly command: string }
  /** The checkpoints of a step, evaluated by `lab script`: commands among them leave their traces. */
  | { readonly type: 'check'; readonly place: Place };

/** A whole session: what is saved, shared in a link, sent with a bug report. */
export interface SessionLog {
  readonly version: 1;
  readonly seed: number;
  readonly start: Place;
  readonly entries: readonly LogEntry[];
  /** Where virtual time stood when saved. */
  readonly until: number;
}

export interface CheckpointState {
  readonly id: string;
  readonly passed: boolean;
  /** Why not yet, in the session's language, from the state that was seen; '' when passed. */
  readonly message: string;
}

export interface StepState {
  readonly id: string;
  readonly open: boolean;
  readonly passed: boolean;
  /** Its solution was typed by "show me". */
  readonly shown: boolean;
  readonly checkpoints: readonly CheckpointState[];
  /** Chosen answers of a quiz, by question id. */
  readonly answers: Readonly<Record<string, number>>;
}

export interface Progress {
  readonly lesson: string;
  readonly steps: readonly StepState[];
}

/** What the picture draws; edges follow from names. Built from objects, mounts and exports only. */
export interface Picture {
  readonly workloads: readonly {
    readonly kind: string;
    readonly name: string;
    readonly ready: number;
    readonly replicas: number;
  }[];
  readonly pods: readonly {
    readonly name: string;
    /** As the STATUS column of `kubectl get pods`. */
    readonly status: string;
    readonly ready: boolean;
    readonly node: string;
    readonly owner: string;
    readonly claims: readonly string[];
    readonly uid: string;
  }[];
  readonly claims: readonly { readonly name: string; readonly status: string; readonly volume: string }[];
  readonly volumes: readonly {
    readonly name: string;
    readonly status: string;
    readonly claim: string;
    readonly server: string;
    readonly path: string;
  }[];
  readonly exports: readonly { readonly path: string; readonly exported: boolean; readonly files: readonly string[] }[];
  readonly mounts: readonly {
    readonly node: string;
    readonly path: string;
    readonly volume: string;
    readonly pod: string;
  }[];
  readonly nodes: readonly { readonly name: string; readonly ready: boolean; readonly schedulable: boolean }[];
}

export interface StartOptions {
  readonly seed: number;
  readonly place: Place;
  readonly language: Language;
  readonly lessons: readonly LessonDocument[];
  /** A saved session to go on with; its seed and place win. */
  readonly log?: SessionLog;
}

/** The page calls these. Terminals are named by their host: `master01`, `node01`, `node02`, `nfs`. */
export interface SandboxFunctions {
  start(options: StartOptions): Promise<{ readonly hosts: readonly string[]; readonly now: number }>;
  input(host: string, data: string): void;
  resize(host: string, columns: number, rows: number): void;
  /** Types a command block, with Enter after it, into a host's terminal. */
  run(host: string, command: string): void;
  /** Types the step's solution; the step is then shown, not solved. */
  solve(place: Place): void;
  open(place: Place): void;
  answer(place: Place, question: string, choice: number): void;
  skip(ms: number): void;
  speed(factor: number): void;
  undo(): Promise<void>;
  /** A new world at the start of a place: the log becomes the solutions before it. */
  jump(place: Place): Promise<void>;
  language(language: Language): void;
  log(): Promise<SessionLog>;
}

/** The sandbox calls these. */
export interface PageFunctions {
  output(host: string, data: string): void;
  /** The terminals start anew (after undo, jump, restore): clear them before the next output. */
  restarted(): void;
  picture(picture: Picture): void;
  progress(progress: Progress): void;
  /** New entries of the log, to be saved. */
  logged(entries: readonly LogEntry[], until: number): void;
  time(now: number): void;
  /** A saved session no longer leads to the same world in this version of the lab; from the input at this virtual time on. */
  diverged(at: number): void;
  /** What is being waited for that takes long, in words of the field ('pulling nginx'); '' when nothing is. */
  activity(what: string): void;
}
