/** kill(1). */

import { isErrno } from '../../errno.ts';
import type { Program } from '../../process.ts';
import { isSignal, SIGNALS, signalNamed } from '../../shell/signals.ts';

export const kill: Program = function* (process, argv) {
  const args = argv.slice(1);
  let signal = 'SIGTERM';
  if (args[0] === '-l' || args[0] === '-L') {
    yield* process.print(
      `${SIGNALS.slice(1)
        .map((s) => s.slice(3))
        .join(' ')}\n`,
    );
    return 0;
  }
  if (args[0] && /^-./.test(args[0]) && args[0] !== '--') {
    const option = args.shift()!;
    const spec = option === '-s' || option === '--signal' ? (args.shift() ?? '') : option.slice(1);
    const named = spec === '0' ? '0' : signalNamed(spec);
    if (!named) {
      yield* process.error(`kill: unknown signal ${spec}; valid signals:\n`);
      return 1;
    }
    signal = named;
  }
  if (args[0] === '--') args.shift();
  let status = 0;
  for (const target of args) {
    if (!/^-?\d+$/.test(target)) {
      yield* process.error(`kill: failed to parse argument: '${target}'\n`);
      return 1;
    }
    try {
      if (signal !== '0' && isSignal(signal)) process.kill(Number(target), signal);
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* process.error(`kill: (${target}): ${error.message}\n`);
      status = 1;
    }
  }
  return status;
};
