/** `kubectl config …`: reading and changing kubeconfig files (kubectl pkg/cmd/config). */

import type { Task } from '../../sim/task.ts';
import type { Command } from '../cli/command.ts';
import { CommandError, ConfigurationInvalid } from '../cli/errors.ts';
import { PRINT_FLAGS } from '../cli/flags.ts';
import { toBase64 } from '../config/connection.ts';
import {
  type Cluster,
  type ContextEntry,
  configDocument,
  configPaths,
  emptyConfig,
  type Kubeconfig,
  printConfig,
  readConfigFile,
  type User,
} from '../config/kubeconfig.ts';
import { printJson } from '../printers/json.ts';
import { printerFor } from '../printers/output.ts';
import { alignTabs } from '../printers/tabwriter.ts';
import type { KObject } from '../resource/info.ts';
import type { Session } from '../session.ts';
import { byText, quote } from '../text.ts';
import { printYaml } from '../yaml/print.ts';

/** The file a change is written to: the one that holds the entry, else the first. */
function* fileFor(
  session: Session,
  holds: (config: Kubeconfig) => boolean,
): Task<{ path: string; config: Kubeconfig }> {
  const paths = configPaths(session.environment, session.flags.string('kubeconfig'));
  for (const path of paths) {
    const config = yield* readConfigFile(session.environment, path);
    if (config && holds(config)) return { path, config };
  }
  const [path = ''] = paths;
  return { path, config: (yield* readConfigFile(session.environment, path)) ?? emptyConfig() };
}

const save = (session: Session, path: string, config: Kubeconfig): Task<void> =>
  session.environment.files.write(path, printConfig(config), 0o600);

const DATA = ['certificate-authority-data', 'client-certificate-data', 'client-key-data'];
const REDACTED = ['token', 'password'];

function hidden(config: Kubeconfig): Kubeconfig {
  const clean = <V extends object>(entry: V): V =>
    Object.fromEntries(
      Object.entries(entry).map(([key, value]) => [
        key,
        DATA.includes(key) ? 'DATA+OMITTED' : REDACTED.includes(key) ? 'REDACTED' : value,
      ]),
    ) as V;
  const each = <V extends object>(map: Map<string, V>) =>
    new Map([...map].map(([name, entry]) => [name, clean(entry)]));
  return { ...config, clusters: each(config.clusters), users: each(config.users) };
}

function minified(session: Session, config: Kubeconfig): Kubeconfig {
  const name = session.flags.string('context') || config.currentContext;
  const context = config.contexts.get(name);
  if (!name) throw new CommandError('current-context must exist in order to minify');
  if (!context) throw new ConfigurationInvalid([`context was not found for specified context: ${name}`]);
  const pick = <V>(map: Map<string, V>, key: string | undefined) => new Map([...map].filter(([n]) => n === key));
  return {
    ...config,
    currentContext: name,
    contexts: pick(config.contexts, name),
    clusters: pick(config.clusters, context.cluster),
    users: pick(config.users, context.user),
  };
}

const view: Command = {
  name: 'view',
  flags: `flatten=false merge=true minify=false raw=false ${PRINT_FLAGS.replace("output=''", "output='yaml'")}`,
  *run(session) {
    const { flags } = session;
    let config = yield* session.config();
    if (flags.bool('minify')) config = minified(session, config);
    if (flags.bool('flatten')) config = yield* flattened(session, config);
    if (!flags.bool('raw') && !flags.bool('flatten')) config = hidden(config);
    const document = configDocument(config);
    const format = flags.string('output');
    if (format === 'yaml') yield* session.out(printYaml(document));
    else if (format === 'json') yield* session.out(`${printJson(inGoOrder(document), 4, false)}\n`);
    else yield* session.out((yield* printerFor(session, format))(document as KObject));
  },
};

/** clientcmdapi/v1.Config's fields in their Go order. */
function inGoOrder(document: Record<string, unknown>): Record<string, unknown> {
  const named = (list: unknown) =>
    (list as Record<string, unknown>[] | null)?.map(({ name, ...rest }) => ({ name, ...rest })) ?? null;
  return {
    kind: 'Config',
    apiVersion: 'v1',
    clusters: named(document.clusters),
    users: named(document.users),
    contexts: named(document.contexts),
    'current-context': document['current-context'],
  };
}

function* flattened(session: Session, config: Kubeconfig): Task<Kubeconfig> {
  const inline = function* <V extends object>(map: Map<string, V>): Task<Map<string, V>> {
    const out = new Map<string, V>();
    for (const [name, entry] of map) {
      const copy = { ...entry } as Record<string, unknown>;
      for (const key of ['certificate-authority', 'client-certificate', 'client-key']) {
        if (typeof copy[key] !== 'string') continue;
        copy[`${key}-data`] = toBase64(yield* session.environment.files.read(copy[key]));
        delete copy[key];
      }
      out.set(name, copy as V);
    }
    return out;
  };
  return { ...config, clusters: yield* inline(config.clusters), users: yield* inline(config.users) };
}

