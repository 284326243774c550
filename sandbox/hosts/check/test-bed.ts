/** A session served as a cluster over real HTTP, and its machines behind a program called `ssh`: what `lab check` finds elsewhere. */

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { vi } from 'vitest';
import type { CommandResult } from '../../lesson/observation.ts';
import type { Session } from '../../session/session.ts';
import { RealTimeDriver, runUntil } from '../../sim/driver.ts';
import { Coroutine } from '../../sim/task.ts';
import { listen } from '../api-socket.ts';
import { hostTimers } from '../timers.ts';

export interface Served {
  readonly session: Session;
  readonly url: string;
  readonly kubeconfig: string;
  readonly folder: string;
  /** Lets the world follow real time, as `lab serve` does, while something asks it. */
  live<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export const kubeconfigFor = (cluster: object, user: object = {}): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'it', cluster }],
    users: [{ name: 'me', user }],
    contexts: [{ name: 'there', context: { cluster: 'it', user: 'me' } }],
    'current-context': 'there',
  });

/** Asks the test's process to run its last word on the machine that the target names. */
const SSH = (port: number) => `#!${process.execPath}
const words = process.argv.slice(2);
const at = words.indexOf('--');
const [target, script] = words.slice(at + 1);
const answer = await fetch('http://127.0.0.1:${port}', { method: 'POST', body: JSON.stringify({ target, script }) });
const { exitCode, stdout, stderr } = await answer.json();
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = exitCode;
`;

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a command of `lab`, called in this process, prints and ends with. */
export async function called(main: (args: string[]) => Promise<number>, ...args: string[]): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += text;
    return true;
  });
  const err = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += text;
    return true;
  });
  try {
    return { code: await main(args), stdout, stderr };
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
}

export async function serve(session: Session): Promise<Served> {
  const { clock, server: api } = session.world;
  const folder = mkdtempSync(join(tmpdir(), 'bound-check-'));
  let driver: RealTimeDriver | undefined;
  const socket = await listen({
    api,
    clock,
    driver: { catchUp: () => driver?.catchUp(), wake: () => driver?.wake() },
  });
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, kubeconfigFor({ server: socket.url }));
  // The lab has one shell for scripts on each machine: one comes after the other.
  let last: Promise<unknown> = Promise.resolve();
  const machines = createServer(async (incoming, outgoing) => {
    const { target, script } = (await json(incoming)) as { target: string; script: string };
    const result = last.then(() => onMachine(session, target.replace(/.*@/, ''), script));
    last = result;
    outgoing.end(JSON.stringify(await result));
  });
  await new Promise<void>((ready) => machines.listen(0, '127.0.0.1', ready));
  const program = join(folder, 'ssh');
  writeFileSync(program, SSH((machines.address() as AddressInfo).port));
  chmodSync(program, 0o755);
  return {
    session,
    url: socket.url,
    kubeconfig,
    folder,
    async live(work) {
      driver = new RealTimeDriver(clock, hostTimers, () => {});
      try {
        return await work();
      } finally {
        driver.stop();
        driver = undefined;
      }
    },
    async close() {
      machines.closeAllConnections();
      machines.close();
      await socket.close();
      rmSync(folder, { recursive: true });
    },
  };
}

async function onMachine({ world }: Session, host: string, script: string): Promise<CommandResult> {
  if (!world.machines.has(host))
    return {
      exitCode: 255,
      stdout: '',
      stderr: `ssh: Could not resolve hostname ${host}: Name or service not known\n`,
    };
  const running = new Coroutine(world.clock, world.script(host, script, 60_000));
  await runUntil(world.clock, () => running.outcome !== undefined, world.clock.now + 60_000);
  const { outcome } = running;
  return outcome?.status === 'done' ? outcome.value : { exitCode: 255, stdout: '', stderr: 'Connection closed\n' };
}
