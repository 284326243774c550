/**
 * What the cluster has to say to a manifest that somebody is writing: the kinds there are, the fields of each, and what
 * `kubectl apply --dry-run=server` would print. Asked from outside, without a trace.
 */

import { type ApiRequest, type ApiResponse, type Transport, TransportError } from '../api/http.ts';
import type { FieldHelp, Judgement, KindHelp } from '../channel/files.ts';
import { splitApiVersion } from '../kubectl/client/mapper.ts';
import type { KubectlEnvironment } from '../kubectl/environment.ts';
import {
  type OpenApiDocument,
  type OpenApiSchema,
  resolved,
  schemaOfKind,
  typeOf,
  valueSchema,
} from '../kubectl/explain/document.ts';
import { runKubectl } from '../kubectl/kubectl.ts';
import { isErrno } from '../machines/errno.ts';
import { glance } from '../machines/glance.ts';
import type { KernelMachine } from '../machines/kernel/machine.ts';
import { own } from '../sim/own.ts';
import type { Resume, Task } from '../sim/task.ts';
import type { World } from './world.ts';

/** Whose kubeconfig is asked with: the learner's own. */
const HOST = 'master01';
const HOME = '/root';
/** Longer ones are not judged while somebody types. */
const MOST_TEXT = 200_000;

/** One judgement a document. */
export async function judge(world: World, manifests: readonly string[]): Promise<Judgement[]> {
  const judgements: Judgement[] = [];
  for (const text of manifests)
    judgements.push(text.length > MOST_TEXT ? { error: '', warnings: [] } : await judgeOne(world, text));
  return judgements;
}

async function judgeOne(world: World, text: string): Promise<Judgement> {
  let stderr = '';
  const environment = environmentFor(world, text, (words) => {
    stderr += words;
  });
  const code = await driven(runKubectl(environment));
  const lines = stderr.split('\n');
  const warnings = lines.filter((line) => line.startsWith(WARNING)).map((line) => line.slice(WARNING.length));
  const error = lines.filter((line) => !line.startsWith(WARNING)).join('\n');
  return { error: code === 0 ? '' : error.trim(), warnings };
}

const WARNING = 'Warning: ';

/** Runs a task outside the world's time: it waits for nothing but code that is loaded. */
async function driven<T>(task: Task<T>): Promise<T> {
  let step = task.next();
  while (!step.done) {
    const wait = step.value;
    const goOn = await new Promise<() => IteratorResult<unknown, T>>((resolve) => {
      const resume = ((value?: unknown) => resolve(() => task.next(value))) as Resume;
      resume.fail = (error) => resolve(() => task.throw(error));
      wait(resume);
    });
    step = goOn() as typeof step;
  }
  return step.value;
}

function* loaded<T>(work: () => Promise<T>): Task<T> {
  return (yield (resume) => {
    work().then(resume, resume.fail);
    return undefined;
  }) as T;
}

function environmentFor(world: World, stdin: string, onError: (text: string) => void): KubectlEnvironment {
  let unread: Uint8Array = new TextEncoder().encode(stdin);
  const sink = (write: (text: string) => void) => ({
    isTerminal: false,
    columns: 80,
    rows: 24,
    *write(text: string | Uint8Array): Task<void> {
      write(typeof text === 'string' ? text : new TextDecoder().decode(text));
    },
  });
  const unable = () => {
    throw new Error('not here');
  };
  return {
    pid: 1,
    args: ['apply', '--dry-run=server', '-f', '-'],
    env: new Map([['HOME', HOME]]),
    stdin: {
      isTerminal: false,
      *read() {
        const all = unread;
        unread = new Uint8Array();
        return all;
      },
    },
    stdout: sink(() => {}),
    stderr: sink(onError),
    files: filesOf(world.machines.get(HOST) as KernelMachine),
    now: () => world.clock.now,
    *sleep() {},
    connect: ({ server }) => new Inquiry(world, server),
    run: unable,
    onInterrupt: () => {},
    load: loaded,
    listen: unable,
    randomName: () => '0',
  };
}

class Inquiry implements Transport {
  readonly server: string;
  readonly #world: World;

  constructor(world: World, server: string) {
    this.#world = world;
    this.server = server;
  }