const currentContext: Command = {
  name: 'current-context',
  *run(session) {
    const { currentContext: name } = yield* session.config();
    if (!name) throw new CommandError('current-context is not set');
    yield* session.out(`${name}\n`);
  },
};

const getContexts: Command = {
  name: 'get-contexts',
  flags: "no-headers=false -o,output=''",
  complete: 'contexts',
  *run(session) {
    const { flags, args } = session;
    const output = flags.string('output');
    if (output && output !== 'name' && output !== 'wide')
      throw new CommandError(`output must be one of '' or 'name': ${output}`);
    const config = yield* session.config();
    const names = args.length > 0 ? args : [...config.contexts.keys()].sort(byText);
    const missing = names.filter((name) => !config.contexts.has(name));
    const known = names.filter((name) => config.contexts.has(name));
    if (output === 'name') yield* session.out(known.map((name) => `${name}\n`).join(''));
    else {
      const rows = flags.bool('no-headers') ? [] : [['CURRENT', 'NAME', 'CLUSTER', 'AUTHINFO', 'NAMESPACE']];
      for (const name of known) {
        const { cluster = '', user = '', namespace = '' } = config.contexts.get(name)!;
        rows.push([name === config.currentContext ? '*' : '', name, cluster, user, namespace]);
      }
      yield* session.out(alignTabs(rows.map((cells) => `${cells.join('\t')}\n`).join('')));
    }
    if (missing.length > 0) throw new CommandError(missing.map((name) => `context ${name} not found`).join('\n'));
  },
};

const names = (name: string, pick: (config: Kubeconfig) => Map<string, unknown>): Command => ({
  name,
  *run(session) {
    const all = [...pick(yield* session.config()).keys()].sort(byText);
    yield* session.out(`NAME\n${all.map((n) => `${n}\n`).join('')}`);
  },
});

const useContext: Command = {
  name: 'use-context',
  aliases: ['use'],
  complete: 'contexts',
  *run(session) {
    if (session.args.length !== 1) throw session.usage(`Unexpected args: [${session.args.join(' ')}]`);
    const name = session.args[0]!;
    const merged = yield* session.config();
    if (!merged.contexts.has(name)) throw new CommandError(`no context exists with the name: ${quote(name)}`);
    const { path, config } = yield* fileFor(session, (c) => c.currentContext !== '' || c.contexts.has(name));
    config.currentContext = name;
    yield* save(session, path, config);
    yield* session.out(`Switched to context ${quote(name)}.\n`);
  },
};

const setContext: Command = {
  name: 'set-context',
  flags: "cluster='' current=false user=''",
  complete: 'contexts',
  *run(session) {
    const { flags, args } = session;
    const current = flags.bool('current');
    if (args.length === 1 && current) throw session.usage(`you cannot specify both a context name and --current`);
    if (args.length !== 1 && !current) throw session.usage(`Unexpected args: [${args.join(' ')}]`);
    const merged = yield* session.config();
    const name = current ? merged.currentContext : args[0]!;
    if (current && !name) throw new CommandError('no current context is set');
    const { path, config } = yield* fileFor(session, (c) => c.contexts.has(name));
    const existed = config.contexts.has(name);
    const entry: ContextEntry = { ...config.contexts.get(name) };
    for (const field of ['cluster', 'user', 'namespace'] as const)
      if (flags.changed(field)) entry[field] = flags.string(field);
    config.contexts.set(name, entry);
    yield* save(session, path, config);
    yield* session.out(`Context ${quote(name)} ${existed ? 'modified' : 'created'}.\n`);
  },
};

const setCluster: Command = {
  name: 'set-cluster',
  flags:
    "certificate-authority='' embed-certs=false insecure-skip-tls-verify=false proxy-url='' server='' tls-server-name=''",
  complete: 'clusters',
  *run(session) {
    const { flags, args } = session;
    if (args.length !== 1) throw session.usage(`Unexpected args: [${args.join(' ')}]`);
    const name = args[0]!;
    const { path, config } = yield* fileFor(session, (c) => c.clusters.has(name));
    const entry: Cluster = { ...config.clusters.get(name) };
    for (const field of ['server', 'tls-server-name', 'proxy-url', 'certificate-authority'] as const)
      if (flags.changed(field)) entry[field] = flags.string(field);
    if (flags.changed('insecure-skip-tls-verify'))
      entry['insecure-skip-tls-verify'] = flags.bool('insecure-skip-tls-verify') || undefined;
    config.clusters.set(name, entry);
    yield* save(session, path, config);
    yield* session.out(`Cluster ${quote(name)} set.\n`);
  },
};

