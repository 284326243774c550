/** The kubeconfig files: where they are, how several merge, and how one prints (client-go tools/clientcmd loader.go). */

import type { Task } from '../../sim/task.ts';
import type { KubectlEnvironment } from '../environment.ts';
import { byText, decode, quote } from '../text.ts';
import { fromYaml } from '../yaml/documents.ts';
import { printYaml } from '../yaml/print.ts';
import { marshalled, SECTIONS, type Section } from './fields.ts';

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
  as?: string;
  'as-uid'?: string;
  'as-groups'?: readonly string[];
  'as-user-extra'?: Readonly<Record<string, readonly string[]>>;
  username?: string;
  password?: string;
  'auth-provider'?: { name?: string; config?: Record<string, string> };
  exec?: ExecConfig;
}

export interface ExecConfig {
  command?: string;
  args?: readonly string[];
  env?: readonly { name: string; value: string }[];
  apiVersion?: string;
  interactiveMode?: string;
  provideClusterInfo?: boolean;
}

export interface ContextEntry {
  cluster?: string;
  user?: string;
  namespace?: string;
}

export interface Kubeconfig {
  currentContext: string;
  clusters: Map<string, Cluster>;
  contexts: Map<string, ContextEntry>;
  users: Map<string, User>;
  preferences?: Record<string, unknown>;
  /** The file of each entry of a merged view, by `clusters/NAME`. */
  readonly origins: Map<string, string>;
}

export const emptyConfig = (): Kubeconfig => ({
  currentContext: '',
  clusters: new Map(),
  contexts: new Map(),
  users: new Map(),
  origins: new Map(),
});

export const section = (config: Kubeconfig, name: Section) => config[name] as Map<string, Record<string, unknown>>;

/** The files to read, in order of precedence. */
export function configPaths(environment: KubectlEnvironment, explicit: string): string[] {
  if (explicit) return [explicit];
  const list = (environment.env.get('KUBECONFIG') ?? '').split(':').filter(Boolean);
  return list.length > 0 ? [...new Set(list)] : [`${environment.files.home}/.kube/config`];
}

/** Where new entries go: the first file that exists, else the last (PathOptions.GetDefaultFilename). */
export function* defaultPath(environment: KubectlEnvironment, explicit: string): Task<string> {
  const paths = configPaths(environment, explicit);
  for (const path of paths) if (yield* environment.files.stat(path)) return path;
  return paths[paths.length - 1]!;
}

export function* readConfigFile(environment: KubectlEnvironment, path: string): Task<Kubeconfig | undefined> {
  const stat = yield* environment.files.stat(path);
  if (!stat) return undefined;
  try {
    if (stat.directory) throw new Error(`read ${path}: is a directory`);
    return parseConfig(decode(yield* environment.files.read(path)));
  } catch (error) {
    const message = (error as Error).message.replace(/^error converting YAML to JSON: /, '');
    throw new Error(`error loading config file ${quote(path)}: ${message}`);
  }
}

const SCHEME = 'k8s.io/client-go/tools/clientcmd/api/latest/latest.go:50';

/** The file read last, as JSON: one that did not change need not be understood anew at every command. */
let lastRead: { readonly text: string; readonly json: string } | undefined;

/** Throws the complaints of Go's JSON decoder. */
function parseConfig(text: string): Kubeconfig {
  if (lastRead?.text !== text) lastRead = { text, json: JSON.stringify(fromYaml(text) ?? null) };
  const config = emptyConfig();
  const raw = JSON.parse(lastRead.json) as unknown;
  if (raw === null) return config;
  if (typeof raw !== 'object' || Array.isArray(raw)) {
    throw new Error(
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${jsonType(raw)} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    );
  }
  const document = raw as Record<string, unknown>;
  const { kind = 'Config', apiVersion = 'v1' } = document;
  if (kind !== 'Config' || apiVersion !== 'v1') {
    throw new Error(
      `no kind ${quote(String(kind))} is registered for version ${quote(String(apiVersion))} in scheme ${quote(SCHEME)}`,
    );
  }
  const current = document['current-context'] ?? '';
  if (typeof current !== 'string') throw wrongType(current, 'current-context', 'string');
  config.currentContext = current;
  if (document.preferences && Object.keys(document.preferences).length > 0)
    config.preferences = document.preferences as Record<string, unknown>;
  for (const [name, { entry, goType }] of Object.entries(SECTIONS)) {
    const list = document[name] ?? [];
    if (!Array.isArray(list)) throw wrongType(list, name, `[]${goType}`);
    for (const item of list as Record<string, unknown>[])
      section(config, name as Section).set(String(item.name), (item[entry] ?? {}) as Record<string, unknown>);
  }
  return config;
}

const wrongType = (value: unknown, field: string, type: string): Error =>
  new Error(`json: cannot unmarshal ${jsonType(value)} into Go struct field Config.${field} of type ${type}`);

const jsonType = (value: unknown): string =>
  Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;

/** All files merged; the first to say something wins. Files that do not exist say nothing. */
export function* loadConfig(environment: KubectlEnvironment, explicit: string): Task<Kubeconfig> {
  const merged = emptyConfig();
  for (const path of configPaths(environment, explicit)) {
    const config = yield* readConfigFile(environment, path);
    if (!config) continue;
    merged.currentContext ||= config.currentContext;
    if (config.preferences) merged.preferences = { ...config.preferences, ...merged.preferences };
    for (const name of Object.keys(SECTIONS) as Section[]) {
      const target = section(merged, name);
      for (const [key, value] of section(config, name)) {
        if (target.has(key)) continue;
        target.set(key, value);
        merged.origins.set(`${name}/${key}`, path);
      }
    }
  }
  return merged;
}

/** clientcmdapi/v1.Config in its Go order, lists sorted by name; printYaml sorts the rest. */
export function configDocument(config: Kubeconfig): Record<string, unknown> {
  const named = (name: Section) => {
    const { entry, fields } = SECTIONS[name];
    const entries = [...section(config, name)].sort(([a], [b]) => byText(a, b));
    return entries.length === 0
      ? null
      : entries.map(([key, value]) => ({ name: key, [entry]: marshalled(value, fields) }));
  };
  return {
    kind: 'Config',
    apiVersion: 'v1',
    preferences: config.preferences,
    clusters: named('clusters'),
    users: named('users'),
    contexts: named('contexts'),
    'current-context': config.currentContext,
  };
}

export const printConfig = (config: Kubeconfig): string => printYaml(configDocument(config));
