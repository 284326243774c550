/** date, sleep, timeout. */

import { type Task, sleep as wait } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { Process, Signal } from '../../process.ts';
import { isSignal, signalNamed } from '../../shell/signals.ts';
import { type Choices, chosen, notChosen } from '../choice.ts';
import { parseDate } from '../format/date-parse.ts';
import { formatTime } from '../format/time.ts';
import { splitLines } from '../io.ts';
import { exitCode, ForkError, startCommand } from '../run.ts';
import { tool } from '../tool.ts';
import { parseInterval } from './interval.ts';

const ISO: Readonly<Record<string, string>> = {
  '': '%Y-%m-%d',
  date: '%Y-%m-%d',
  hours: '%Y-%m-%dT%H%:z',
  minutes: '%Y-%m-%dT%H:%M%:z',
  seconds: '%Y-%m-%dT%H:%M:%S%:z',
  ns: '%Y-%m-%dT%H:%M:%S,%N%:z',
};

const PRECISIONS: readonly (readonly [name: string, option: string, choices: Choices])[] = [
  ['I', '--iso-8601', [['hours'], ['minutes'], ['date'], ['seconds'], ['ns']]],
  ['rfc3339', '--rfc-3339', [['date'], ['seconds'], ['ns']]],
];

export const date = tool(
  'date',
  {
    short: 'd:f:I::r:Rs:u',
    long: {
      date: 'd:',
      file: 'f:',
      'iso-8601': 'I::',
      reference: 'r:',
      'rfc-email': 'R',
      'rfc-3339': 'rfc3339:',
      set: 's:',
      utc: 'u',
      universal: 'u',
    },
    usage: 'date [OPTION]... [+FORMAT]\n  or:  date [-u|--utc|--universal] [MMDDhhmm[[CC]YY][.ss]]',
  },
  function* (tool) {
    const { process } = tool;
    const operand = tool.operands[0];
    if (tool.operands.length > 1) return yield* tool.usage(`extra operand ${tool.quote(tool.operands[1]!)}`);
    if (operand !== undefined && !operand.startsWith('+')) {
      yield* tool.complain(
        /^\d{8}/.test(operand) ? 'cannot set date: Operation not permitted' : `invalid date ${tool.quote(operand)}`,
      );
      return 1;
    }
    for (const [name, option, choices] of PRECISIONS) {
      const value = tool.get(name);
      if (value && chosen(choices, value) === undefined) return yield* notChosen(tool, choices, value, option);
    }
    const set = tool.get('s');
    if (set !== undefined && parseDate(set, process.now()) === undefined) {
      yield* tool.complain(`invalid date ${tool.quote(set)}`);
      return 1;
    }
    if (set !== undefined) {
      yield* tool.complain('cannot set date: Operation not permitted');
      return 1;
    }
    let format = operand?.slice(1) ?? '%a %b %e %H:%M:%S %Z %Y';
    if (tool.has('I')) format = ISO[Object.keys(ISO).find((word) => word.startsWith(tool.get('I') || 'date')) ?? '']!;
    if (tool.has('R')) format = '%a, %d %b %Y %H:%M:%S %z';
    const rfc = tool.get('rfc3339');
    if (rfc !== undefined)
      format = rfc.startsWith('d')
        ? '%Y-%m-%d'
        : rfc.startsWith('n')
          ? '%Y-%m-%d %H:%M:%S.%N%:z'
          : '%Y-%m-%d %H:%M:%S%:z';
    const times: number[] = [];
    const texts = tool.get('f') === undefined ? [tool.get('d')] : splitLines(yield* process.readText(tool.get('f')!));
    for (const text of texts) {
      if (tool.get('r') !== undefined) {
        try {
          times.push((yield* process.stat(tool.get('r')!)).mtime);
        } catch (error) {
          if (!isErrno(error)) throw error;
          yield* tool.complain(`${tool.get('r')}: ${error.message}`);
        }
        continue;
      }
      const time =
        text === undefined
          ? process.now()
          : text === ''
            ? parseDate('midnight', process.now())
            : parseDate(text, process.now());
      // Beyond this, a year has no calendar here.
      if (time === undefined || !(Math.abs(time) <= 8.64e15)) yield* tool.complain(`invalid date ${tool.quote(text!)}`);
      else times.push(time);
    }
    for (const time of times) yield* tool.print(`${formatTime(format, time)}\n`);
    return tool.status;
  },
);

export const sleep = tool('sleep', { short: '', usage: 'sleep NUMBER[SUFFIX]...' }, function* (tool) {
  if (tool.operands.length === 0) return yield* tool.usage('missing operand');
  let total = 0;
  for (const operand of tool.operands) {
    const interval = parseInterval(operand);
    if (interval === undefined) yield* tool.process.error(`sleep: invalid time interval ${tool.quote(operand)}\n`);
    else total += interval;
    if (interval === undefined) tool.status = 1;
  }
  if (tool.status !== 0) {
    yield* tool.process.error("Try 'sleep --help' for more information.\n");
    return 1;
  }
  // A sleep without end is nobody's foreground.
  if (total === Number.POSITIVE_INFINITY) for (;;) yield* wait(tool.process.machine.clock, 1e12, true);
  // A clock counts whole milliseconds, and no longer than this.
  yield* tool.process.sleep(Math.min(Math.ceil(total), 1e15));
  return 0;
});

export const timeout = tool(
  'timeout',
  {
    short: '+k:s:v',
    long: { foreground: 'foreground', 'kill-after': 'k:', 'preserve-status': 'preserve', signal: 's:', verbose: 'v' },
    usage: 'timeout [OPTION] DURATION COMMAND [ARG]...',
    usageStatus: 125,
  },
  function* (tool) {
    const { process } = tool;
    const [duration, ...command] = tool.operands;
    if (duration === undefined || command.length === 0) {
      yield* process.error("Try 'timeout --help' for more information.\n");
      return 125;
    }
    const interval = parseInterval(duration);
    if (interval === undefined) return yield* tool.usage(`invalid time interval ${tool.quote(duration)}`, 125);
    const name = signalNamed(tool.get('s') ?? 'TERM');
    if (!name || !isSignal(name)) return yield* tool.usage(`${tool.quote(tool.get('s')!)}: invalid signal`, 125);
    let started: { child: Process } | { status: number };
    try {
      started = yield* startCommand(process, command, 'timeout: failed to run command ');
    } catch (error) {
      if (!(error instanceof ForkError)) throw error;
      yield* tool.complain(`fork system call failed: ${error.message}`);
      return 125;
    }
    if ('status' in started) return started.status;
    const { child } = started;
    let expired = false;
    const { clock } = process.machine;
    const send = (signal: Signal) => {
      try {
        process.kill(child.pid, signal);
      } catch (error) {
        if (!isErrno(error)) throw error;
      }
    };
    const timers = [];
    if (interval > 0 && interval < Number.POSITIVE_INFINITY) {
      timers.push(
        clock.after(interval, () => {
          expired = true;
          send(name);
          send('SIGCONT');
          const after = parseInterval(tool.get('k') ?? '');
          if (after !== undefined) timers.push(clock.after(after, () => send('SIGKILL')));
        }),
      );
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.trap(signal, () => send(signal));
    const status = yield* waitFor(process, child.pid);
    for (const timer of timers) timer.cancel();
    if (expired && !tool.has('preserve')) return status === 137 ? 137 : 124;
    return status;
  },
);

function* waitFor(process: Process, pid: number): Task<number> {
  for (;;) {
    const result = yield* process.wait(pid);
    if (!('stopped' in result)) return exitCode(result);
  }
}
