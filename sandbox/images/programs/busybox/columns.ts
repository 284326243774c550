/** Listings that busybox lays out in its own way: ps, top, df, free, ls -l, wc, stat, diff. */

import type { Process, Program, StatFs } from '../../../machines/process.ts';
import { LineReader } from '../../../machines/programs/io.ts';
import { listProcesses, type ProcessInfo } from '../../../machines/system-programs/processes/listing.ts';
import { own } from '../../../sim/own.ts';
import type { Task } from '../../../sim/task.ts';

type Layout = (program: Program) => Program;

/** The program's output, line by line, in other columns. */
type Line = (text: string, args: readonly string[]) => string | undefined;

const relaid =
  (applies: (args: readonly string[]) => boolean, line: Line): Layout =>
  (program) =>
    function* (process, argv) {
      if (!applies(argv.slice(1))) return yield* program(process, argv);
      return yield* throughLines(process, program, argv, line);
    };

function* throughLines(process: Process, program: Program, argv: readonly string[], line: Line): Task<number> {
  const { read, write } = process.pipe();
  const say = process.error;
  const child = process.fork(
    (own, args) => {
      own.error = say.bind(process);
      return program(own, args);
    },
    argv,
    { files: new Map(process.files).set(1, write) },
  );
  write.release();
  const reader = new LineReader(process, read);
  for (;;) {
    const text = yield* reader.next();
    if (text === undefined) break;
    const told = line(text, argv.slice(1));
    if (told !== undefined) yield* process.print(`${told}\n`);
  }
  reader.release();
  const status = yield* process.wait(child.pid);
  return 'code' in status ? status.code : 1;
}

// ls: coreutils/ls.c, display_single

const LONG =
  /^(\s*\d+ )?([-dlcbpsrwxStT]{10})\S? +(\d+) +(\S+) +(\S+) +(\d[\d.]*[KMGT]?|\d+, +\d+) (\w{3} [ \d]\d [ \d]?[\d:]{4,5}|[\d-]{10} [\d:.]+ [-+]\d{4}) (.*)$/;

const ls = relaid(
  (args) => args.some((arg) => /^-\w*[ln]|^--full-time/.test(arg)),
  (text) => {
    const match = LONG.exec(text);
    if (!match) return text;
    const [, inode = '', mode, links, user, group, size, time, name] = match;
    const when = time!.replace(/\.\d{9}/, '');
    const fitted = (who: string) => who.slice(0, 8).padEnd(8);
    return `${inode}${mode} ${links!.padStart(4)} ${fitted(user!)} ${fitted(group!)} ${size!.padStart(9)} ${when} ${name}`;
  },
);

// wc: coreutils/wc.c

const wc = relaid(
  () => true,
  (text, args) => {
    const [, counts, name] = /^((?: *\d+)+)( .*)?$/.exec(text) ?? [];
    if (counts === undefined) return text;
    const numbers = counts.trim().split(/ +/);
    const single = args.filter((arg) => !arg.startsWith('-')).length < 2;
    if (numbers.length === 1 && single) return `${numbers[0]}${name ?? ''}`;
    return numbers.map((number) => number.padStart(9)).join(' ') + (name ?? '');
  },
);

const cmp = relaid(
  () => true,
  (text) => text.replace(/ differ: byte (\d+)/, ' differ: char $1'),
);

const stat = relaid(
  (args) => !args.some((arg) => /^-\w*[ct]/.test(arg)),
  (text) => (/^ ?Birth:/.test(text) ? undefined : text.replace(/^Device: (.*?)\t/, 'Device: $1\t')),
);

/** diff is unified, and names its files without their times (editors/diff.c). */
const diff: Layout = (program) => {
  const unified = relaid(
    (args) => !args.includes('-q'),
    (text) => text.replace(/^(---|\+\+\+) ([^\t]*)\t.*$/, '$1 $2'),
  )(program);
  return (process, argv) => unified(process, [argv[0]!, '-u', ...argv.slice(1)]);
};

// df: coreutils/df.c

/** libbb/human_readable.c: tenths, rounded to the nearest. */
function human(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < 5) {
    value /= 1024;
    unit++;
  }
  return unit === 0 ? String(bytes) : `${value.toFixed(1)}${'KMGTP'[unit - 1]}`;
}

const percent = ({ total, free, available }: StatFs): string => {
  const used = total - free;
  return used + available === 0 ? '0%' : `${Math.round((used * 100) / (used + available))}%`;
};

