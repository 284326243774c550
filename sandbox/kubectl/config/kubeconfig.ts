/** The kubeconfig files: where they are, how several merge, and what each context means (client-go tools/clientcmd). */

import type { Task } from '../../sim/task.ts';
import type { KubectlEnvironment } from '../environment.ts';
import { decode, quote } from '../text.ts';
import { fromYaml } from '../yaml/documents.ts';
import { printYaml } from '../yaml/print.ts';

export interface Cluster {
  server?: string;
  'certificate-authority'?: string;
  'certificate-authority-data'?: string;
  'insecure-skip-tls-verify'?: boolean;
  'tls-server-name'?: string;
  'proxy-url'?: string;
}

export interface User {
  'client-certificate'?: string;
  'client-certificate-data'?: string;
  'client-key'?: string;
  'client-key-data'?: string;
  token?: string;
  tokenFile?: string;
  username?: string;
  password?: string;
  [key: string]: unknown;
}

export interface ContextEntry {
  cluster?: string;
  user?: string;
  namespace?: string;
}

export interface Named<K extends string, V> {
  readonly name: string;
  readonly value: V;
  readonly key: K;
}

/** One merged view; each entry remembers nothing of its file but `origin`. */
export interface Kubeconfig {
  currentContext: string;
  readonly clusters: Map<string, Cluster>;
  readonly contexts: Map<string, ContextEntry>;
  readonly users: Map<string, User>;
  preferences?: unknown;
}

export const emptyConfig = (): Kubeconfig => ({
  currentContext: '',
  clusters: new Map(),
  contexts: new Map(),
  users: new Map(),
});

/** The files to read, in order of precedence. */
export function configPaths(environment: KubectlEnvironment, explicit: string): string[] {
  if (explicit) return [explicit];
  const list = (environment.env.get('KUBECONFIG') ?? '').split(':').filter(Boolean);
  return list.length > 0 ? [...new Set(list)] : [`${environment.files.home}/.kube/config`];
}

export function* readConfigFile(environment: KubectlEnvironment, path: string): Task<Kubeconfig | undefined> {
  if (!(yield* environment.files.stat(path))) return undefined;
  const text = decode(yield* environment.files.read(path));
  try {
    return parseConfig(text);
  } catch (error) {
    const message = (error as Error).message.replace(/^error converting YAML to JSON: /, '');
    throw new Error(`error loading config file ${quote(path)}: ${message}`);
  }
}

/** The file read last, as JSON: one that did not change need not be understood anew at every command. */
let lastRead: { readonly text: string; readonly json: string } | undefined;

export function parseConfig(text: string): Kubeconfig {
  if (lastRead?.text !== text) lastRead = { text, json: JSON.stringify(fromYaml(text) ?? null) };
  const config = emptyConfig();
  const raw = JSON.parse(lastRead.json) as Record<string, unknown> | null;
  if (raw === null || typeof raw !== 'object') return config;
  config.currentContext = typeof raw['current-context'] === 'string' ? raw['current-context'] : '';
  const list = (key: string) => (Array.isArray(raw[key]) ? (raw[key] as Record<string, unknown>[]) : []);
  for (const entry of list('clusters')) config.clusters.set(String(entry.name), (entry.cluster ?? {}) as Cluster);
  for (const entry of list('contexts')) config.contexts.set(String(entry.name), (entry.context ?? {}) as ContextEntry);
  for (const entry of list('users')) config.users.set(String(entry.name), (entry.user ?? {}) as User);
  return config;
}

/** All files merged; the first to say something wins. Throws `stat PATH: …` when --kubeconfig names no file. */
export function* loadConfig(environment: KubectlEnvironment, explicit: string): Task<Kubeconfig> {
  const merged = emptyConfig();
  for (const path of configPaths(environment, explicit)) {
    const config = yield* readConfigFile(environment, path);
    if (!config) {
      if (explicit) throw new Error(`stat ${explicit}: no such file or directory`);
      continue;
    }
    merged.currentContext ||= config.currentContext;
    for (const kind of ['clusters', 'contexts', 'users'] as const) {
      const target = merged[kind] as Map<string, unknown>;
      for (const [name, value] of config[kind]) if (!target.has(name)) target.set(name, value);
    }
  }
  return merged;
}

/** As a v1 Config prints it: lists sorted by name. */
export function configDocument(config: Kubeconfig): Record<string, unknown> {
  const named = <V extends object>(map: Map<string, V>, key: string) =>
    map.size === 0
      ? null
      : [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => ({ [key]: value, name }));
  return {
    apiVersion: 'v1',
    clusters: named(config.clusters, 'cluster'),
    contexts: named(config.contexts, 'context'),
    'current-context': config.currentContext,
    kind: 'Config',
    preferences: config.preferences,
    users: named(config.users, 'user'),
  };
}

export const printConfig = (config: Kubeconfig): string => printYaml(configDocument(config));