const setCredentials: Command = {
  name: 'set-credentials',
  flags:
    "auth-provider='' auth-provider-arg=[] client-certificate='' client-key='' embed-certs=false exec-api-version='' exec-arg=[] exec-command='' exec-env=[] exec-interactive-mode='' exec-provide-cluster-info=false password='' token='' username=''",
  complete: 'users',
  *run(session) {
    const { flags, args } = session;
    if (args.length !== 1) throw session.usage(`Unexpected args: [${args.join(' ')}]`);
    const name = args[0]!;
    const { path, config } = yield* fileFor(session, (c) => c.users.has(name));
    const entry: User = { ...config.users.get(name) };
    for (const field of ['client-certificate', 'client-key', 'password', 'token', 'username'])
      if (flags.changed(field)) entry[field] = flags.string(field);
    config.users.set(name, entry);
    yield* save(session, path, config);
    yield* session.out(`User ${quote(name)} set.\n`);
  },
};

const KINDS = { context: 'contexts', cluster: 'clusters', user: 'users' } as const;

const remove = (kind: keyof typeof KINDS): Command => ({
  name: `delete-${kind}`,
  complete: KINDS[kind],
  *run(session) {
    if (session.args.length !== 1) throw session.usage(`Unexpected args: [${session.args.join(' ')}]`);
    const name = session.args[0]!;
    const { path, config } = yield* fileFor(session, (c) => c[KINDS[kind]].has(name));
    if (!config[KINDS[kind]].delete(name)) throw new CommandError(`cannot delete ${kind} ${name}, not in ${path}`);
    if (kind === 'context' && config.currentContext === name)
      yield* session.err(
        'warning: this removed your active context, use "kubectl config use-context" to select a different one\n',
      );
    yield* save(session, path, config);
    yield* session.out(`deleted ${kind} ${name} from ${path}\n`);
  },
});

const renameContext: Command = {
  name: 'rename-context',
  complete: 'contexts',
  *run(session) {
    if (session.args.length !== 2) throw session.usage(`Unexpected args: [${session.args.join(' ')}]`);
    const [from = '', to = ''] = session.args;
    const { path, config } = yield* fileFor(session, (c) => c.contexts.has(from));
    const entry = config.contexts.get(from);
    if (!entry) throw new CommandError(`cannot rename the context ${quote(from)}, it's not in ${path}`);
    if (config.contexts.has(to))
      throw new CommandError(
        `cannot rename the context ${quote(from)}, the context ${quote(to)} already exists in ${path}`,
      );
    config.contexts.delete(from);
    config.contexts.set(to, entry);
    if (config.currentContext === from) config.currentContext = to;
    yield* save(session, path, config);
    yield* session.out(`Context ${quote(from)} renamed to ${quote(to)}.\n`);
  },
};

/** `config set clusters.x.server URL`, `config unset current-context`. */
function change(config: Kubeconfig, property: string, value: string | undefined): void {
  const [section = '', ...rest] = property.split('.');
  if (section === 'current-context') {
    config.currentContext = value ?? '';
    return;
  }
  if (section !== 'clusters' && section !== 'contexts' && section !== 'users') {
    throw new CommandError(`unable to parse path ${quote(section)} at ${quote(property)}`);
  }
  const map = config[section] as Map<string, Record<string, unknown>>;
  const name =
    [...map.keys()].find((key) => rest.join('.') === key || rest.join('.').startsWith(`${key}.`)) ?? rest[0] ?? '';
  const field = rest.join('.').slice(name.length + 1);
  if (!field) {
    if (value !== undefined) throw new CommandError(`unable to set ${property}`);
    map.delete(name);
    return;
  }
  const entry = { ...map.get(name) };
  if (value === undefined) delete entry[field];
  else entry[field] = value === 'true' ? true : value === 'false' ? false : value;
  map.set(name, entry);
}

const set: Command = {
  name: 'set',
  flags: 'set-raw-bytes=false',
  *run(session) {
    if (session.args.length !== 2) throw session.usage(`Unexpected args: [${session.args.join(' ')}]`);
    const [property = '', value = ''] = session.args;
    const { path, config } = yield* fileFor(session, () => true);
    change(config, property, value);
    yield* save(session, path, config);
    yield* session.out(`Property ${quote(property)} set.\n`);
  },
};

const unset: Command = {
  name: 'unset',
  *run(session) {
    if (session.args.length !== 1) throw session.usage(`Unexpected args: [${session.args.join(' ')}]`);
    const { path, config } = yield* fileFor(session, () => true);
    change(config, session.args[0]!, undefined);
    yield* save(session, path, config);
    yield* session.out(`Property ${quote(session.args[0]!)} unset.\n`);
  },
};

export const config: Command = {
  name: 'config',
  helpTo: 'stderr',
  commands: [
    currentContext,
    remove('cluster'),
    remove('context'),
    remove('user'),
    names('get-clusters', (c) => c.clusters),
    getContexts,
    names('get-users', (c) => c.users),
    renameContext,
    set,
    setCluster,
    setContext,
    setCredentials,
    unset,
    useContext,
    view,
  ],
};
