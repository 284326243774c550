/** `lab serve`: the cluster's API on a real socket of 127.0.0.1, in real time, for any Kubernetes client. */

import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Session } from '../session/session.ts';
import { RealTimeDriver } from '../sim/driver.ts';
import { START } from '../world/lab.ts';
import { type ApiSocket, listen } from './api-socket.ts';
import { options, placeOption, wholeNumber, withUsage } from './lab-options.ts';
import { lessonsFromDisk } from './lessons-from-disk.ts';
import { UsageError } from './library/errors.ts';
import { openSession } from './opening.ts';
import { hostTimers } from './timers.ts';

export const main = (args: string[]): Promise<number> =>
  withUsage('serve', async () => {
    const flags = options(args, {
      port: { type: 'string' },
      kubeconfig: { type: 'string' },
      lesson: { type: 'string' },
      speed: { type: 'string' },
      seed: { type: 'string' },
      'stub-kubelet': { type: 'boolean' },
    });
    const port = wholeNumber('port', flags.port, 0);
    if (port > 65_535) throw new UsageError(`--port: ${port} is not a port`);
    const speed = Number(flags.speed ?? '1');
    if (!(speed > 0)) throw new UsageError(`--speed: "${flags.speed}" is not a positive number`);
    const lessons = lessonsFromDisk();
    const seed = wholeNumber('seed', flags.seed, 1);
    const start = placeOption(flags.lesson, lessons);
    const stubKubelet = flags['stub-kubelet'] ?? false;
    const open = (begin: number) =>
      openSession({ seed, start, language: 'en', lessons, world: { stubKubelet, start: begin }, follow: true });
    // Real clients tell ages by their own clock: the world must stand at the present when it is served.
    const rehearsal = await open(START);
    const taken = rehearsal.now - START;
    rehearsal.close();
    const session = await open(Date.now() - taken);
    return serve(session, { port, speed, ...(flags.kubeconfig ? { kubeconfig: flags.kubeconfig } : {}) });
  });

async function serve(session: Session, where: { port: number; speed: number; kubeconfig?: string }): Promise<number> {
  const { clock, server: api } = session.world;
  const driver = new RealTimeDriver(clock, hostTimers, () => {});
  driver.speed = where.speed;
  let socket: ApiSocket;
  try {
    socket = await listen({ api, clock, driver }, where.port);
  } catch (error) {
    driver.stop();
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    process.stderr.write(`lab serve: port ${where.port} is in use\n`);
    return 1;
  }
  const { url } = socket;
  const kubeconfig = where.kubeconfig === undefined ? undefined : resolve(where.kubeconfig);
  if (kubeconfig) writeFileSync(kubeconfig, kubeconfigFor(url), { mode: 0o600 });
  // A component that fails at one event is told of, and the cluster goes on, as it would after the component's restart.
  process.on('uncaughtException', (error) => {
    process.stderr.write(`lab serve: ${error.stack ?? error}\n`);
    driver.wake();
  });
  const stopped = new Promise((done) => {
    for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, done);
  });
  process.stdout.write(`${JSON.stringify({ url, ...(kubeconfig ? { kubeconfig } : {}) })}\n`);
  await stopped;
  driver.stop();
  await socket.close();
  return 0;
}

/**
 * The names are those of the cluster the goldens were recorded on (`kubectl config view`). There is no certificate to verify on
 * loopback; clients that refuse plain HTTP unless they are told so (@kubernetes/client-node) are told.
 */
function kubeconfigFor(url: string): string {
  return `apiVersion: v1
kind: Config
clusters:
- name: kubernetes
  cluster:
    server: ${url}
    insecure-skip-tls-verify: true
contexts:
- name: kubernetes-admin@kubernetes
  context:
    cluster: kubernetes
    user: kubernetes-admin
current-context: kubernetes-admin@kubernetes
users:
- name: kubernetes-admin
  user: {}
`;
}
