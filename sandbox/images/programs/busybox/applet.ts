/**
 * An applet of busybox: the machine's own program behind busybox's options, usage and words. The usage texts are the real ones
 * (testdata/record.sh); which options an applet has is read from them.
 */

import type { Process, Program } from '../../../machines/process.ts';
import type { Task } from '../../../sim/task.ts';
import usages from './usage.json' with { type: 'json' };
import { inBusyboxWords } from './words.ts';

/** A build of busybox. */
export interface Flavour {
  /** `v1.37.0 (2024-09-26 21:31:42 UTC)`. */
  readonly version: string;
  /** The C library's getopt speaks: glibc's or musl's. */
  readonly library: 'glibc' | 'musl';
}

const USAGES: Readonly<Record<string, string>> = usages;

/** Operands that must be there; without them the usage is told. */
const LEAST: Readonly<Record<string, number>> = {
  basename: 1,
  chgrp: 2,
  chmod: 2,
  chown: 2,
  chroot: 1,
  cp: 2,
  dirname: 1,
  grep: 1,
  link: 2,
  ln: 1,
  mkdir: 1,
  mkfifo: 1,
  mknod: 2,
  mv: 2,
  nslookup: 1,
  ping: 1,
  readlink: 1,
  rm: 1,
  rmdir: 1,
  sed: 1,
  seq: 1,
  sleep: 1,
  stat: 1,
  timeout: 2,
  touch: 1,
  tr: 1,
  truncate: 1,
  unlink: 1,
  watch: 1,
  wget: 1,
};
/** They read their arguments in their own way. */
const UNCHECKED: ReadonlySet<string> = new Set(
  '[ ash awk dd echo env expr false find head kill mount nice nohup nslookup printf ps seq sh stty sleep tail tar test true umount xargs yes stty clear'.split(
    ' ',
  ),
);
/** Options that the usage texts leave out. */
const UNTOLD: Readonly<Record<string, string>> = { cp: 'v', diff: 'u', mkdir: 'v', mv: 'v', ps: 'aAdefl' };
/** Options end at the first operand. */
const IN_ORDER: ReadonlySet<string> = new Set(['chroot', 'nsenter', 'setsid', 'time', 'timeout', 'watch']);
/** Statuses of a wrong call, where not 1. */
const USAGE_STATUS: Readonly<Record<string, number>> = { grep: 2, egrep: 2, fgrep: 2, sort: 2, cmp: 2, diff: 2 };
const KEEPS_STATUS: ReadonlySet<string> = new Set(
  '[ ash awk chroot cmp diff egrep env expr fgrep find grep kill nice nohup sh sort test timeout xargs'.split(' '),
);

interface Known {
  readonly letters: ReadonlySet<string>;
  readonly valued: ReadonlySet<string>;
  readonly long: ReadonlySet<string>;
}

const known = new Map<string, Known>();

