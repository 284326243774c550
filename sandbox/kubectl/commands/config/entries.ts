/** `config set-cluster` and `config set-credentials` (kubectl pkg/cmd/config/set_cluster.go, set_credentials.go). */

import { toBase64 } from '../../../api/base64.ts';
import type { Task } from '../../../sim/task.ts';
import type { Command } from '../../cli/command.ts';
import { CommandError } from '../../cli/errors.ts';
import type { Cluster, User } from '../../config/kubeconfig.ts';
import { modifyConfig } from '../../config/modify.ts';
import { absolute } from '../../config/paths.ts';
import type { Session } from '../../session.ts';
import { byText, quote } from '../../text.ts';
import { expectArguments, showHelp } from './usage.ts';

export const setCluster: Command = {
  name: 'set-cluster',
  flags:
    "certificate-authority='' embed-certs=false insecure-skip-tls-verify=false proxy-url='' server='' tls-server-name=''",
  complete: 'clusters',
  *run(session) {
    const { flags, environment } = session;
    yield* expectArguments(session, 1);
    const name = session.args[0]!;
    const [insecure, embed] = [flags.bool('insecure-skip-tls-verify'), flags.bool('embed-certs')];
    if (insecure && flags.changed('certificate-authority'))
      throw new CommandError('you cannot specify a certificate authority and insecure mode at the same time');
    if (embed && !flags.changed('certificate-authority'))
      throw new CommandError('you must specify a --certificate-authority to embed');
    const file = embed ? yield* embeddable(session, 'certificate-authority') : undefined;
    yield* modifyConfig(
      session,
      (config) => {
        const entry: Cluster = { ...config.clusters.get(name) };
        if (flags.changed('server')) {
          entry.server = flags.string('server');
          entry['tls-server-name'] = '';
        }
        for (const field of ['tls-server-name', 'proxy-url'] as const)
          if (flags.changed(field)) entry[field] = flags.string(field);
        if (insecure) {
          entry['insecure-skip-tls-verify'] = true;
          entry['certificate-authority'] = entry['certificate-authority-data'] = '';
        }
        if (flags.changed('certificate-authority')) {
          entry['insecure-skip-tls-verify'] = false;
          entry['certificate-authority-data'] = file ?? '';
          entry['certificate-authority'] = file
            ? ''
            : absolute(flags.string('certificate-authority'), environment.files.cwd);
        }
        config.clusters.set(name, entry);
      },
      { relativize: true },
    );
    yield* session.out(`Cluster ${quote(name)} set.\n`);
  },
};

/** The file's content in base64. */
function* embeddable(session: Session, flag: string): Task<string | undefined> {
  const path = session.flags.string(flag);
  if (!path) return undefined;
  try {
    return toBase64(yield* session.environment.files.read(path));
  } catch (error) {
    throw new CommandError(`could not stat ${flag} file ${path}: stat ${path}: ${(error as Error).message}`);
  }
}

export const setCredentials: Command = {
  name: 'set-credentials',
  flags:
    "auth-provider='' auth-provider-arg=[]:stringArray client-certificate='' client-key='' embed-certs=false exec-api-version='' exec-arg=[]:stringArray exec-command='' exec-env=[]:stringArray exec-interactive-mode='' exec-provide-cluster-info=false password='' token='' username=''",
  complete: 'users',
  *run(session) {
    const { flags } = session;
    yield* expectArguments(session, 1, 'unexpected args');
    const name = session.args[0]!;
    const providerArguments = yield* pairsOf(session, 'auth-provider-arg');
    const variables = yield* pairsOf(session, 'exec-env');
    const methods = [
      flags.string('token') ? '--token' : '',
      flags.string('username') || flags.string('password') ? '--username/--password' : '',
    ].filter(Boolean);
    if (methods.length > 1) {
      throw new CommandError(
        `you cannot specify more than one authentication method at the same time: ${methods.join(', ')}`,
      );
    }
    const embed = flags.bool('embed-certs');
    if (embed && !flags.string('client-certificate') && !flags.string('client-key'))
      throw new CommandError('you must specify a --client-certificate or --client-key to embed');
    const files = embed
      ? {
          'client-certificate': yield* embeddable(session, 'client-certificate'),
          'client-key': yield* embeddable(session, 'client-key'),
        }
      : {};
    yield* modifyConfig(
      session,
      (config) => {
        const entry: User = { ...config.users.get(name) };
        changeCertificates(session, entry, files);
        changePassword(session, entry);
        changeProvider(session, entry, providerArguments);
        changeExec(session, entry, variables);
        config.users.set(name, entry);
      },
      { relativize: true },
    );
    yield* session.out(`User ${quote(name)} set.\n`);
  },
};

