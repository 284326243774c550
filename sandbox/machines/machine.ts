/** A host of the lab: its filesystem, processes, users, network name, units and installed packages. */

import type { Clock } from '../sim/clock.ts';
import type { Random } from '../sim/random.ts';
import type { Process, Program, Tty } from './process.ts';

/** What the rest of the world sees of a machine; `kernel/` implements it. */
export interface Machine {
  readonly hostname: string;
  readonly address: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Executables by name: a file whose inode carries a program name runs that program. */
  readonly programs: ProgramTable;
  /** All processes, by pid. */
  readonly processes: ReadonlyMap<number, Process>;
  /** Opens a terminal and starts a login shell of root on it; with `onEnd` it goes with that shell, else another one greets. */
  login(size: WindowSize, onEnd?: () => void): Terminal;
  /** Runs one program without a terminal, as root (tests, kubelet, checks). */
  readonly init: Process;
  /** A crashed or shut-down machine answers nothing. */
  readonly up: boolean;
}

/** The size of a terminal in character cells (struct winsize). */
export interface WindowSize {
  readonly columns: number;
  readonly rows: number;
}

/** A program's code: at hand, or loaded when first called (virtual time stands still meanwhile: `outside`). */
export type ProgramEntry = { readonly run: Program } | { readonly load: () => Promise<Program> };

export type ProgramTable = ReadonlyMap<string, ProgramEntry>;

/** The page's end of a terminal: what is typed goes in, what appears comes out. */
export interface Terminal {
  readonly tty: Tty;
  /** Key strokes as xterm sends them. */
  input(data: string): void;
  resize(size: WindowSize): void;
  /** What was shown before anybody listened; the first listener is told it. */
  readonly unheard: string;
  /** Called with what the screen must show, in order. */
  onOutput(listener: (data: string) => void): void;
  hangUp(): void;
}
