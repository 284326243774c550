/** One boot of the stand-in: a folder, its processes, and a network of their own where `localhost` is nobody else's. */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Network } from './network.ts';

/** The client's own form of a tree: directories `d`, files `f` with their contents `c`, binary ones (`b`) in Latin 1. */
export interface Tree {
  readonly d?: Readonly<Record<string, Tree>>;
  readonly f?: { readonly c: string; readonly b?: boolean };
}

export type Request =
  | { readonly type: 'boot' }
  | { readonly type: 'mount'; readonly tree: Tree }
  | { readonly type: 'export'; readonly path: string }
  | { readonly type: 'watch'; readonly path: string }
  | Spawn
  | { readonly type: 'input'; readonly process: number; readonly text: string }
  | { readonly type: 'resize'; readonly process: number; readonly cols: number; readonly rows: number }
  | { readonly type: 'kill'; readonly process: number };

interface Spawn {
  readonly type: 'spawn';
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly terminal?: { readonly cols: number; readonly rows: number };
}

interface Process {
  readonly child: ChildProcess;
  readonly command: string;
  /** Where a shell left the name of its terminal. */
  readonly tty: string;
}

export class Machine {
  readonly #folder = mkdtempSync(join(tmpdir(), 'bound-standin-'));
  readonly #home = join(this.#folder, 'home');
  readonly #network = new Network();
  readonly #processes = new Map<number, Process>();
  readonly #diesAtStart: boolean;
  readonly #unwatch: (() => void)[] = [];

  constructor(diesAtStart: boolean) {
    this.#diesAtStart = diesAtStart;
    mkdirSync(this.#home);
  }

  async answer(request: Request, id: number, tell: (told: object) => void): Promise<unknown> {
    if (request.type === 'boot') {
      await this.#network.up();
      return this.#home;
    }
    if (request.type === 'mount') return this.#write(this.#home, request.tree);
    if (request.type === 'export') return this.#read(join(this.#home, request.path));
    if (request.type === 'watch') return this.#watch(join(this.#home, request.path), tell);
    if (request.type === 'spawn') return void this.#processes.set(id, this.#spawn(request, id, tell));
    const process = this.#processes.get(request.process);
    if (request.type === 'input') return void process?.child.stdin?.write(request.text);
    if (request.type === 'kill') return process && end(process.child);
    return process && this.#resize(process, request.cols, request.rows);
  }

  killSandbox(): void {
    for (const { command, child } of this.#processes.values()) if (command === 'node') end(child);
  }

  close(): void {
    for (const unwatch of this.#unwatch) unwatch();
    for (const { child } of this.#processes.values()) end(child);
    this.#network.down();
    // What was just killed may still hold a file.
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }

  #spawn({ command, args, cwd = '', env, terminal }: Spawn, id: number, tell: (told: object) => void): Process {
    const tty = join(this.#folder, `tty-${id}`);
    const [program, ...rest] = this.#commandLine(command, args, terminal, tty);
    const child = spawn(program!, rest, {
      cwd: join(this.#home, cwd),
      detached: true,
      env: {
        ...process.env,
        PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
        HOME: this.#home,
        // Written when a shell ends, after its folder is gone.
        HISTFILE: '/dev/null',
        TERM: 'xterm-256color',
        ...this.#network.env,
        ...env,
      },
    });
    // As in a WebContainer, both streams are one.
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => tell({ text }));
    child.stdin.on('error', () => undefined);
    child.on('error', (error) => tell({ text: `${error.message}\n` }));
    child.on('close', (code) => {
      this.#processes.delete(id);
      tell({ code: code ?? 137 });
    });
    return { child, command, tty };
  }

  /** `jsh`, the WebContainer's shell, is played by bash on a terminal that util-linux' `script` makes. */
  #commandLine(command: string, args: readonly string[], terminal: Spawn['terminal'], tty: string): string[] {
    if (command === 'node' && this.#diesAtStart) return ['sh', '-c', 'echo "out of memory" >&2; exit 134'];
    if (command === 'node') return this.#network.inside([process.execPath, ...args]);
    if (command !== 'jsh') return this.#network.inside([command, ...args]);
    const { cols, rows } = terminal ?? { cols: 80, rows: 24 };
    const shell = `tty > ${tty}; stty cols ${cols} rows ${rows}; export PS1='❯ '; exec bash --noprofile --norc -i`;
    return this.#network.inside(['script', '-qfec', shell, '/dev/null']);
  }

  #resize({ tty }: Process, cols: number, rows: number): void {
    try {
      spawn('stty', ['-F', readFileSync(tty, 'utf8').trim(), 'cols', String(cols), 'rows', String(rows)]);
    } catch {
      // No terminal (yet).
    }
  }

  #write(folder: string, { d = {} }: Tree): void {
    mkdirSync(folder, { recursive: true });
    for (const [name, entry] of Object.entries(d)) {
      const path = join(folder, name);
      if (!entry.f) this.#write(path, entry);
      else if (entry.f.b) writeFileSync(path, entry.f.c, 'latin1');
      else writeFileSync(path, this.#network.local(entry.f.c));
    }
  }

  #read(folder: string): Tree {
    const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => name !== 'node_modules');
    const read = (path: string): Tree => {
      const bytes = readFileSync(path);
      const text = bytes.toString('utf8');
      return Buffer.from(text).equals(bytes) ? { f: { c: text } } : { f: { c: bytes.toString('latin1'), b: true } };
    };
    const tree = (name: string, isFolder: boolean) => {
      const path = join(folder, name);
      return isFolder ? this.#read(path) : read(path);
    };
    return { d: Object.fromEntries(entries.map((entry) => [entry.name, tree(entry.name, entry.isDirectory())])) };
  }

  #watch(folder: string, tell: (told: object) => void): void {
    const watcher = watch(folder, { recursive: true }, (event, name) => tell({ event, name }));
    this.#unwatch.push(() => watcher.close());
  }
}

/** With its children: each was started as a group of its own. */
function end(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}