function optionsOf(applet: string): Known {
  let options = known.get(applet);
  if (!options) {
    const usage = USAGES[applet] ?? '';
    const letters = new Set<string>(UNTOLD[applet] ?? '');
    const valued = new Set<string>();
    for (const [, group] of usage.matchAll(/[[\s(|{]-([A-Za-z0-9~|]+)(?=[\]\s,|[])/g)) {
      for (const letter of group!.replaceAll('|', '')) letters.add(letter);
    }
    for (const [, one, other] of usage.matchAll(/-(\w)(?:,-(\w))?(?: ?(?:[A-Z]{2,}|N\b))/g)) {
      for (const letter of [one, other]) if (letter) valued.add(letter).size && letters.add(letter);
    }
    const long = new Set([...usage.matchAll(/--([a-z][a-z-]*)/g)].map(([, name]) => name!));
    options = { letters, valued, long };
    known.set(applet, options);
  }
  return options;
}

export const banner = (flavour: Flavour): string => `BusyBox ${flavour.version} multi-call binary.`;

const usageText = (flavour: Flavour, applet: string): string =>
  `${banner(flavour)}\n\n${USAGES[applet] ?? `Usage: ${applet}`}\n`;

/** The program `name` as the applet of that name. */
export function applet(flavour: Flavour, name: string, program: Program): Program {
  return function* (process, argv) {
    const args = argv.slice(1);
    if (USAGES[name] !== undefined) {
      if (args[0] === '--help' && args.length === 1 && !/^(\[|echo|test|true|false|sh|ash)$/.test(name)) {
        yield* process.error(usageText(flavour, name));
        return 0;
      }
      const wrong = UNCHECKED.has(name) ? undefined : wrongOption(flavour, name, args);
      const missing = wrong === undefined && operandsOf(name, args) < (LEAST[name] ?? 0);
      if (wrong !== undefined || missing) {
        yield* process.error(`${wrong === undefined ? '' : `${name}: ${wrong}\n`}${usageText(flavour, name)}`);
        return USAGE_STATUS[name] ?? 1;
      }
    }
    const unknown = name === 'find' ? unknownPredicate(args) : undefined;
    if (unknown !== undefined) {
      yield* process.error(`find: unrecognized: ${unknown}\n${usageText(flavour, name)}`);
      return 1;
    }
    const complained = speakBusybox(flavour, process, argv);
    // Its grep reads directories, and finds nothing in them.
    const words = GREPS.has(name) ? [argv[0]!, '-d', 'skip', ...args] : argv;
    const status = yield* program(process, words);
    if (name === 'mount' && status > 0 && complained()) return args.length > 1 && !args.includes('-t') ? 255 : 1;
    // mawk without a program shows its usage and ends well; with a wrong one it ends with 2.
    if (name === 'awk' && complained() && (status === 2 || args.length === 0)) return 1;
    if (name === 'more' && complained()) return 1;
    if (name === 'chroot' && status === 125) return 1;
    if (name === 'timeout' && status === 124) {
      yield* process.error('Terminated\n');
      return 143;
    }
    return status > 1 && status < 126 && !KEEPS_STATUS.has(name) ? 1 : status;
  };
}

/** From here on what the process says on standard error is in busybox's words. */
function speakBusybox(flavour: Flavour, process: Process, argv: readonly string[]): () => boolean {
  const name = argv[0]!.split('/').at(-1)!;
  let complained = false;
  const say = process.error.bind(process);
  process.error = function* (text: string): Task<void> {
    complained = true;
    const told = inBusyboxWords(name, text, () => usageText(flavour, name));
    if (told !== '') yield* say(told.replace('SOURCE', argv.at(-2) ?? 'none'));
  };
  return () => complained;
}

function wrongOption({ library }: Flavour, name: string, args: readonly string[]): string | undefined {
  const options = optionsOf(name);
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--') return undefined;
    if (/^--./.test(arg)) {
      const long = arg.slice(2).split('=')[0]!;
      if (options.long.has(long) || LONG_COMMON.has(long)) continue;
      return library === 'musl' ? `unrecognized option: ${long}` : `unrecognized option '${arg}'`;
    }
    if (!/^-./.test(arg)) {
      if (IN_ORDER.has(name)) return undefined;
      continue;
    }
    for (let at = 1; at < arg.length; at++) {
      const letter = arg[at]!;
      if (!options.letters.has(letter)) {
        if (/\d/.test(letter)) return undefined;
        return library === 'musl' ? `unrecognized option: ${letter}` : `invalid option -- '${letter}'`;
      }
      if (!options.valued.has(letter)) continue;
      if (at === arg.length - 1) i++;
      break;
    }
  }
  return undefined;
}

/** Long names that the usage texts leave out (coreutils/, getopt_long in each applet). */
const LONG_COMMON: ReadonlySet<string> = new Set(
  'all color recursive parents mode verbose force reference no-create directory target-directory lines bytes help'.split(
    ' ',
  ),
);

const GREPS: ReadonlySet<string> = new Set(['grep', 'egrep', 'fgrep']);

/** Predicates that the usage text leaves out (findutils/find.c). */
const UNTOLD_PREDICATES = '-a -o -and -or -not -delete -mount -follow -noleaf'.split(' ');

/** The first word that busybox's find takes for no action or test of its own. */
function unknownPredicate(args: readonly string[]): string | undefined {
  const valued = new Map(
    [...USAGES.find!.matchAll(/^\s(-[a-z0-9]+)(?:,(-[a-z]+))?(?: ([A-Z])|\t|$)/gm)].flatMap(([, one, other, value]) =>
      [one!, other].filter((word) => word !== undefined).map((word) => [word, value !== undefined] as const),
    ),
  );
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!;
    if (!/^-[a-z]/.test(word) || UNTOLD_PREDICATES.includes(word)) continue;
    const value = valued.get(word);
    if (value === undefined) return word;
    if (word === '-exec' || word === '-ok') while (at < args.length && args[at] !== ';' && args[at] !== '+') at++;
    else if (value) at++;
  }
  return undefined;
}

function operandsOf(name: string, args: readonly string[]): number {
  const { valued } = optionsOf(name);
  let operands = 0;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--') return operands + args.length - i - 1;
    if (!/^-./.test(arg) || /^-\d/.test(arg)) operands++;
    else if (/^-[ef]/.test(arg) && (name === 'sed' || name === 'grep')) operands++;
    else if (name === 'rm' && /^-\w*f/.test(arg)) return 1;
    else if (/^-\w$/.test(arg) && valued.has(arg[1]!)) i++;
  }
  return operands;
}
