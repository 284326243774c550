/** `lab kubectl`: the sandbox's kubectl as an ordinary client on a real machine. */

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { InputStream, KubectlEnvironment, OutputStream } from '../kubectl/environment.ts';
import { runKubectl } from '../kubectl/kubectl.ts';
import { Clock } from '../sim/clock.ts';
import { RealTimeDriver } from '../sim/driver.ts';
import { Coroutine, sleep, type Task } from '../sim/task.ts';
import { files } from './node-files.ts';
import { listen } from './node-listener.ts';
import { awaiting, NodeTransport } from './node-transport.ts';
import { hostTimers } from './timers.ts';

export async function main(args: string[]): Promise<number> {
  const clock = new Clock(Date.now());
  const driver = new RealTimeDriver(clock, hostTimers, () => {});
  const wake = () => driver.wake();
  const stdin = new Stdin(wake);
  let onInterrupt: (() => void) | undefined;
  process.on('SIGINT', () => {
    if (!onInterrupt) process.exit(130);
    onInterrupt();
    wake();
  });
  const environment: KubectlEnvironment = {
    pid: process.pid,
    args,
    env: new Map(Object.entries(process.env).flatMap(([k, v]) => (v === undefined ? [] : [[k, v] as const]))),
    stdin,
    stdout: output(process.stdout, wake),
    stderr: output(process.stderr, wake),
    files,
    now: () => Date.now(),
    sleep: (ms) => sleep(clock, ms),
    connect: (cluster) => new NodeTransport(cluster, wake),
    run: (argv) => awaiting(wake, () => child(argv)),
    onInterrupt: (handler) => {
      onInterrupt = handler;
    },
    load: (work) => awaiting(wake, work),
    listen: (address, port, accept) => listen(wake, address, port, accept),
    randomName: () => randomBytes(5).toString('hex'),
  };
  const coroutine = new Coroutine(clock, runKubectl(environment));
  wake();
  const code = await new Promise<number>((done, reject) =>
    coroutine.whenDone((outcome) => {
      if (outcome.status === 'done') done(outcome.value);
      else if (outcome.status === 'failed') reject(outcome.error);
      else done(130);
    }),
  );
  driver.stop();
  stdin.close();
  // Keep-alive sockets and an open stdin would keep Node waiting; what was written has been flushed by write's callback.
  process.exit(code);
}

class Stdin implements InputStream {
  readonly isTerminal = process.stdin.isTTY ?? false;
  readonly #wake: () => void;
  #iterator: AsyncIterator<Buffer> | undefined;

  constructor(wake: () => void) {
    this.#wake = wake;
  }

  *read(): Task<Uint8Array> {
    this.#iterator ??= process.stdin[Symbol.asyncIterator]();
    const iterator = this.#iterator;
    return yield* awaiting(this.#wake, async () => {
      const { value, done } = await iterator.next();
      return done ? new Uint8Array() : new Uint8Array(value as Buffer);
    });
  }

  setRaw(raw: boolean): void {
    process.stdin.setRawMode?.(raw);
  }

  close(): void {
    if (this.isTerminal) this.setRaw(false);
    process.stdin.destroy();
  }
}

function output(stream: NodeJS.WriteStream, wake: () => void): OutputStream {
  let listener: (() => void) | undefined;
  // Whoever read has gone: a program is ended by SIGPIPE then.
  stream.on('error', () => process.exit(141));
  return {
    isTerminal: stream.isTTY ?? false,
    get columns() {
      return stream.columns ?? 80;
    },
    get rows() {
      return stream.rows ?? 24;
    },
    write: (text) =>
      awaiting(
        wake,
        () => new Promise<void>((done, reject) => stream.write(text, (error) => (error ? reject(error) : done()))),
      ),
    onResize(handler) {
      if (listener) stream.off('resize', listener);
      listener = handler;
      if (handler) stream.on('resize', handler);
    },
  };
}

function child(argv: readonly string[]): Promise<number> {
  return new Promise((done) => {
    const process_ = spawn(argv[0]!, argv.slice(1), { stdio: 'inherit' });
    process_.on('error', () => done(127));
    process_.on('exit', (code) => done(code ?? 128));
  });
}
