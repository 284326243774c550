/** A served cluster and the official JavaScript client that speaks to it, for tests. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as k8s from '@kubernetes/client-node';
import { expect } from 'vitest';
import { firstLine, startLab } from '../../sandbox/hosts/lab-process.ts';

export interface Served {
  readonly config: k8s.KubeConfig;
  readonly url: string;
  readonly kubeconfig: string;
  stop(): void;
}

/** `lab serve ARGS` as a process of its own, found through the kubeconfig that it writes. */
export async function serve(...args: string[]): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'bound-clients-'));
  const kubeconfig = join(folder, 'kubeconfig');
  const server = startLab(['serve', '--kubeconfig', kubeconfig, ...args]);
  const { url } = JSON.parse(await firstLine(server)) as { url: string };
  const config = new k8s.KubeConfig();
  config.loadFromFile(kubeconfig);
  return {
    config,
    url,
    kubeconfig,
    stop() {
      server.kill('SIGTERM');
      rmSync(folder, { recursive: true });
    },
  };
}

/** Waits until `look` gives something, as a client polls. */
export async function until<T>(look: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found as T;
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** The Status object that came with a refusal. */
export async function refusal(call: Promise<unknown>): Promise<k8s.V1Status> {
  const error = await call.then(
    (value) => expect.fail(`was answered ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(k8s.ApiException);
  const { code, body } = error as k8s.ApiException<string>;
  const status = JSON.parse(body) as k8s.V1Status;
  expect(status).toMatchObject({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code });
  return status;
}