const df: Layout = () =>
  function* (process, argv) {
    const letters = argv.filter((arg) => /^-\w/.test(arg)).join('');
    const paths = argv.slice(1).filter((arg) => !arg.startsWith('-'));
    const block = letters.includes('m') ? 1024 * 1024 : 1024;
    const amount = (bytes: number) => (letters.includes('h') ? human(bytes) : String(Math.round(bytes / block)));
    const size = letters.includes('h')
      ? 'Size'
      : letters.includes('P')
        ? '1024-blocks'
        : block === 1024
          ? '1K-blocks'
          : '1M-blocks';
    const type = letters.includes('T') ? 'Type       ' : '';
    const use = letters.includes('P') ? 'Capacity' : 'Use%';
    yield* process.print(`Filesystem           ${type}${size.padStart(9)}      Used Available ${use} Mounted on\n`);
    let status = 0;
    const mounts = process.mounts();
    const targets = paths.length > 0 ? paths : mounts.map((mount) => mount.target);
    const seen = new Set<string>();
    for (const path of targets) {
      let real: string;
      let stat: StatFs;
      try {
        real = yield* process.realpath(path);
        stat = yield* process.statfs(path);
      } catch {
        yield* process.error(`df: ${path}: can't find mount point\n`);
        status = 1;
        continue;
      }
      const holds = (target: string) => target === '/' || real === target || real.startsWith(`${target}/`);
      const mount = mounts
        .filter((one) => holds(one.target))
        .sort((a, b) => a.target.length - b.target.length)
        .at(-1);
      if (!mount || (paths.length === 0 && (stat.total === 0 || seen.has(mount.target)) && !letters.includes('a')))
        continue;
      seen.add(mount.target);
      const source = mount.source.length > 20 ? `${mount.source}\n${' '.repeat(20)}` : mount.source.padEnd(20);
      const kind = type === '' ? '' : `${mount.type.padEnd(10)} `;
      const numbers = [stat.total, stat.total - stat.free, stat.available].map((bytes) => amount(bytes).padStart(9));
      yield* process.print(`${source} ${kind}${numbers.join(' ')} ${percent(stat).padStart(4)} ${mount.target}\n`);
    }
    return status;
  };

// ps: procps/ps.c with FEATURE_PS_… of the default configuration

interface Column {
  readonly header: string;
  readonly width: number;
  value(one: ProcessInfo): string;
}

const minutes = (ms: number): string =>
  `${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, '0')}`;
const size = (kilobytes: number): string =>
  kilobytes < 10_000
    ? String(kilobytes)
    : kilobytes < 10_000 * 1024
      ? `${Math.round(kilobytes / 1024)}m`
      : `${(kilobytes / 1048576).toFixed(1)}g`;

const PS: Readonly<Record<string, Column>> = {
  user: { header: 'USER', width: 8, value: (one) => one.user.padEnd(8) },
  comm: { header: 'COMMAND', width: 16, value: (one) => one.command.padEnd(16) },
  args: { header: 'COMMAND', width: 256, value: (one) => one.args },
  pid: { header: 'PID', width: 5, value: (one) => String(one.pid).padStart(5) },
  ppid: { header: 'PPID', width: 5, value: (one) => String(one.ppid).padStart(5) },
  pgid: { header: 'PGID', width: 5, value: (one) => String(one.pgid).padStart(5) },
  time: { header: 'TIME', width: 5, value: (one) => minutes(one.cpu).padStart(5) },
  tty: { header: 'TT', width: 6, value: (one) => (one.tty === '?' ? '?' : one.tty.replace('pts/', '136,')).padEnd(6) },
  vsz: { header: 'VSZ', width: 4, value: (one) => size(one.vsz).padStart(4) },
  stat: { header: 'STAT', width: 4, value: (one) => one.state.slice(0, 1).padEnd(4) },
  rss: { header: 'RSS', width: 4, value: (one) => size(one.rss).padStart(4) },
};

const ps: Layout = () =>
  function* (process, argv) {
    const wanted: string[] = [];
    for (let i = 1; i < argv.length; i++) {
      if (argv[i] === '-o') wanted.push(...(argv[++i] ?? '').split(','));
      else if (argv[i]!.startsWith('-o')) wanted.push(...argv[i]!.slice(2).split(','));
    }
    const columns: Column[] = [];
    for (const spec of wanted.length > 0 ? wanted : ['pid', 'user', 'time', 'args']) {
      const [name, header] = spec.split('=') as [string, string | undefined];
      const column = own(PS, name);
      if (!column) {
        yield* process.error(`ps: bad -o argument '${name}', supported arguments: ${Object.keys(PS).join(',')}\n`);
        return 1;
      }
      columns.push(header === undefined ? column : { ...column, header });
    }
    const row = (cells: readonly string[]) => `${cells.join(' ').trimEnd()}\n`;
    yield* process.print(row(columns.map(({ header, width }) => header.padEnd(width))));
    for (const one of yield* listProcesses(process))
      yield* process.print(row(columns.map((column) => column.value(one))));
    return 0;
  };

export const COLUMNS: Readonly<Record<string, Layout>> = { cmp, df, diff, ls, ps, stat, wc };
