/** What is wrong with a cluster or a user (client-go tools/clientcmd/validation.go). */

import type { Task } from '../../sim/task.ts';
import type { KubectlEnvironment } from '../environment.ts';
import { quote } from '../text.ts';
import type { Cluster, User } from './kubeconfig.ts';

export function* clusterProblems(environment: KubectlEnvironment, name: string, cluster: Cluster): Task<string[]> {
  const problems: string[] = [];
  const { 'certificate-authority': file, 'certificate-authority-data': data } = cluster;
  if (!cluster.server)
    problems.push(name ? `no server found for cluster ${quote(name)}` : 'default cluster has no server defined');
  if (file && data) {
    problems.push(
      `certificate-authority-data and certificate-authority are both specified for ${name}. certificate-authority-data will override.`,
    );
  }
  if (file) problems.push(...(yield* unreadable(environment, 'certificate-authority', file, name)));
  return problems;
}

export function* userProblems(environment: KubectlEnvironment, name: string, user: User): Task<string[]> {
  const problems: string[] = [];
  const { 'client-certificate': certificate, 'client-certificate-data': certificateData } = user;
  const { 'client-key': key, 'client-key-data': keyData } = user;
  if (certificate || certificateData) {
    if (certificate && certificateData)
      problems.push(`client-cert-data and client-cert are both specified for ${name}. client-cert-data will override.`);
    if (key && keyData)
      problems.push(`client-key-data and client-key are both specified for ${name}; client-key-data will override`);
    if (!key && !keyData) {
      problems.push(
        `client-key-data or client-key must be specified for ${name} to use the clientCert authentication method.`,
      );
    }
    if (certificate) problems.push(...(yield* unreadable(environment, 'client-cert', certificate, name)));
    if (key) problems.push(...(yield* unreadable(environment, 'client-key', key, name)));
  }
  if (user.exec) problems.push(...execProblems(name, user));
  const methods = [user.token ? 'token' : '', user.username || user.password ? 'basicAuth' : ''].filter(Boolean);
  if (methods.length > 1) {
    problems.push(
      `more than one authentication method found for ${name}; found [${methods.join(' ')}], only one is allowed`,
    );
  }
  const extra = Object.keys(user['as-user-extra'] ?? {}).length > 0;
  if ((user['as-uid'] || user['as-groups']?.length || extra) && !user.as)
    problems.push(`requesting uid, groups or user-extra for ${name} without impersonating a user`);
  return problems;
}

function execProblems(name: string, { exec = {}, 'auth-provider': provider }: User): string[] {
  const problems: string[] = [];
  if (provider) problems.push(`authProvider cannot be provided in combination with an exec plugin for ${name}`);
  if (!exec.command) problems.push(`command must be specified for ${name} to use exec authentication plugin`);
  if (!exec.apiVersion) problems.push(`apiVersion must be specified for ${name} to use exec authentication plugin`);
  for (const { name: variable } of exec.env ?? [])
    if (!variable) problems.push(`env variable name must be specified for ${name} to use exec authentication plugin`);
  const mode = exec.interactiveMode ?? '';
  if (mode === '' && exec.apiVersion === 'client.authentication.k8s.io/v1')
    problems.push(`interactiveMode must be specified for ${name} to use exec authentication plugin`);
  else if (mode !== '' && !['Never', 'IfAvailable', 'Always'].includes(mode))
    problems.push(`invalid interactiveMode for ${name}: ${quote(mode)}`);
  return problems;
}

function* unreadable(environment: KubectlEnvironment, what: string, path: string, name: string): Task<string[]> {
  try {
    yield* environment.files.read(path);
    return [];
  } catch (error) {
    return [`unable to read ${what} ${path} for ${name} due to open ${path}: ${(error as Error).message}`];
  }
}
