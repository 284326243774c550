/** ssh(1) between the lab's machines, which trust each other's keys. */

import { Channel } from '../../../sim/channel.ts';
import { firstOf, type Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import { loginEnvironment, loginShell } from '../../kernel/login.ts';
import { KernelMachine } from '../../kernel/machine.ts';
import type { KernelProcess } from '../../kernel/process.ts';
import type { ExitStatus, OpenFile, Process, Program } from '../../process.ts';
import { machineOf } from '../kernel-access.ts';
import { statusCode } from '../users/su.ts';
import { resolveHost } from './resolve.ts';

const FAILED = 255;
const PORT = 22;

/** Options that take a value. */
const VALUED = 'BbcDEeFIiJLlmOopQRSWw';

interface Target {
  readonly machine: KernelMachine;
  readonly name: string;
}

export const ssh: Program = function* (process, argv) {
  const args = argv.slice(1);
  let forceTerminal = false;
  let quiet = false;
  let user = 'root';
  while (args[0]?.startsWith('-')) {
    const option = args.shift()!;
    if (option.includes('t')) forceTerminal = true;
    if (option === '-q') quiet = true;
    if (option === '-l') user = args[0] ?? user;
    if (VALUED.includes(option.at(-1)!) && option.length === 2) args.shift();
  }
  const host = args.shift();
  if (host === undefined) {
    yield* process.error(
      'usage: ssh [-46AaCfGgKkMNnqsTtVvXxYy] [-B bind_interface] destination [command [argument ...]]\n',
    );
    return FAILED;
  }
  const at = host.lastIndexOf('@');
  if (at >= 0) user = host.slice(0, at);
  const target = yield* connect(process, host.slice(at + 1));
  if (!target) return FAILED;
  if (user !== 'root') {
    yield* process.error(`${user}@${target.name}: Permission denied (publickey,password).\n`);
    return FAILED;
  }
  yield* process.sleep(180);
  if (args.length > 0 && !forceTerminal) return yield* runCommand(process, target, args.join(' '));
  const command = args.length > 0 ? args.join(' ') : undefined;
  return yield* interactive(process, target, command, quiet);
};

function* connect(process: Process, name: string): Task<Target | undefined> {
  const address = yield* resolveHost(process, name);
  if (!address) {
    yield* process.error(`ssh: Could not resolve hostname ${name}: Name or service not known\n`);
    return undefined;
  }
  const here = machineOf(process);
  try {
    yield* here.network.handshake(here.address, address, PORT);
  } catch (error) {
    if (!isErrno(error)) throw error;
    yield* process.error(`ssh: connect to host ${name} port ${PORT}: ${error.message}\n`);
    return undefined;
  }
  const machine = here.network.host(address.startsWith('127.') ? here.address : address);
  return machine instanceof KernelMachine ? { machine, name } : undefined;
}

const environment = (process: Process): Map<string, string> => {
  const { address } = machineOf(process);
  return loginEnvironment([
    ['SSH_CLIENT', `${address} 51234 ${PORT}`],
    ['SSH_CONNECTION', `${address} 51234 ${address} ${PORT}`],
  ]);
};

/** Without a terminal: the remote shell has our streams; what we read from a terminal is handed on. */
function* runCommand(process: Process, { machine }: Target, command: string): Task<number> {
  const env = environment(process);
  env.delete('TERM');
  const stdin = process.stdin.tty ? forward(process) : retained(process.stdin);
  let remote: Process;
  try {
    const files = new Map([
      [0, stdin],
      [1, process.stdout],
      [2, process.stderr],
    ]);
    remote = yield* machine.init.spawn('/bin/bash', ['bash', '-c', command], {
      files,
      env,
      cwd: '/root',
      session: null,
      tasks: machine.kernel.tasks.user,
    });
  } finally {
    stdin.release();
  }
  try {
    return statusCode(yield* ended(machine, remote as KernelProcess));
  } finally {
    (remote as KernelProcess).deliver('SIGHUP');
  }
}

function retained(file: OpenFile): OpenFile {
  file.retain();
  return file;
}

function forward(process: Process): OpenFile {
  const { read, write } = process.pipe();
  process.fork(
    function* (child) {
      for (;;) {
        const data = yield* child.stdin.read();
        if (data.length === 0) return 0;
        yield* write.write(data);
      }
    },
    ['ssh'],
    { files: new Map([[1, write]]) },
  );
  write.release();
  return read;
}

/** The end of the remote process, or of its machine. */
function* ended(machine: KernelMachine, remote: KernelProcess): Task<ExitStatus> {
  const status = new Channel<ExitStatus>();
  remote.disown();
  remote.whenDone((how) => status.push(how));
  const how = yield* status.next();
  return machine.up ? how! : { code: FAILED };
}

/** Our terminal goes raw: the remote one edits, echoes and makes the signals. */
function* interactive(
  process: Process,
  { machine, name }: Target,
  command: string | undefined,
  quiet: boolean,
): Task<number> {
  const local = process.tty;
  const size = { columns: local?.columns ?? 80, rows: local?.rows ?? 24 };
  const terminal = machine.kernel.openTerminal(size);
  const output = new Channel<string>();
  terminal.onOutput((data) => output.push(data));
  const env = environment(process);
  env.set('SSH_TTY', `/dev/${terminal.name}`);
  if (!command) terminal.write(new TextEncoder().encode(banner(machine)));
  const shell =
    command === undefined
      ? yield* loginShell(machine, terminal, env)
      : yield* commandShell(machine, terminal, env, command);
  let code = FAILED;
  shell.whenDone((status) => {
    if (machine.up) code = statusCode(status);
    output.close();
  });
  const modes = local && { ...local.modes };
  if (local) local.modes = { canonical: false, echo: false, signals: false, output: false };
  process.trap('SIGWINCH', () => {
    if (local) terminal.resize({ columns: local.columns, rows: local.rows });
  });
  try {
    yield* relay(process, terminal, output);
  } finally {
    if (local && modes) local.modes = modes;
    machine.kernel.closeTerminal(terminal);
  }
  if (!machine.up) yield* process.error(`Connection to ${name} closed by remote host.\n`);
  if (!quiet && local) yield* process.error(`Connection to ${name} closed.\n`);
  return code;
}

function* commandShell(
  machine: KernelMachine,
  terminal: ReturnType<KernelMachine['kernel']['openTerminal']>,
  env: Map<string, string>,
  command: string,
): Task<KernelProcess> {
  const file = terminal.open();
  const files = new Map([0, 1, 2].map((fd) => [fd, file] as const));
  const shell = yield* machine.init.spawn('/bin/bash', ['bash', '-c', command], {
    files,
    env,
    cwd: '/root',
    session: terminal,
    tasks: machine.kernel.tasks.user,
  });
  file.release();
  (shell as KernelProcess).disown();
  return shell as KernelProcess;
}

/** Both directions, until the remote end closes. */
function* relay(
  process: Process,
  terminal: { typeBytes(data: Uint8Array): void; hangUp(): void },
  output: Channel<string>,
): Task<void> {
  let reading = true;
  for (;;) {
    while (output.size > 0) yield* process.print(output.take()!);
    if (output.closed) return;
    const waits = reading && process.stdin.readable ? [output.readable, process.stdin.readable] : [output.readable];
    const { index } = yield* firstOf(...waits);
    if (index === 0) continue;
    const data = yield* process.stdin.read();
    if (data.length > 0) terminal.typeBytes(data);
    else {
      reading = false;
      terminal.hangUp();
    }
  }
}

const banner = (machine: KernelMachine): string =>
  `Linux ${machine.hostname} 6.1.0-37-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.140-1 (2025-05-22) x86_64
`;
