/** watch(1): runs a command again and again, and shows its output on the whole screen. */

import { firstOf, type Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { Process } from '../../process.ts';
import { formatTime } from '../format/time.ts';
import { tool } from '../tool.ts';

export const watch = tool(
  'watch',
  {
    short: '+bcd::egn:ptx',
    long: {
      beep: 'b',
      color: 'c',
      differences: 'd::',
      errexit: 'e',
      chgexit: 'g',
      interval: 'n:',
      'no-title': 't',
      exec: 'x',
    },
    usage: 'watch [options] command',
    version: 'watch from procps-ng 4.0.2',
  },
  function* (tool) {
    const { process } = tool;
    if (tool.operands.length === 0) {
      yield* process.error('Usage:\n watch [options] command\n');
      return 1;
    }
    const tty = process.stdout.tty;
    const seconds = Math.max(0.1, Number(tool.get('n') ?? 2) || 2);
    const command = tool.operands.join(' ');
    if (tty) yield* process.print('\x1b[?1049h\x1b[22;0;0t\x1b[?25l\x1b[H\x1b[2J');
    let ended = false;
    const { clock } = process.machine;
    let wake: (() => void) | undefined;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.trap(signal, () => {
        ended = true;
        wake?.();
      });
    }
    let last: string | undefined;
    let failed: string;
    try {
      while (!ended) {
        const { output, status } = yield* capture(process, tool.has('x') ? tool.operands : ['sh', '-c', command]);
        if (ended) break;
        const rows = tty?.rows ?? 24;
        const columns = tty?.columns ?? 80;
        const title = tool.has('t') ? [] : [header(process, seconds, command, columns), ''];
        const lines = output
          .replace(/\n$/, '')
          .split('\n')
          .map((l) => clip(l, columns, tool.has('c')));
        const shown = [...title, ...lines].slice(0, rows);
        yield* process.print(`\x1b[H${shown.map((l) => `${l}\x1b[K`).join('\n')}\x1b[J`);
        if (tool.has('e') && status !== 0) return status;
        if (tool.has('g') && last !== undefined && last !== output) break;
        last = output;
        // The screen's refresh is nobody's foreground.
        yield* firstOf(
          (resume) => {
            const timer = clock.after(seconds * 1000, resume, { background: true });
            return () => timer.cancel();
          },
          (resume) => {
            wake = resume;
            return undefined;
          },
        );
      }
      return 0;
    } catch (error) {
      if (!isErrno(error, 'EAGAIN', 'ENOMEM', 'EMFILE')) throw error;
      failed = error.message;
    } finally {
      if (tty) yield* process.print(`\x1b[${tty.rows};1H\x1b[?12l\x1b[?25h\x1b[?1049l\x1b[23;0;0t`);
    }
    yield* tool.complain(`unable to fork process: ${failed}`);
    return 2;
  },
);

function header(process: Process, seconds: number, command: string, columns: number): string {
  const left = `Every ${seconds.toFixed(1)}s: ${command}`;
  const right = `${process.machine.hostname}: ${formatTime('%c', process.now())}`;
  const room = columns - right.length - 1;
  if (room < 12) return left.slice(0, columns);
  const cut = left.length > room ? `${left.slice(0, room - 3)}...` : left;
  return cut.padEnd(columns - right.length) + right;
}

const clip = (line: string, columns: number, colour: boolean): string => {
  const plain = colour ? line : line.replace(/\x1b\[[0-9;]*[A-Za-z]/g, '');
  return colour && plain.includes('\x1b') ? plain : [...plain.replace(/\t/g, '        ')].slice(0, columns).join('');
};

function* capture(process: Process, argv: readonly string[]): Task<{ output: string; status: number }> {
  const { read, write } = process.pipe();
  const files = new Map(process.files).set(1, write).set(2, write);
  let child: Process;
  try {
    child = yield* process.spawn(argv[0] === 'sh' ? '/bin/sh' : `/usr/bin/${argv[0]}`, argv, { files });
  } finally {
    write.release();
  }
  const decoder = new TextDecoder();
  let output = '';
  for (let chunk = yield* read.read(); chunk.length > 0; chunk = yield* read.read())
    output += decoder.decode(chunk, { stream: true });
  read.release();
  const result = yield* process.wait(child.pid);
  return { output, status: 'code' in result ? result.code : 1 };
}
