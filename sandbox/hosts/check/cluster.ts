/** A cluster asked over HTTP with a kubeconfig's credentials: its objects, and what a command in one of its containers prints. */

import type { ExecSession } from '../../api/http.ts';
import type { KubeObject } from '../../api/object.ts';
import { resources } from '../../api/resources/index.ts';
import type { ResourceName } from '../../api/types.ts';
import { ApiError, ConnectionError } from '../../kubectl/cli/errors.ts';
import { FlagTable, GLOBAL_FLAGS, parseFlags } from '../../kubectl/cli/flags.ts';
import type { ApiClient } from '../../kubectl/client/client.ts';
import type { KubectlEnvironment } from '../../kubectl/environment.ts';
import { Session } from '../../kubectl/session.ts';
import { Unseen } from '../../lesson/judgement.ts';
import type { CommandResult } from '../../lesson/observation.ts';
import { Clock } from '../../sim/clock.ts';
import { RealTimeDriver } from '../../sim/driver.ts';
import { Coroutine, type Task } from '../../sim/task.ts';
import { UsageError } from '../library/errors.ts';
import { files } from '../node-files.ts';
import { awaiting, NodeTransport } from '../node-transport.ts';
import { hostTimers } from '../timers.ts';
import { CannotAsk } from './cannot-ask.ts';
import { withCredentials } from './credentials.ts';
import { hasShape } from './shape.ts';

export interface ClusterOptions {
  /** kubectl's own rule where it is not given: $KUBECONFIG, then ~/.kube/config. */
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  /** As kubectl's --request-timeout: `10s`. */
  readonly requestTimeout: string;
}

/** Objects asked for in one answer (client-go's pager). */
const PAGE = '500';

export class Cluster {
  readonly server: string;
  readonly context: string;
  readonly #client: ApiClient;
  readonly #run: <T>(task: Task<T>) => Promise<T>;
  readonly #stop: () => void;
  readonly #patience: number;
  /** Kinds of which only the namespace `default` may be seen. */
  readonly narrowed = new Set<string>();
  /** Whether a list has been answered, and the last refusal. */
  answered = false;
  refusal = '';

  private constructor(parts: Pick<Cluster, 'server' | 'context'> & Connected) {
    this.server = parts.server;
    this.context = parts.context;
    this.#client = parts.client;
    this.#run = parts.run;
    this.#stop = parts.stop;
    this.#patience = parts.patience;
  }

  /** Asks nothing yet. Throws UsageError where the kubeconfig names no cluster, CannotAsk where its credentials cannot be had. */
  static async open(options: ClusterOptions): Promise<Cluster> {
    const clock = new Clock(Date.now());
    const driver = new RealTimeDriver(clock, hostTimers, () => {});
    const run = <T>(task: Task<T>) => ended(clock, driver, task);
    try {
      const transports: NodeTransport[] = [];
      const environment = surroundings(() => driver.wake(), transports);
      const session = new Session(environment, flagsOf(options), 'lab check');
      const { connection, contextName, user } = await run(session.target()).catch((error: Error) => {
        throw new UsageError(oneLine(error.message));
      });
      await withCredentials(connection, user);
      const client = await run(session.client());
      const stop = () => {
        driver.stop();
        for (const transport of transports) transport.close();
      };
      const patience = connection.requestTimeout || 30_000;
      return new Cluster({ server: connection.server, context: contextName, client, run, stop, patience });
    } catch (error) {
      driver.stop();
      throw error;
    }
  }

  close(): void {
    this.#stop();
  }

  /** All of a kind; those of `default` where no others may be seen. Throws Unseen, CannotAsk. */
  async list(name: ResourceName): Promise<KubeObject[]> {
    const { group, version, namespaced } = resources.find((one) => one.name === name)!;
    const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
    try {
      return await this.#pages(`${root}/${name}`, name);
    } catch (error) {
      const forbidden = error instanceof Refusal && error.reason === 'Forbidden';
      if (!forbidden || !namespaced) throw hidden(error, name);
    }
    try {
      const objects = await this.#pages(`${root}/namespaces/default/${name}`, name);
      this.narrowed.add(name);
      return objects;
    } catch (error) {
      throw hidden(error, name);
    }
  }

