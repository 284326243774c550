/** stty(1), tty(1), mknod(1), mkfifo(1). */

import { own } from '../../sim/own.ts';
import type { Task } from '../../sim/task.ts';
import { isErrno } from '../errno.ts';
import type { Tty } from '../process.ts';
import { quoted, type Tool, tool } from '../programs/tool.ts';
import { kernelProcess } from './kernel-access.ts';

export const tty = tool(
  'tty',
  { short: 's', long: { silent: 's', quiet: 's' }, usage: 'tty [OPTION]...' },
  function* (self) {
    const terminal = self.process.stdin.tty;
    if (!self.has('s')) yield* self.print(terminal ? `/dev/${terminal.name}\n` : 'not a tty\n');
    return terminal ? 0 : 1;
  },
);

/** Words that set modes; `-` in front clears. */
const MODES: Readonly<Record<string, (tty: Tty, on: boolean) => void>> = {
  echo: (terminal, on) => set(terminal, { echo: on }),
  icanon: (terminal, on) => set(terminal, { canonical: on }),
  isig: (terminal, on) => set(terminal, { signals: on }),
  opost: (terminal, on) => set(terminal, { output: on }),
  raw: (terminal, on) => set(terminal, { canonical: !on, echo: terminal.modes.echo, signals: !on, output: !on }),
  cbreak: (terminal, on) => set(terminal, { canonical: !on }),
  sane: (terminal) => set(terminal, { canonical: true, echo: true, signals: true, output: true }),
};

const set = (terminal: Tty, modes: Partial<Tty['modes']>): void => {
  terminal.modes = { ...terminal.modes, ...modes };
};

export const stty = tool(
  'stty',
  { short: '+aF:g', usage: 'stty [-F DEVICE | --file=DEVICE] [SETTING]...' },
  function* (self) {
    return yield* sttyBody(self, self.operands);
  },
);

/** Settings with a minus sign look like options, so they are taken by hand. */
export const sttyProgram: typeof stty = (process, argv) => {
  const negative = argv.slice(1).some((arg) => /^-[a-z]{2,}/.test(arg));
  return stty(process, negative ? [argv[0]!, '--', ...argv.slice(1)] : argv);
};

function* sttyBody(self: Tool, words: readonly string[]): Task<number> {
  const terminal = self.process.stdin.tty;
  if (!terminal) {
    yield* self.process.error("stty: 'standard input': Inappropriate ioctl for device\n");
    return 1;
  }
  if (words.length === 0) {
    const { canonical, echo, signals } = terminal.modes;
    const changed = [...(signals ? [] : ['-isig']), ...(canonical ? [] : ['-icanon']), ...(echo ? [] : ['-echo'])];
    if (self.has('a')) yield* self.print(everything(terminal));
    else yield* self.print(`speed 38400 baud; line = 0;\n${changed.length > 0 ? `${changed.join(' ')}\n` : ''}`);
    return 0;
  }
  for (const word of words) {
    if (word === 'size') {
      yield* self.print(`${terminal.rows} ${terminal.columns}\n`);
      continue;
    }
    const on = !word.startsWith('-');
    const mode = own(MODES, on ? word : word.slice(1));
    if (!mode) {
      yield* self.process.error(`stty: invalid argument ${quoted(word)}\nTry 'stty --help' for more information.\n`);
      return 1;
    }
    mode(terminal, on);
  }
  return 0;
}

const everything = ({ rows, columns, modes }: Tty): string =>
  `speed 38400 baud; rows ${rows}; columns ${columns}; line = 0;
intr = ^C; quit = ^\\; erase = ^?; kill = ^U; eof = ^D; eol = <undef>; eol2 = <undef>; swtch = <undef>; start = ^Q; stop = ^S; susp = ^Z;
rprnt = ^R; werase = ^W; lnext = ^V; discard = ^O; min = 1; time = 0;
-parenb -parodd -cmspar cs8 -hupcl -cstopb cread -clocal -crtscts
-ignbrk -brkint -ignpar -parmrk -inpck -istrip -inlcr -igncr icrnl ixon -ixoff -iuclc -ixany -imaxbel iutf8
${modes.output === false ? '-' : ''}opost -olcuc -ocrnl onlcr -onocr -onlret -ofill -ofdel nl0 cr0 tab0 bs0 vt0 ff0
${modes.signals ? '' : '-'}isig ${modes.canonical ? '' : '-'}icanon iexten ${modes.echo ? '' : '-'}echo echoe echok -echonl -noflsh -xcase -tostop -echoprt echoctl echoke -flusho -extproc
`;

export const mkfifo = tool(
  'mkfifo',
  { short: 'm:Z', long: { mode: 'm:' }, usage: 'mkfifo [OPTION]... NAME...' },
  function* (self) {
    if (self.operands.length === 0) return yield* self.usage('missing operand');
    for (const name of self.operands) {
      try {
        yield* self.process.mkfifo(name, Number.parseInt(self.get('m') ?? '666', 8));
      } catch (error) {
        if (!isErrno(error)) throw error;
        yield* self.complain(`cannot create fifo ${quoted(name)}: ${error.message}`);
      }
    }
    return self.status;
  },
);

export const mknod = tool(
  'mknod',
  { short: 'm:Z', long: { mode: 'm:' }, usage: 'mknod [OPTION]... NAME TYPE [MAJOR MINOR]' },
  function* (self) {
    const [name, type, major, minor] = self.operands;
    if (name === undefined || type === undefined)
      return yield* self.usage(name === undefined ? 'missing operand' : `missing operand after ${quoted(name)}`);
    const mode = Number.parseInt(self.get('m') ?? '666', 8);
    try {
      if (type === 'p') yield* self.process.mkfifo(name, mode);
      else if (!['b', 'c', 'u'].includes(type)) return yield* self.usage(`invalid device type ${quoted(type)}`);
      else if (major === undefined || minor === undefined)
        return yield* self.usage(
          `missing operand after ${quoted(type)}\nSpecial files require major and minor device numbers.`,
        );
      else
        yield* kernelProcess(self.process).mknod(
          name,
          type === 'b' ? 'block' : 'char',
          [Number(major), Number(minor)],
          mode,
        );
    } catch (error) {
      if (!isErrno(error)) throw error;
      yield* self.complain(`${name}: ${error.message}`);
    }
    return self.status;
  },
);
