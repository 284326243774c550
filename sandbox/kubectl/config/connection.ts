/** From kubeconfig and flags to a cluster: server, credentials, namespace, and what is wrong with them (clientcmd client_config.go, validation.go). */

import { parseDuration } from '../../sim/duration.ts';
import type { Task } from '../../sim/task.ts';
import { ConfigurationInvalid } from '../cli/errors.ts';
import type { Flags } from '../cli/flags.ts';
import type { ClusterConnection, KubectlEnvironment } from '../environment.ts';
import { decode, quote } from '../text.ts';
import type { Cluster, Kubeconfig, User } from './kubeconfig.ts';

export interface Target {
  readonly connection: ClusterConnection;
  readonly namespace: string;
  readonly namespaceExplicit: boolean;
  readonly contextName: string;
}

export function* resolveTarget(environment: KubectlEnvironment, config: Kubeconfig, flags: Flags): Task<Target> {
  const contextName = flags.string('context') || config.currentContext;
  const context = config.contexts.get(contextName);
  if (contextName && !context && flags.string('context')) {
    throw new ConfigurationInvalid([`context was not found for specified context: ${contextName}`]);
  }
  const clusterName = flags.string('cluster') || context?.cluster || '';
  const userName = flags.string('user') || context?.user || '';
  const cluster = config.clusters.get(clusterName);
  const user = config.users.get(userName);
  if (contextName && !context)
    throw new ConfigurationInvalid([`context was not found for specified context: ${contextName}`]);
  if (userName && !user) {
    if (flags.string('user')) throw new Error(`auth info ${quote(userName)} does not exist`);
    throw new ConfigurationInvalid([`user ${quote(userName)} was not found for context ${quote(contextName)}`]);
  }
  const server = flags.string('server') || cluster?.server || '';
  if (clusterName && !server) {
    if (flags.string('cluster') || cluster) throw new Error(`no server found for cluster ${quote(clusterName)}`);
    throw new ConfigurationInvalid([`cluster ${quote(clusterName)} was not found for context ${quote(contextName)}`]);
  }
  const explicit = flags.string('namespace');
  return {
    connection: yield* connectionOf(environment, server, cluster ?? {}, user ?? {}, flags),
    namespace: explicit || context?.namespace || 'default',
    namespaceExplicit: explicit !== '',
    contextName,
  };
}

function* connectionOf(
  environment: KubectlEnvironment,
  server: string,
  cluster: Cluster,
  user: User,
  flags: Flags,
): Task<ClusterConnection> {
  const bytes = function* (
    flag: string,
    data: string | undefined,
    path: string | undefined,
  ): Task<Uint8Array | undefined> {
    const file = flags.string(flag) || (data ? '' : (path ?? ''));
    if (file) {
      try {
        return yield* environment.files.read(file);
      } catch (error) {
        throw new Error(`unable to read ${flag} ${file} for ${flag} due to open ${file}: ${(error as Error).message}`);
      }
    }
    return data ? fromBase64(data) : undefined;
  };
  const timeout = flags.string('request-timeout');
  let token = flags.string('token') || user.token;
  if (!token && user.tokenFile) token = decode(yield* environment.files.read(user.tokenFile)).trim();
  return {
    server: server ? withScheme(server) : 'http://localhost:8080',
    insecureSkipTlsVerify: flags.bool('insecure-skip-tls-verify') || cluster['insecure-skip-tls-verify'],
    certificateAuthority: yield* bytes(
      'certificate-authority',
      cluster['certificate-authority-data'],
      cluster['certificate-authority'],
    ),
    clientCertificate: yield* bytes('client-certificate', user['client-certificate-data'], user['client-certificate']),
    clientKey: yield* bytes('client-key', user['client-key-data'], user['client-key']),
    token,
    requestTimeout: /^\d+$/.test(timeout) ? Number(timeout) * 1000 : parseDuration(timeout),
  };
}

const withScheme = (server: string): string =>
  /^\w+:\/\//.test(server) ? server.replace(/\/+$/, '') : `http://${server}`;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function fromBase64(text: string): Uint8Array {
  const out: number[] = [];
  let bits = 0;
  let held = 0;
  for (const char of text) {
    const value = ALPHABET.indexOf(char);
    if (value < 0) continue;
    held = (held << 6) | value;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out.push((held >> bits) & 0xff);
    }
  }
  return Uint8Array.from(out);
}

export function toBase64(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const n = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const quad = [18, 12, 6, 0].map((shift) => ALPHABET[(n >> shift) & 63]!).join('');
    const missing = Math.max(0, i + 3 - bytes.length);
    out += missing ? quad.slice(0, 4 - missing) + '='.repeat(missing) : quad;
  }
  return out;
}
