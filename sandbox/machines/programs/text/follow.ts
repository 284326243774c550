/** `tail -f`: looks at the files every second and writes what was added. */

import { sleep, type Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { Process, Stat } from '../../process.ts';
import { parseInterval } from '../system/interval.ts';
import { quoted, type Tool } from '../tool.ts';

export interface Followed {
  readonly path: string;
  /** Bytes that were written. */
  size: number;
  ino: number;
  missing: boolean;
}

/** In the background of the world's time. Ends with the process that `--pid` names. */
export function* follow(tool: Tool, files: Followed[], byName: boolean): Task<void> {
  const { process } = tool;
  const interval = Math.min(parseInterval(tool.get('s') ?? '1') ?? 1000, 1e9);
  const pid = tool.get('pid');
  let titled = files.length > 1 ? files.at(-1) : undefined;
  for (;;) {
    if (pid !== undefined && !(yield* isAlive(process, pid))) return;
    yield* sleep(process.machine.clock, Math.max(interval, 1), true);
    for (const file of files) {
      let stat: Stat;
      try {
        stat = yield* process.stat(file.path);
      } catch (error) {
        if (!isErrno(error)) throw error;
        if (!file.missing && byName)
          yield* tool.complain(`${quoted(file.path)} has become inaccessible: ${error.message}`);
        file.missing = true;
        continue;
      }
      if (byName && (stat.ino !== file.ino || file.missing)) {
        yield* process.error(
          `tail: ${quoted(file.path)} has ${file.missing ? 'appeared' : 'been replaced'};  following new file\n`,
        );
        file.ino = stat.ino;
        file.size = 0;
        file.missing = false;
      }
      if (stat.size < file.size) {
        yield* process.error(`tail: ${file.path}: file truncated\n`);
        file.size = 0;
      }
      if (stat.size === file.size) continue;
      if (!tool.has('q') && titled && titled !== file) {
        yield* tool.print(`\n==> ${file.path} <==\n`);
        titled = file;
      }
      yield* writeAdded(tool, file);
    }
  }
}

function* writeAdded(tool: Tool, file: Followed): Task<void> {
  const opened = yield* tool.process.open(file.path, { read: true });
  try {
    opened.seek?.(file.size);
    for (;;) {
      const chunk = yield* opened.read();
      if (chunk.length === 0) return;
      file.size += chunk.length;
      yield* tool.process.stdout.write(chunk);
    }
  } finally {
    opened.release();
  }
}

function* isAlive(process: Process, pid: string): Task<boolean> {
  try {
    yield* process.stat(`/proc/${pid}`);
    return true;
  } catch (error) {
    if (!isErrno(error)) throw error;
    return false;
  }
}
