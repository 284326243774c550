/** Where awk's output can go besides its own: files and commands. */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { OpenFile, Process } from '../../process.ts';
import { Output } from '../io.ts';
import { AwkError } from './syntax.ts';

export interface Sink {
  write(text: string): Task<void>;
  close(): Task<number>;
  /** Without writing what is left: its process ends. */
  release(): void;
}

/** `print | "command"` */
export function* pipeInto(process: Process, command: string): Task<Sink> {
  const { read, write } = process.pipe();
  let child: Process;
  try {
    child = yield* process.spawn('/bin/sh', ['sh', '-c', command], { files: new Map(process.files).set(0, read) });
  } catch (error) {
    write.release();
    if (!isErrno(error)) throw error;
    throw new AwkError(`cannot open "${command}" for output (${error.message})`);
  } finally {
    read.release();
  }
  const out = new Output(write);
  return {
    write: (text) => out.write(text),
    *close() {
      yield* out.flush();
      write.release();
      const result = yield* process.wait(child.pid);
      return 'code' in result ? result.code : 1;
    },
    release: () => write.release(),
  };
}

/** `print > "file"`, `print >> "file"` */
export function* writeTo(process: Process, operator: string, name: string): Task<Sink> {
  const file = yield* openOutput(process, operator, name);
  const out = new Output(file);
  const own = file !== process.stdout && file !== process.stderr;
  return {
    write: (text) => out.write(text),
    *close() {
      yield* out.flush();
      if (own) file.release();
      return 0;
    },
    release: () => {
      if (own) file.release();
    },
  };
}

function* openOutput(process: Process, operator: string, name: string): Task<OpenFile> {
  if (name === '/dev/stdout' || name === '-') return process.stdout;
  if (name === '/dev/stderr') return process.stderr;
  try {
    return yield* process.open(name, {
      write: true,
      create: true,
      append: operator === '>>',
      truncate: operator === '>',
    });
  } catch (error) {
    if (!isErrno(error)) throw error;
    throw new AwkError(`cannot open "${name}" for output (${error.message})`);
  }
}
