/** From kubeconfig and flags to a cluster: server, credentials, namespace, and what is wrong with them (clientcmd client_config.go, validation.go). */

import { fromBase64 } from '../../api/base64.ts';
import { parseDuration } from '../../sim/duration.ts';
import type { Task } from '../../sim/task.ts';
import { ConfigurationInvalid } from '../cli/errors.ts';
import type { Flags } from '../cli/flags.ts';
import type { ClusterConnection, KubectlEnvironment } from '../environment.ts';
import { decode, quote } from '../text.ts';
import type { Cluster, Kubeconfig, User } from './kubeconfig.ts';
import { absolute, FILE_FIELDS, folderOf } from './paths.ts';
import { clusterProblems, userProblems } from './validation.ts';

export interface Target {
  readonly connection: ClusterConnection;
  readonly namespace: string;
  readonly namespaceExplicit: boolean;
  readonly contextName: string;
  readonly user: User;
}

/** DirectClientConfig.ClientConfig: context, user and cluster with the flags over them, checked all together. */
export function* resolveTarget(environment: KubectlEnvironment, config: Kubeconfig, flags: Flags): Task<Target> {
  const explicitFile = flags.string('kubeconfig');
  if (explicitFile && !(yield* environment.files.stat(explicitFile)))
    throw new Error(`stat ${explicitFile}: no such file or directory`);
  const contextName = flags.string('context') || config.currentContext;
  const context = config.contexts.get(contextName);
  if (contextName && !context)
    throw new ConfigurationInvalid([`context was not found for specified context: ${contextName}`]);
  const userName = flags.string('user') || context?.user || '';
  const clusterName = flags.string('cluster') || context?.cluster || '';
  if (flags.string('user') && !config.users.has(userName))
    throw new Error(`auth info ${quote(userName)} does not exist`);
  if (flags.string('cluster') && !config.clusters.has(clusterName))
    throw new Error(`no server found for cluster ${quote(clusterName)}`);
  const user = resolved(environment, config, 'users', userName, userFlags(flags)) as User;
  const cluster = resolved(environment, config, 'clusters', clusterName, clusterFlags(flags)) as Cluster;
  cluster.server ||= environment.env.get('KUBERNETES_MASTER') || 'http://localhost:8080';
  const problems = [
    ...(yield* userProblems(environment, userName, user)),
    ...(yield* clusterProblems(environment, clusterName, cluster)),
  ];
  if (problems.length === 1) throw new Error(problems[0]);
  if (problems.length > 1) throw new ConfigurationInvalid(problems);
  const explicit = flags.string('namespace');
  return {
    connection: yield* connectionOf(environment, cluster, user, requestTimeout(flags.string('request-timeout'))),
    namespace: explicit || context?.namespace || 'default',
    namespaceExplicit: explicit !== '',
    contextName,
    user,
  };
}

/** The entry with its paths made absolute, and what the flags say instead. */
function resolved(
  { files }: KubectlEnvironment,
  config: Kubeconfig,
  kind: 'users' | 'clusters',
  name: string,
  overrides: Record<string, unknown>,
): Record<string, unknown> {
  const entry: Record<string, unknown> = { ...config[kind].get(name) };
  const origin = config.origins.get(`${kind}/${name}`);
  if (origin)
    for (const field of FILE_FIELDS[kind] ?? [])
      if (entry[field]) entry[field] = absolute(String(entry[field]), folderOf(absolute(origin, files.cwd)));
  // A file that a flag names stands for the bytes in the entry too.
  if (overrides['certificate-authority'] || overrides['insecure-skip-tls-verify'])
    for (const field of ['certificate-authority', 'certificate-authority-data']) delete entry[field];
  return { ...entry, ...overrides };
}

function userFlags(flags: Flags): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const name of ['client-certificate', 'client-key', 'token', 'as', 'as-uid', 'username', 'password'])
    if (flags.string(name)) given[name] = flags.string(name);
  if (flags.list('as-group').length > 0) given['as-groups'] = flags.list('as-group');
  const extra: Record<string, string[]> = {};
  for (const pair of flags.list('as-user-extra')) {
    const [key = '', value = ''] = pair.split('=');
    extra[key] = [...(extra[key] ?? []), value];
  }
  if (Object.keys(extra).length > 0) given['as-user-extra'] = extra;
  return given;
}

function clusterFlags(flags: Flags): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const name of ['server', 'certificate-authority', 'tls-server-name'])
    if (flags.string(name)) given[name] = flags.string(name);
  if (flags.bool('insecure-skip-tls-verify')) given['insecure-skip-tls-verify'] = true;
  return given;
}

/** clientcmd.ParseTimeout, in milliseconds. */
function requestTimeout(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const duration = parseDuration(text);
  if (duration !== undefined) return duration;
  throw new Error(
    'Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)',
  );
}

function* connectionOf(
  { files }: KubectlEnvironment,
  cluster: Cluster,
  user: User,
  timeout: number | undefined,
): Task<ClusterConnection> {
  const bytes = function* (data: string | undefined, path: string | undefined): Task<Uint8Array | undefined> {
    if (data) return fromBase64(data);
    return path ? yield* files.read(path) : undefined;
  };
  const server = withScheme(cluster.server!);
  const more = { server, requestTimeout: timeout };
  // Over plain HTTP nobody's credentials are sent (clientcmd: only try to read the auth information if we are secure).
  if (!server.startsWith('https:')) return more;
  let { token } = user;
  if (!token && user.tokenFile) token = decode(yield* files.read(user.tokenFile)).trim();
  return {
    ...more,
    insecureSkipTlsVerify: cluster['insecure-skip-tls-verify'],
    certificateAuthority: yield* bytes(cluster['certificate-authority-data'], cluster['certificate-authority']),
    clientCertificate: yield* bytes(user['client-certificate-data'], user['client-certificate']),
    clientKey: yield* bytes(user['client-key-data'], user['client-key']),
    token,
  };
}

const withScheme = (server: string): string =>
  /^\w+:\/\//.test(server) ? server.replace(/\/+$/, '') : `http://${server}`;
