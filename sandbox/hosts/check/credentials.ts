/** A user whose credentials a program hands out: client-go's exec plugins (plugin/pkg/client/auth/exec, v1 and v1beta1). */

import { execFile } from 'node:child_process';
import type { User } from '../../kubectl/config/kubeconfig.ts';
import type { ClusterConnection } from '../../kubectl/environment.ts';
import { CannotAsk } from './cannot-ask.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** What such a program may take: a browser may open to log in. */
const PATIENCE_MS = 60_000;

/** Adds to the connection what the user's program says. Throws CannotAsk with its own last words. */
export async function withCredentials(connection: Writable<ClusterConnection>, { exec }: User): Promise<void> {
  if (!exec?.command || !connection.server.startsWith('https:') || connection.token) return;
  const { command, args = [], env = [], apiVersion = 'client.authentication.k8s.io/v1' } = exec;
  const spec = { interactive: false, ...(exec.provideClusterInfo && { cluster: { server: connection.server } }) };
  const info = JSON.stringify({ apiVersion, kind: 'ExecCredential', spec });
  const added = Object.fromEntries(env.map(({ name, value }) => [name, value]));
  const said = await output(command, args, { ...process.env, ...added, KUBERNETES_EXEC_INFO: info });
  let status: { token?: string; clientCertificateData?: string; clientKeyData?: string } | undefined;
  try {
    status = (JSON.parse(said) as { status?: typeof status }).status;
  } catch {
    throw new CannotAsk(`the credentials' program ${command} printed no JSON`);
  }
  if (!status?.token && !status?.clientCertificateData)
    throw new CannotAsk(`the credentials' program ${command} gave neither a token nor a certificate`);
  if (status.token) connection.token = status.token;
  if (status.clientCertificateData) {
    connection.clientCertificate = Buffer.from(status.clientCertificateData);
    connection.clientKey = Buffer.from(status.clientKeyData ?? '');
  }
}

const output = (command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> =>
  new Promise((resolve, reject) => {
    execFile(command, args, { env, timeout: PATIENCE_MS, maxBuffer: 1 << 20 }, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      const last = stderr.trim().split('\n').at(-1);
      const why = error.code === 'ENOENT' ? 'there is no such program here' : last || error.message.split('\n')[0];
      reject(new CannotAsk(`the credentials' program ${command}: ${why}`));
    });
  });
