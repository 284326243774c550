/** chroot(8) of coreutils 9.1: a command with another root directory. */

import { Errno, isErrno } from '../errno.ts';
import { KernelProcess } from '../kernel/process.ts';
import type { Process, Program } from '../process.ts';
import { findInPath, statusCode } from './users/su.ts';

/** EXIT_CANCELED, EXIT_CANNOT_INVOKE and EXIT_ENOENT. */
const CANCELED = 125;
const CANNOT_INVOKE = 126;
const NOT_FOUND = 127;

export const chroot: Program = function* (process, argv) {
  const [root, ...given] = argv.slice(argv[1] === '--' ? 2 : 1);
  if (root === undefined) {
    yield* process.error("chroot: missing operand\nTry 'chroot --help' for more information.\n");
    return CANCELED;
  }
  if (process.uid !== 0) {
    yield* process.error(`chroot: cannot change root directory to '${root}': ${new Errno('EPERM').message}\n`);
    return CANCELED;
  }
  const command = given.length > 0 ? given : [process.env.get('SHELL') ?? '/bin/sh', '-i'];
  const inside = process.fork(
    function* (child) {
      if (!(child instanceof KernelProcess)) return CANCELED;
      try {
        yield* child.chdir(root);
      } catch (error) {
        if (!isErrno(error)) throw error;
        yield* process.error(`chroot: cannot change root directory to '${root}': ${error.message}\n`);
        return CANCELED;
      }
      child.view.root = child.view.cwd;
      return yield* run(child, command);
    },
    argv,
    {},
  );
  return statusCode(yield* process.wait(inside.pid));
};

function* run(process: Process, command: readonly string[]) {
  const [name = ''] = command;
  const path = (yield* findInPath(process, name)) ?? name;
  try {
    return statusCode(yield* process.wait((yield* process.spawn(path, command)).pid));
  } catch (error) {
    if (!isErrno(error)) throw error;
    yield* process.error(`chroot: failed to run command '${name}': ${error.message}\n`);
    return error.code === 'ENOENT' ? NOT_FOUND : CANNOT_INVOKE;
  }
}
