/** The applets by name, and `busybox` itself. */

import { isErrno } from '../../../machines/errno.ts';
import type { Program } from '../../../machines/process.ts';
import { applet, banner, type Flavour } from './applet.ts';
import { COLUMNS } from './columns.ts';

/** An applet: its own listing where busybox's columns differ, else the GNU program in busybox's words. */
export function appletOf(flavour: Flavour, name: string, program: Program): Program {
  return applet(flavour, name, COLUMNS[name]?.(program) ?? program);
}

/** `busybox`, `busybox --list`, `busybox ls …`. */
export function multiCall(flavour: Flavour, names: readonly string[]): Program {
  const applets = [...names].filter((name) => name !== 'busybox').sort();
  return function* (process, argv) {
    const [, name, ...rest] = argv;
    if (name === undefined || name === '--help') {
      yield* process.print(`${banner(flavour)}\n${ABOUT}${wrapped(applets)}\n`);
      return 0;
    }
    if (name === '--list') {
      yield* process.print(applets.map((one) => `${one}\n`).join(''));
      return 0;
    }
    for (const folder of applets.includes(name) ? ['/bin', '/sbin', '/usr/bin', '/usr/sbin'] : []) {
      try {
        const child = yield* process.spawn(`${folder}/${name}`, [name, ...rest]);
        const status = yield* process.wait(child.pid);
        return 'code' in status ? status.code : 1;
      } catch (error) {
        if (!isErrno(error, 'ENOENT')) throw error;
      }
    }
    yield* process.error(`${name}: applet not found\n`);
    return 127;
  };
}

const ABOUT = `BusyBox is copyrighted by many authors between 1998-2015.
Licensed under GPLv2. See source distribution for detailed
copyright notices.

Usage: busybox [function [arguments]...]
   or: busybox --list[-full]
   or: busybox --show SCRIPT
   or: busybox --install [-s] [DIR]
   or: function [arguments]...

	BusyBox is a multi-call binary that combines many common Unix
	utilities into a single executable.  Most people will create a
	link to busybox for each function they wish to use and BusyBox
	will act like whatever it was invoked as.

Currently defined functions:
`;

/** Names in lines of less than 80 columns, as libbb/appletlib.c writes them. */
function wrapped(names: readonly string[]): string {
  const lines: string[] = [];
  let line = '';
  for (const [i, name] of names.entries()) {
    const word = i === names.length - 1 ? name : `${name}, `;
    if (line !== '' && 8 + line.length + name.length + 2 > 78) {
      lines.push(`\t${line.trimEnd()}`);
      line = '';
    }
    line += word;
  }
  return [...lines, `\t${line}`].join('\n');
}
