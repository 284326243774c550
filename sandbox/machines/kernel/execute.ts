/** execve(2): from a path to the program that runs, through `#!` lines. */

import { outside, type Task } from '../../sim/task.ts';
import { Errno } from '../errno.ts';
import type { Program } from '../process.ts';
import type { PathView } from './paths.ts';
import { demand, EXECUTE } from './permissions.ts';
import type { KernelProcess } from './process.ts';

/** BINPRM_BUF_SIZE: a longer `#!` line is cut. */
const HEAD = 256;
/** A script may name a script, so many times. */
const MAX_INTERPRETERS = 4;

export interface Executable {
  readonly program: Program;
  readonly argv: readonly string[];
}

export function* findExecutable(
  process: KernelProcess,
  view: PathView,
  path: string,
  argv: readonly string[],
  depth = 0,
): Task<Executable> {
  const location = yield* view.walk(path);
  const { inode } = location;
  if (inode.type !== 'file') throw new Errno('EACCES');
  demand(inode, view.credentials, EXECUTE);
  if (location.mount.options.includes('noexec')) throw new Errno('EACCES');
  if (inode.program !== undefined) return { program: yield* loadProgram(process, inode.program), argv };
  const head = new TextDecoder().decode(inode.read(0, HEAD));
  if (!head.startsWith('#!')) throw new Errno('ENOEXEC');
  if (depth >= MAX_INTERPRETERS) throw new Errno('ELOOP');
  const line = head.slice(2).split('\n', 1)[0]!.trim();
  const [, interpreter, argument] = /^(\S+)(?:\s+(.*))?$/.exec(line) ?? [];
  if (!interpreter) throw new Errno('ENOEXEC');
  return yield* findExecutable(
    process,
    view,
    interpreter,
    [interpreter, ...(argument ? [argument] : []), path, ...argv.slice(1)],
    depth + 1,
  );
}

function* loadProgram({ kernel }: KernelProcess, name: string): Task<Program> {
  const entry = kernel.machine.programs.get(name);
  if (!entry) throw new Errno('ENOEXEC');
  if ('run' in entry) return entry.run;
  const known = kernel.loaded.get(entry);
  if (known) return known;
  const program = yield* outside(kernel.clock, entry.load);
  kernel.loaded.set(entry, program);
  return program;
}