  async #pages(path: string, name: ResourceName): Promise<KubeObject[]> {
    const { group, version, kind } = resources.find((one) => one.name === name)!;
    const type = { apiVersion: group === '' ? version : `${group}/${version}`, kind };
    const objects: KubeObject[] = [];
    let more = '';
    do {
      const query = [['limit', PAGE], ...(more ? [['continue', more]] : [])] as [string, string][];
      const page = await this.#answer(path, query);
      if (!Array.isArray(page?.items) || !page.items.every((item) => hasShape(item, name)))
        throw new CannotAsk(`GET ${this.server}${path}: the answer is not a list of ${name}`);
      for (const item of page.items as KubeObject[]) objects.push({ ...item, ...type });
      more = page.metadata?.continue ?? '';
    } while (more);
    this.answered = true;
    return objects;
  }

  async #answer(path: string, query: [string, string][]): Promise<ListBody | null> {
    try {
      return await this.#run(this.#client.json<ListBody | null>('GET', path, { query }));
    } catch (error) {
      const url = `${this.server}${path}`;
      if (error instanceof ConnectionError) throw new CannotAsk(`GET ${url}: ${error.message}`);
      if (error instanceof SyntaxError) throw new CannotAsk(`GET ${url}: the answer is not JSON`);
      if (!(error instanceof ApiError)) throw error;
      // Whoever is not known at all will not be told more by asking on.
      if (error.reason === 'Unauthorized') throw new CannotAsk(`GET ${url}: ${error.message}`);
      this.refusal = oneLine(error.message);
      throw new Refusal(error.reason, this.refusal);
    }
  }

  /** What a command prints in a container. Throws Unseen where it cannot be run there, or does not end. */
  async exec(pod: KubeObject, container: string, command: readonly string[]): Promise<CommandResult> {
    const { name, namespace } = pod.metadata;
    const path = `/api/v1/namespaces/${namespace}/pods/${name}/exec`;
    const query: [string, string][] = [
      ...command.map((word): [string, string] => ['command', word]),
      ['container', container],
      ['stdout', 'true'],
      ['stderr', 'true'],
    ];
    const cannot = (why: string) => new Unseen({ kind: 'container', pod: `${namespace}/${name}`, why });
    let patience: NodeJS.Timeout | undefined;
    const tired = new Promise<never>((_, reject) => {
      const seconds = this.#patience / 1_000;
      patience = setTimeout(() => reject(cannot(`no answer within ${seconds} s`)), this.#patience);
    });
    try {
      return await Promise.race([this.#run(collected(this.#client.exec(path, query))), tired]);
    } catch (error) {
      if (error instanceof ApiError || error instanceof ConnectionError) throw cannot(oneLine(error.message));
      if (error instanceof NotRun) throw cannot(oneLine(error.message));
      throw error;
    } finally {
      clearTimeout(patience);
    }
  }
}

interface Connected {
  readonly client: ApiClient;
  readonly run: <T>(task: Task<T>) => Promise<T>;
  readonly stop: () => void;
  readonly patience: number;
}

interface ListBody {
  readonly items?: unknown;
  readonly metadata?: { readonly continue?: string };
}

/** The server's no to one request. */
class Refusal extends Error {
  readonly reason: string;
  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}

class NotRun extends Error {}

const hidden = (error: unknown, resource: string): unknown =>
  error instanceof Refusal ? new Unseen({ kind: 'objects', resource, why: error.message }) : error;

const oneLine = (text: string): string => text.trim().replace(/\s*\n\s*/g, '; ');

function* collected(dial: Task<ExecSession>): Task<CommandResult> {
  const running = yield* dial;
  running.stdin.close();
  const [out, err] = [new TextDecoder(), new TextDecoder()];
  let [stdout, stderr] = ['', ''];
  const end = yield* running.done.next();
  for (let chunk = running.stdout.take(); chunk; chunk = running.stdout.take())
    stdout += out.decode(chunk, { stream: true });
  for (let chunk = running.stderr.take(); chunk; chunk = running.stderr.take())
    stderr += err.decode(chunk, { stream: true });
  if (end?.exitCode === undefined) throw new NotRun(end?.error ?? 'connection closed');
  return { exitCode: end.exitCode, stdout, stderr };
}

async function ended<T>(clock: Clock, driver: RealTimeDriver, task: Task<T>): Promise<T> {
  const coroutine = new Coroutine(clock, task);
  driver.wake();
  return new Promise((done, reject) =>
    coroutine.whenDone((outcome) => {
      if (outcome.status === 'done') done(outcome.value);
      else reject(outcome.status === 'failed' ? outcome.error : new Error('ended'));
    }),
  );
}

const flagsOf = ({ kubeconfig, context, requestTimeout }: ClusterOptions) =>
  parseFlags(new FlagTable(GLOBAL_FLAGS), [
    `--request-timeout=${requestTimeout}`,
    ...(kubeconfig === undefined ? [] : [`--kubeconfig=${kubeconfig}`]),
    ...(context === undefined ? [] : [`--context=${context}`]),
  ]);

/** Of kubectl's surroundings, what finding and asking a cluster needs; nothing is read from or written to a terminal. */
function surroundings(wake: () => void, transports: NodeTransport[]): KubectlEnvironment {
  const nothing = function* () {};
  const silent = { isTerminal: false, columns: 80, rows: 24, write: nothing };
  const never = (): never => {
    throw new Error('lab check asks a cluster, and does nothing else');
  };
  return {
    pid: process.pid,
    args: [],
    env: new Map(Object.entries(process.env).flatMap(([k, v]) => (v === undefined ? [] : [[k, v] as const]))),
    stdin: {
      isTerminal: false,
      *read() {
        return new Uint8Array();
      },
    },
    stdout: silent,
    stderr: silent,
    files,
    now: () => Date.now(),
    sleep: nothing,
    connect(cluster) {
      const transport = new NodeTransport(cluster, wake);
      transports.push(transport);
      return transport;
    },
    run: never,
    onInterrupt: () => {},
    load: (work) => awaiting(wake, work),
    listen: never,
    randomName: never,
  };
}
