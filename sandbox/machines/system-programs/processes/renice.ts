/** renice(1) of util-linux 2.38, of processes by their ids. */

import type { Program } from '../../process.ts';
import { bounded } from '../../programs/system/nice.ts';
import { kernelProcess, machineOf } from '../kernel-access.ts';

const TRY = "Try 'renice --help' for more information.";

export const renice: Program = function* (process, argv) {
  const words = argv.slice(1);
  if (/^(-V|--version)$/.test(words[0] ?? '')) {
    yield* process.print('renice from util-linux 2.38.1\n');
    return 0;
  }
  if (/^(-n|--priority)$/.test(words[0] ?? '')) words.shift();
  const [priority = '', ...targets] = words;
  if (targets.length === 0) {
    yield* process.error(`renice: not enough arguments\n${TRY}\n`);
    return 1;
  }
  if (!/^[-+]?\d+$/.test(priority)) {
    yield* process.error(`renice: invalid priority '${priority}'\n${TRY}\n`);
    return 1;
  }
  const { pids } = kernelProcess(process);
  const seen = pids.parent ? pids.processes : machineOf(process).kernel.processes;
  let status = 0;
  for (const target of targets) {
    if (/^(-p|--pid)$/.test(target)) continue;
    const one = /^\d+$/.test(target) ? seen.get(Number(target)) : undefined;
    const wanted = bounded(Number(priority));
    const mistake = !/^\d+$/.test(target)
      ? `bad process ID value: ${target}`
      : !one
        ? `failed to get priority for ${target} (process ID): No such process`
        : process.uid !== 0 && (one.uid !== process.uid || wanted < one.niceness)
          ? `failed to set priority for ${target} (process ID): ${one.uid === process.uid ? 'Permission denied' : 'Operation not permitted'}`
          : undefined;
    if (mistake === undefined) {
      yield* process.print(`${target} (process ID) old priority ${one!.niceness}, new priority ${wanted}\n`);
      one!.niceness = wanted;
    } else {
      yield* process.error(`renice: ${mistake}\n`);
      status = 1;
    }
  }
  return status;
};
