/** `lab` as a process of its own, for tests: started, spoken to in JSON lines, and waited for. */

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const PROJECT = join(import.meta.dirname, '../..');
const LAB = join(import.meta.dirname, 'lab.ts');

export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

export interface Surroundings {
  readonly input?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs `lab ARGS` to its end. */
export const lab = (args: readonly string[], where: Surroundings = {}): Promise<Ended> =>
  run(process.execPath, [LAB, ...args], where);

/** What `lab script` answers to these lines, parsed. */
export async function script(lines: readonly unknown[], ...args: string[]): Promise<Record<string, unknown>[]> {
  const input = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
  const { stdout, stderr } = await lab(['script', ...args], { input });
  if (stderr) throw new Error(stderr);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

export async function run(command: string, args: readonly string[], where: Surroundings = {}): Promise<Ended> {
  const child = start(command, args, where);
  child.stdin.end(where.input ?? '');
  return ending(child);
}

export function startLab(args: readonly string[], where: Surroundings = {}): ChildProcessWithoutNullStreams {
  return start(process.execPath, [LAB, ...args], where);
}

export async function firstLine(child: ChildProcessWithoutNullStreams): Promise<string> {
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return line;
}

async function ending(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { stdout, stderr, code };
}

function start(command: string, args: readonly string[], { cwd, env }: Surroundings): ChildProcessWithoutNullStreams {
  // npm's own word on where it was called from is not ours.
  const { INIT_CWD: _, ...inherited } = process.env;
  return spawn(command, args, { env: { ...inherited, ...env }, ...(cwd && { cwd }) });
}
