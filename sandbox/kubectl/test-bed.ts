/** kubectl on an API of its own, in memory: what a test types, and what came of it. */

import type { Transport } from '../api/http.ts';
import { TransportError } from '../api/http.ts';
import { createApi } from '../api/index.ts';
import { resources } from '../api/resources/index.ts';
import { Clock } from '../sim/clock.ts';
import { Random } from '../sim/random.ts';
import { Coroutine, sleep, type Task } from '../sim/task.ts';
import type { KubectlEnvironment, OutputStream } from './environment.ts';
import { runKubectl } from './kubectl.ts';
import { decode, encode } from './text.ts';

const START = Date.UTC(2026, 10, 22, 9);

const KUBECONFIG = `apiVersion: v1
kind: Config
current-context: kubernetes-admin@kubernetes
clusters: [{name: kubernetes, cluster: {server: "https://127.0.0.1:7443"}}]
contexts: [{name: kubernetes-admin@kubernetes, context: {cluster: kubernetes, user: kubernetes-admin, namespace: default}}]
users: [{name: kubernetes-admin, user: {}}]
`;

export interface Result {
  readonly stdout: string;
  readonly stderr: string;
  readonly rc: number;
}

export class TestBed {
  readonly files = new Map<string, string>([['/root/.kube/config', KUBECONFIG]]);
  readonly #clock = new Clock(START);
  readonly #api = createApi({ clock: this.#clock, random: new Random(1), resources });

  constructor() {
    const client = this.#api.client('test');
    for (const name of ['default', 'kube-system']) {
      if (!client.get('namespaces', '', name)) client.create('namespaces', '', { metadata: { name } });
      client.create('serviceaccounts', name, { metadata: { name: 'default' } });
    }
  }

  /** Runs until it ends; a command that waits for ever is cut off after an hour of virtual time. */
  run(args: readonly string[], stdin = ''): Result {
    let [stdout, stderr] = ['', ''];
    const environment = this.#environment(
      args,
      stdin,
      (text) => (stdout += text),
      (text) => (stderr += text),
    );
    const coroutine = new Coroutine(this.#clock, runKubectl(environment));
    const end = this.#clock.now + 3_600_000;
    while (!coroutine.outcome && this.#clock.now < end && this.#clock.step(end));
    const { outcome } = coroutine;
    if (outcome?.status === 'failed') throw outcome.error;
    return { stdout, stderr, rc: outcome?.status === 'done' ? outcome.value : 130 };
  }

  #environment(
    args: readonly string[],
    stdin: string,
    out: (text: string) => void,
    err: (text: string) => void,
  ): KubectlEnvironment {
    const chunks = [encode(stdin)];
    const stream = (sink: (text: string) => void): OutputStream => ({
      isTerminal: false,
      columns: 80,
      rows: 24,
      *write(text) {
        sink(typeof text === 'string' ? text : decode(text));
      },
    });
    const folder = (path: string) => `${path.replace(/\/+$/, '')}/`;
    const { files } = this;
    const clock = this.#clock;
    return {
      pid: 1,
      args,
      env: new Map([
        ['HOME', '/root'],
        ['PATH', '/usr/bin'],
      ]),
      stdin: {
        isTerminal: false,
        *read() {
          return chunks.shift() ?? new Uint8Array();
        },
      },
      stdout: stream(out),
      stderr: stream(err),
      files: {
        cwd: '/root',
        home: '/root',
        *read(path) {
          const text = files.get(path);
          if (text === undefined) throw new Error('no such file or directory');
          return encode(text);
        },
        *write(path, data) {
          files.set(path, typeof data === 'string' ? data : decode(data));
        },
        *list(path) {
          return [...files.keys()].filter((f) => f.startsWith(folder(path))).map((f) => f.slice(folder(path).length));
        },
        *stat(path) {
          const text = files.get(path);
          if (text !== undefined) return { directory: false, size: text.length, mode: 0o644, mtime: 0 };
          const directory = [...files.keys()].some((f) => f.startsWith(folder(path)));
          return directory ? { directory: true, size: 0, mode: 0o755, mtime: 0 } : undefined;
        },
        *makeDirectory() {},
        *remove(path) {
          files.delete(path);
        },
      },
      now: () => clock.now,
      sleep: (ms) => sleep(clock, ms),
      connect: ({ server }) => this.#transport(server),
      *run() {
        return 127;
      },
      onInterrupt() {},
      *listen(): Task<never> {
        throw new Error('nothing listens in tests');
      },
      *load<T>(): Task<T> {
        throw new Error('nothing is loaded in tests');
      },
      randomName: () => '123456789',
    };
  }

  #transport(server: string): Transport {
    const api = this.#api.server;
    const reach = (): void => {
      const host = /^\w+:\/\/([^/]+)/.exec(server)![1]!;
      if (host !== '127.0.0.1:7443') throw new TransportError(`dial tcp ${host}: connect: connection refused`);
    };
    return {
      server,
      *request(request) {
        reach();
        return api.handle(request);
      },
      *exec(request) {
        reach();
        return api.exec(request);
      },
      *portForward() {
        throw new TransportError('nothing is forwarded in tests');
      },
    };
  }
}

/** Splits a recorded command line as the shell would, as far as the recordings need. */
export const words = (line: string): string[] =>
  [...line.matchAll(/(?:[^\s'"]+|'[^']*'|"[^"]*")+/g)].map(([word]) =>
    word.replace(/'([^']*)'|"([^"]*)"/g, (_, a: string | undefined, b: string | undefined) => a ?? b ?? ''),
  );
