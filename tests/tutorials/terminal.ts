/** A person's terminals: bash on a pty (util-linux's script), one for every command, with the real kubectl first in PATH. */

import { type ChildProcess, spawn } from 'node:child_process';

const ESCAPES = /\u001b\][^\u0007]*\u0007|\u001b\[[?\d;]*[A-Za-z]|\r/g;
const PROMPT = /(?:^|\n)[^\n]*[#$>] $/;
const QUESTION = /\[Y\/n\] $/;
/** What kubectl says when a shell's prompt may have come before one was there. */
const PRESS_ENTER = /try pressing enter\.\n$/;
/** Nothing more comes after so long a pause. */
const QUIET = 600;

export interface Place {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export class Terminal {
  readonly command: string;
  #output = '';
  #heard = Date.now();
  #child: ChildProcess;
  readonly #ended: Promise<number>;
  #code: number | undefined;

  constructor(command: string, { cwd, env }: Place) {
    this.command = command;
    const script = `stty rows 50 cols 220 2>/dev/null\n${command}`;
    this.#child = spawn('script', ['-qec', script, '/dev/null'], {
      cwd,
      env: { ...env, SHELL: '/bin/bash', TERM: 'xterm' },
    });
    const hear = (text: string) => {
      this.#output += text;
      this.#heard = Date.now();
    };
    this.#child.stdout!.setEncoding('utf8').on('data', hear);
    this.#child.stderr!.setEncoding('utf8').on('data', hear);
    this.#child.stdin!.on('error', () => {});
    this.#ended = new Promise((resolve) => {
      this.#child.on('close', (code) => {
        this.#code = code ?? 130;
        resolve(this.#code);
      });
    });
  }

  /** What is on the screen, without escape sequences. */
  get output(): string {
    return this.#output.replace(ESCAPES, '');
  }

  get open(): boolean {
    return this.#code === undefined;
  }

  /** Waits for its end; after `limit` milliseconds Ctrl-C is pressed. */
  async end(limit: number): Promise<{ output: string; code: number }> {
    const timer = setTimeout(() => this.close(), limit);
    const code = await this.#ended;
    clearTimeout(timer);
    return { output: this.output, code };
  }

  /** Waits until nothing has come for `ms` milliseconds. */
  async quiet(ms: number, limit: number): Promise<void> {
    const began = Date.now();
    while (this.open && Date.now() - Math.max(this.#heard, began) < ms && Date.now() - began < limit) await pause(50);
  }

  /** Waits for a shell's prompt; false: none came. */
  async prompt(limit: number): Promise<boolean> {
    const began = Date.now();
    let pressed = false;
    while (this.open && Date.now() - began < limit) {
      const quiet = Date.now() - this.#heard > QUIET;
      if (quiet && !pressed && PRESS_ENTER.test(this.output)) {
        this.#write('\r');
        pressed = true;
      } else if (quiet && QUESTION.test(this.output)) this.#write('y\r');
      else if (quiet && PROMPT.test(this.output)) return true;
      await pause(50);
    }
    return false;
  }

  /** Types one line at the prompt and returns what comes before the next. */
  async type(line: string, limit: number): Promise<string> {
    const from = this.#output.length;
    this.#write(`${line}\r`);
    await this.prompt(limit);
    const answer = this.#output.slice(from).replace(ESCAPES, '');
    return answer.slice(answer.indexOf('\n') + 1).replace(/[^\n]*[#$>] $/, '');
  }

  close(): void {
    if (!this.open) return;
    this.#write('\u0003');
    setTimeout(() => this.#child.kill('SIGKILL'), 1_000);
    this.#child.stdin!.end();
  }

  /** `exit` at a shell's prompt. */
  async exit(): Promise<void> {
    if (!this.open) return;
    this.#write('exit\r');
    await this.end(15_000);
  }

  #write(text: string): void {
    this.#heard = Date.now();
    this.#child.stdin!.write(text);
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