interface Pairs {
  readonly set: ReadonlyMap<string, string>;
  readonly remove: readonly string[];
}

/** cmdutil.ParsePairs, after the help. */
function* pairsOf(session: Session, flag: string): Task<Pairs> {
  const set = new Map<string, string>();
  const remove: string[] = [];
  const invalid: string[] = [];
  for (const word of session.flags.list(flag)) {
    const equals = word.indexOf('=');
    if (equals > 0) set.set(word.slice(0, equals), word.slice(equals + 1));
    else if (equals < 0 && word.endsWith('-')) remove.push(word.slice(0, -1));
    else invalid.push(word);
  }
  if (invalid.length > 0) {
    yield* showHelp(session);
    throw new CommandError(`invalid ${flag} format: ${invalid.join(', ')}`);
  }
  return { set, remove };
}

function changeCertificates(
  { flags, environment }: Session,
  entry: User,
  embedded: Record<string, string | undefined>,
) {
  for (const name of ['client-certificate', 'client-key'] as const) {
    if (!flags.changed(name)) continue;
    entry[`${name}-data`] = embedded[name] ?? '';
    entry[name] = embedded[name] === undefined ? absolute(flags.string(name), environment.files.cwd) : '';
  }
}

/** One way to log in clears the other. */
function changePassword({ flags }: Session, entry: User): void {
  for (const field of ['token', 'username', 'password'] as const)
    if (flags.changed(field)) entry[field] = flags.string(field);
  const basic = flags.string('username') || flags.string('password');
  if (flags.string('token')) entry.username = entry.password = '';
  else if (basic) entry.token = '';
}

function changeProvider({ flags }: Session, entry: User, { set, remove }: Pairs): void {
  const name = flags.string('auth-provider');
  if (flags.changed('auth-provider') && entry['auth-provider']?.name !== name) entry['auth-provider'] = { name };
  if (!entry['auth-provider']) return;
  const config = { ...entry['auth-provider'].config };
  for (const key of remove) delete config[key];
  entry['auth-provider'] = { ...entry['auth-provider'], config: { ...config, ...Object.fromEntries(set) } };
}

function changeExec({ flags }: Session, entry: User, { set, remove }: Pairs): void {
  if (flags.changed('exec-command'))
    entry.exec = { ...entry.exec, command: flags.string('exec-command'), args: undefined };
  if (!entry.exec) return;
  const exec = { ...entry.exec };
  if (flags.changed('exec-api-version')) exec.apiVersion = flags.string('exec-api-version');
  if (flags.changed('exec-interactive-mode')) exec.interactiveMode = flags.string('exec-interactive-mode');
  if (flags.changed('exec-provide-cluster-info')) exec.provideClusterInfo = flags.bool('exec-provide-cluster-info');
  if (flags.list('exec-arg').length > 0) exec.args = flags.list('exec-arg');
  const kept = (exec.env ?? [])
    .filter(({ name }) => !remove.includes(name))
    .map(({ name, value }) => ({ name, value: set.get(name) ?? value }));
  const added = [...set]
    .filter(([name]) => !kept.some((each) => each.name === name))
    .sort(([a], [b]) => byText(a, b))
    .map(([name, value]) => ({ name, value }));
  if (kept.length + added.length > 0 || remove.length > 0) exec.env = [...kept, ...added];
  entry.exec = exec;
}