  *request(request: ApiRequest): Task<ApiResponse> {
    if (!this.#world.machines.get(HOST)?.up) throw new TransportError('connect: no route to host');
    return this.#world.inquire(request);
  }

  exec(): never {
    throw new Error('not here');
  }

  portForward(): never {
    throw new Error('not here');
  }
}

/** The machine's, looked at; nothing is written. */
function filesOf(machine: KernelMachine): KubectlEnvironment['files'] {
  const inGo = <T>(look: () => T): T => {
    try {
      return look();
    } catch (error) {
      if (isErrno(error)) throw new Error(error.message[0]!.toLowerCase() + error.message.slice(1));
      throw error;
    }
  };
  return {
    cwd: HOME,
    home: HOME,
    *read(path) {
      return inGo(() => {
        const file = glance(machine, path);
        return file.read(file.inode.size);
      });
    },
    *list(path) {
      return inGo(() => glance(machine, path).names());
    },
    *stat(path) {
      try {
        const { type, size, mode, mtime } = glance(machine, path).inode.stat();
        return { directory: type === 'directory', size, mode, mtime };
      } catch (error) {
        if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined;
        throw error;
      }
    },
    *write() {},
    *makeDirectory() {},
    *remove() {},
  };
}

/** All that can be created. */
export async function kinds(world: World): Promise<KindHelp[]> {
  const { paths = {} } = (await get<{ paths?: Record<string, unknown> }>(world, '/openapi/v3')) ?? {};
  const lists = Object.keys(paths).map(async (key) => {
    const match = /^api(?:s\/([^/]+))?\/([^/]+)$/.exec(key);
    if (!match) return [];
    const [, group, version = ''] = match;
    const list = await get<{ resources: readonly Served[] }>(world, `/${key}`);
    return (list?.resources ?? []).flatMap(({ name, kind, namespaced, verbs }) =>
      name.includes('/') || !verbs.includes('create')
        ? []
        : [{ apiVersion: group ? `${group}/${version}` : version, kind, namespaced }],
    );
  });
  return (await Promise.all(lists)).flat();
}

interface Served {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

/** What a field of a kind is, and what may stand below it; undefined where there is none. Items of lists are no part of the path. */
export async function fieldHelp(
  world: World,
  apiVersion: string,
  kind: string,
  path: readonly string[],
): Promise<FieldHelp | undefined> {
  const [group, version] = splitApiVersion(apiVersion);
  const document = await get<OpenApiDocument>(world, `/openapi/v3/${group ? `apis/${group}` : 'api'}/${version}`);
  const whole = document && schemaOfKind(document, { group, version, kind });
  if (!document || !whole) return undefined;
  let schema: OpenApiSchema | undefined = whole;
  for (const name of path) schema = schema && fieldOf(schema, name, document);
  if (!schema) return undefined;
  const target = flattened(schema, document);
  const inner = innermost(target, document);
  return {
    type: typeOf(schema, document),
    description: schema.description ?? target.description ?? inner.description ?? '',
    values: (inner.enum ?? []).map(String),
    fields: Object.entries(inner.properties ?? {}).map(([name, field]) => ({
      name,
      type: typeOf(field, document),
      description: field.description ?? flattened(field, document).description ?? '',
      required: inner.required?.includes(name) ?? false,
    })),
  };
}

function fieldOf(schema: OpenApiSchema, name: string, document: OpenApiDocument): OpenApiSchema | undefined {
  const target = innermost(flattened(schema, document), document);
  return (target.properties && own(target.properties, name)) ?? valueSchema(target);
}

/** A reference, or the one schema that `allOf` wraps. */
function flattened(schema: OpenApiSchema, document: OpenApiDocument): OpenApiSchema {
  const target = resolved(schema, document);
  const only = target.allOf?.length === 1 && !target.properties ? target.allOf[0] : undefined;
  return only
    ? { ...flattened(only, document), ...(target.description && { description: target.description }) }
    : target;
}

/** Of a list: its items, whatever stands in how many lists. */
function innermost(schema: OpenApiSchema, document: OpenApiDocument): OpenApiSchema {
  return schema.items ? innermost(flattened(schema.items, document), document) : schema;
}

/** Texts last parsed, by path: the same one is seldom another when it is asked for again. */
const parsed = new Map<string, { readonly text: string; readonly value: unknown }>();

async function get<T>(world: World, path: string): Promise<T | undefined> {
  const { status, body, value } = world.inquire({ method: 'GET', path, query: [], headers: {} });
  if (status !== 200) return undefined;
  if (value !== undefined) return value as T;
  const text = typeof body === 'string' ? body : await driven(body.next());
  if (text === undefined) return undefined;
  let known = parsed.get(path);
  if (known?.text !== text) {
    known = { text, value: JSON.parse(text) };
    parsed.set(path, known);
  }
  return known.value as T;
}
