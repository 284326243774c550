/** nice(1) of coreutils 9.1. */

import type { Program } from '../../process.ts';
import { becomeCommand } from '../run.ts';
import { tool } from '../tool.ts';

const LEAST = -20;
const MOST = 19;

/** As setpriority(2) takes it. */
export const bounded = (niceness: number): number => Math.min(MOST, Math.max(LEAST, niceness));

const gnuNice = tool(
  'nice',
  {
    short: '+n:',
    long: { adjustment: 'n:' },
    usage: 'nice [OPTION] [COMMAND [ARG]...]',
    usageStatus: 125,
  },
  function* (tool) {
    const { process } = tool;
    const adjustment = tool.get('n');
    if (adjustment !== undefined && !/^[-+]?\d+$/.test(adjustment)) {
      yield* tool.complain(`invalid adjustment ${tool.quote(adjustment)}`, 125);
      return 125;
    }
    if (tool.operands.length === 0) {
      if (adjustment !== undefined) return yield* tool.usage('a command must be given with an adjustment', 125);
      yield* tool.print(`${process.niceness}\n`);
      return 0;
    }
    const wanted = bounded(process.niceness + Number(adjustment ?? 10));
    if (wanted < process.niceness && process.uid !== 0)
      yield* process.error('nice: cannot set niceness: Permission denied\n');
    else process.niceness = wanted;
    return yield* becomeCommand(process, tool.operands, 'nice: ');
  },
);

/** The old form too: `nice -5 COMMAND`. */
export const nice: Program = (process, argv) => {
  const old = /^-([-+]?\d+)$/.exec(argv[1] ?? '');
  return gnuNice(process, old ? ['nice', '-n', old[1]!, ...argv.slice(2)] : argv);
};
