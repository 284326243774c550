/** What page and sandbox say to each other (through birpc): one direction in, one direction out. Everything here is plain data. */

import type { LessonDocument } from '../lesson/schema.ts';
import type { Language } from '../words/index.ts';
import type { LookingFunctions, SaveRequest, SaveResult } from './files.ts';
import type { GradingFunctions } from './grades.ts';
import type { Input, LogEntry, Place, SessionLog } from './inputs.ts';
import type { PastFunctions } from './past.ts';
import type { Why, WhySubject } from './why.ts';

export type { Input, Learner, LogEntry, OutsideRequest, Place, SessionLog } from './inputs.ts';
export type { Happening } from './past.ts';
export type { Why, WhyLink, WhySubject } from './why.ts';
export type { Language };

export interface CheckpointState {
  readonly id: string;
  readonly passed: boolean;
  /** Why not yet, in the session's language, from the state that was seen; '' when passed. */
  readonly message: string;
  /** Something was done about it that did not lead there: why not yet is another thing than when the step began. */
  readonly wrong: boolean;
}

export interface StepState {
  readonly id: string;
  readonly open: boolean;
  readonly passed: boolean;
  /** A command was given since it began. */
  readonly tried: boolean;
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
    /** Pods that its controller made in the place of others that had gone, as the cluster's events tell. */
    readonly replaced: number;
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
  readonly exports: readonly {
    readonly path: string;
    readonly exported: boolean;
    /** To whom and how: `*(rw,no_root_squash)`. */
    readonly grants: readonly string[];
    readonly files: readonly string[];
  }[];
  readonly mounts: readonly {
    readonly node: string;
    readonly path: string;
    readonly volume: string;
    readonly pod: string;
  }[];
  /** NFS mounts on nodes that no kubelet made. */
  readonly handMounts: readonly { readonly node: string; readonly path: string; readonly from: string }[];
  readonly nodes: readonly {
    readonly name: string;
    readonly ready: boolean;
    readonly schedulable: boolean;
    readonly controlPlane: boolean;
    /** As `kubectl describe node` writes them. */
    readonly taints: readonly string[];
    /** Whether its machine has what it takes to mount NFS. */
    readonly nfsClient: boolean;
    /** Its machine is on. */
    readonly up: boolean;
  }[];
  readonly server: { readonly name: string; readonly up: boolean; readonly serving: boolean };
}

export interface StartOptions {
  readonly seed: number;
  readonly variant?: number;
  readonly place: Place;
  readonly language: Language;
  readonly lessons: readonly LessonDocument[];
  /** A saved session to go on with; its seed and place win. */
  readonly log?: SessionLog;
  /** The parts of the sandbox's code that the log needs: loaded before its replay begins. */
  readonly parts?: readonly string[];
  /** A log that comes to another state in this version of the lab is gone on with all the same. */
  readonly whateverComes?: boolean;
}

/** Why a log could not be replayed. */
export type ReplayProblemKind =
  /** It names a lesson or step that is no longer there. */
  | 'unknown-place'
  /** It names a machine or terminal that is not there. */
  | 'unknown-host'
  /** It led to another state: it was written by another version of the lab, or damaged. */
  | 'diverged'
  /** Its replay took longer than anybody should wait. */
  | 'endless'
  /** What it started filled the machines. */
  | 'crowded'
  /** Something broke. */
  | 'failed';

export interface ReplayProblem {
  readonly kind: ReplayProblemKind;
  /** Entries that had been put in when it showed. */
  readonly entry: number;
  /** In English, for a bug report. */
  readonly message: string;
}

export type Started =
  | {
      readonly ok: true;
      /** All machines. */
      readonly hosts: readonly string[];
      /** Terminals beside those, as the log opened them and they have not ended. */
      readonly terminals: readonly string[];
      readonly now: number;
    }
  | { readonly ok: false; readonly problem: ReplayProblem };

/** What stands in front on a terminal. */
export interface Foreground {
  /** The login shell waits for a command line. */
  readonly prompt: boolean;
  /** Else what runs: its command line, `kubectl get pods -w`. */
  readonly command: string;
}

/** How the world fares: what a watchdog judges. */
export interface Pulse {
  /** Virtual time (milliseconds since the epoch). */
  readonly now: number;
  /** It waits for code that is being loaded. */
  readonly loading: boolean;
  /** Virtual milliseconds still to be skipped. */
  readonly skipping: number;
}

/** The page calls these. */
export interface SandboxFunctions extends LookingFunctions, PastFunctions, GradingFunctions {
  /** A world at a place, or as a log leaves it; the one before, if any, ends. Never rejects for what is in the log. */
  start(options: StartOptions): Promise<Started>;
  /** Every input becomes one entry of the log, in the order in which they come. */
  put(input: Input): void;
  /** Puts the input `save`, and says what came of it; a server that does not answer keeps it waiting. */
  save(request: SaveRequest & { readonly host: string }): Promise<SaveResult>;
  skip(ms: number): void;
  speed(factor: number): void;
  language(language: Language): void;
  foreground(host: string): Promise<Foreground>;
  pulse(): Promise<Pulse>;
  /** Why something is as it is now; undefined while there is no world. Changes nothing. */
  why(subject: WhySubject): Promise<Why | undefined>;
}

/** The sandbox calls these. */
export interface PageFunctions {
  output(host: string, data: string): void;
  /** The terminals start anew (after undo, jump, restore): clear them before the next output. */
  restarted(): void;
  picture(picture: Picture): void;
  progress(progress: Progress): void;
  /** A terminal that was opened has ended with its shell. */
  ended(terminal: string): void;
  /** New entries of the log, in order, to be saved. */
  logged(entries: readonly LogEntry[], until: number): void;
  time(now: number): void;
  /** What is being waited for that takes long, in words of the field ('pulling nginx'); '' when nothing is. */
  activity(what: string): void;
  /** How far a replay has come: entries put in, of all. */
  replaying(done: number, all: number): void;
  /** A part of the sandbox's code was used for the first time. */
  used(part: string): void;
  /** A part of the sandbox's code cannot be loaded and is tried again; '' when it has come. */
  unloadable(part: string): void;
}
