/** A login on a terminal: what getty and login(1) do, again and again. */

import { Coroutine, type Task } from '../../sim/task.ts';
import { isErrno } from '../errno.ts';
import type { Terminal, WindowSize } from '../machine.ts';
import type { TerminalDevice } from '../tty/terminal.ts';
import type { KernelMachine } from './machine.ts';
import type { KernelProcess } from './process.ts';

/** The environment of a login shell of root on a terminal. */
export const loginEnvironment = (extra: readonly (readonly [string, string])[] = []): Map<string, string> =>
  new Map([
    ['SHELL', '/bin/bash'],
    ['PWD', '/root'],
    ['LOGNAME', 'root'],
    ['HOME', '/root'],
    ['LANG', 'C.UTF-8'],
    ['TERM', 'xterm-256color'],
    ['USER', 'root'],
    ['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    ...extra,
  ]);

/** Starts root's login shell as the leader of a session on `tty`. */
export function* loginShell(
  machine: KernelMachine,
  tty: TerminalDevice,
  env = loginEnvironment(),
): Task<KernelProcess> {
  const file = tty.open();
  try {
    const files = new Map([0, 1, 2].map((fd) => [fd, file] as const));
    const shell = yield* machine.init.spawn('/bin/bash', ['-bash'], {
      files,
      env,
      cwd: '/root',
      session: tty,
      tasks: machine.kernel.tasks.user,
    });
    (shell as KernelProcess).disown();
    return shell as KernelProcess;
  } finally {
    file.release();
  }
}

/** ssh(1)'s last words, and how one gets to the machine again. */
const farewell = ({ hostname, booting }: KernelMachine): string =>
  `Connection to ${hostname} closed by remote host.\r\nConnection to ${hostname} closed.\r\n${booting ? '' : `(${hostname} is off. Enter switches it on.)\r\n`}`;

/**
 * When the shell ends another one greets, unless the terminal goes with its shell (`onEnd`), as a window does; after a reboot it comes
 * back. A machine that is off is switched on by Enter.
 */
export function login(
  machine: KernelMachine,
  initial: WindowSize,
  again: Set<() => void>,
  onEnd?: () => void,
): Terminal {
  let size = initial;
  let tty: TerminalDevice;
  let listener: ((data: string) => void) | undefined;
  let open = true;
  const { clock, kernel } = machine;

  const connect = () => {
    tty = kernel.openTerminal(size);
    if (listener) tty.onOutput(listener);
    new Coroutine(clock, greet(tty));
  };

  function* greet(terminal: TerminalDevice): Task<void> {
    try {
      const shell = yield* loginShell(machine, terminal);
      shell.whenDone(() => {
        kernel.closeTerminal(terminal);
        if (open && machine.up && onEnd) end();
        else if (open && machine.up) connect();
        else if (open) clock.soon(() => listener?.(farewell(machine)));
      });
    } catch (error) {
      if (!isErrno(error)) throw error;
      terminal.write(new TextEncoder().encode(`login: /bin/bash: ${error.message}\n`));
    }
  }

  const end = () => {
    open = false;
    again.delete(connect);
    kernel.closeTerminal(tty);
    onEnd?.();
  };

  connect();
  again.add(connect);
  return {
    get tty() {
      return tty;
    },
    get unheard() {
      return tty.unheard;
    },
    input: (data) => {
      if (!open) return;
      tty.typed = clock.cause;
      if (machine.up) tty.type(data);
      else if (data.includes('\r') && !machine.booting) {
        listener?.(`Switching ${machine.hostname} on ...\r\n`);
        switchOn(machine);
      }
    },
    resize: (to) => {
      size = to;
      if (open) tty.resize(to);
    },
    onOutput: (fn) => {
      listener = fn;
      tty.onOutput(fn);
    },
    hangUp: () => void (open && end()),
  };
}

/** By Enter in the terminal of a machine that is off. */
function switchOn(machine: KernelMachine): void {
  const { clock } = machine;
  clock.cause = clock.because({ type: 'input', input: 'power', host: machine.hostname, text: 'on' });
  machine.powerOn();
}
