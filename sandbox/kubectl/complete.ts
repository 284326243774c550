/** What Tab offers after `kubectl …`: commands, flags, kinds and names (kubectl pkg/util/completion). */

import type { Task } from '../sim/task.ts';
import type { Command } from './cli/command.ts';
import { locate } from './cli/dispatch.ts';
import { FlagTable, GLOBAL_FLAGS, parseFlags } from './cli/flags.ts';
import { resourcePath } from './client/mapper.ts';
import type { KubectlEnvironment } from './environment.ts';
import { root } from './kubectl.ts';
import { Session } from './session.ts';
import { byText } from './text.ts';

/** `words` begin with `kubectl`; the one at `index` is to be completed. Nothing is offered when the cluster does not answer. */
export function* complete(words: readonly string[], index: number, environment: KubectlEnvironment): Task<string[]> {
  const word = words[index] ?? '';
  const before = words.slice(1, index);
  const { command, names, rest } = locate(root, before);
  const found = yield* candidates(command, names, rest, word, environment);
  return [...new Set(found)].filter((name) => name.startsWith(word)).sort(byText);
}

function* candidates(
  command: Command,
  names: readonly string[],
  rest: readonly string[],
  word: string,
  environment: KubectlEnvironment,
): Task<string[]> {
  const table = new FlagTable(command.flags ?? '', GLOBAL_FLAGS);
  if (word.startsWith('-')) return flagNames(table);
  const previous = rest[rest.length - 1] ?? '';
  const flag = previous.startsWith('--')
    ? table.long(previous.slice(2))
    : previous.startsWith('-')
      ? table.short(previous[1] ?? '')
      : undefined;
  const wantsValue = flag !== undefined && flag.bare === undefined && !previous.includes('=');
  const session = sessionOf(environment, table, wantsValue ? rest.slice(0, -1) : rest, names);
  if (!session) return [];
  try {
    if (wantsValue) return yield* flagValues(session, flag.name);
    const subcommands = (command.commands ?? []).filter((c) => !c.hidden).map((c) => c.name);
    if (session.args.length === 0 && subcommands.length > 0)
      return command === root ? [...subcommands, 'help'] : subcommands;
    return yield* argumentsFor(session, command, word);
  } catch (error) {
    if (error instanceof TypeError) throw error;
    return [];
  }
}

function sessionOf(
  environment: KubectlEnvironment,
  table: FlagTable,
  words: readonly string[],
  names: readonly string[],
): Session | undefined {
  try {
    return new Session(environment, parseFlags(table, words), ['kubectl', ...names].join(' '));
  } catch {
    return undefined;
  }
}

const flagNames = (table: FlagTable): string[] =>
  [...table.names()].map((spec) => `--${spec.name}${spec.bare === undefined ? '=' : ''}`);

const OUTPUTS = [
  'json',
  'yaml',
  'kyaml',
  'name',
  'go-template',
  'go-template-file',
  'template',
  'templatefile',
  'jsonpath',
  'jsonpath-as-json',
  'jsonpath-file',
  'custom-columns',
  'custom-columns-file',
  'wide',
];

function* flagValues(session: Session, name: string): Task<string[]> {
  if (name === 'namespace') return yield* namesOf(session, 'namespaces');
  if (name === 'output') return OUTPUTS;
  if (name === 'context' || name === 'cluster' || name === 'user')
    return [...(yield* session.config())[`${name}s`].keys()];
  return [];
}

function* argumentsFor(session: Session, command: Command, word: string): Task<string[]> {
  const { args } = session;
  const kind = command.complete;
  if (kind === 'contexts' || kind === 'clusters' || kind === 'users')
    return args.length === 0 ? [...(yield* session.config())[kind].keys()] : [];
  if (kind === 'nodes') return yield* namesOf(session, 'nodes');
  if (kind === 'pods') return args.length === 0 ? yield* podOrWorkload(session, word) : [];
  if (kind === 'types') return args.length === 0 ? yield* types(session) : [];
  if (kind !== 'names') return [];
  if (command.completeType)
    return (yield* namesOf(session, command.completeType)).filter((name) => !args.includes(name));
  if (word.includes('/')) return yield* prefixed(session, word);
  if (args.length === 0) return yield* types(session);
  if (args[0]!.includes('/')) return [];
  return (yield* namesOf(session, args[0]!)).filter((name) => !args.includes(name));
}

function* podOrWorkload(session: Session, word: string): Task<string[]> {
  if (word.includes('/')) return yield* prefixed(session, word);
  return yield* namesOf(session, 'pods');
}

function* prefixed(session: Session, word: string): Task<string[]> {
  const [type = ''] = word.split('/');
  return (yield* namesOf(session, type)).map((name) => `${type}/${name}`);
}

function* types(session: Session): Task<string[]> {
  const { resources } = yield* session.mapper();
  const seen = new Set<string>();
  return resources
    .filter((m) => m.verbs.includes('get'))
    .map((m) => {
      const name = seen.has(m.resource) && m.group ? `${m.resource}.${m.group}` : m.resource;
      seen.add(m.resource);
      return name;
    });
}

function* namesOf(session: Session, type: string): Task<string[]> {
  const mapping = (yield* session.mapper()).find(type);
  const client = yield* session.client();
  const list = yield* client.json<{ items: { metadata: { name: string } }[] }>(
    'GET',
    resourcePath(mapping, mapping.namespaced ? yield* session.namespace() : ''),
  );
  return list.items.map((item) => item.metadata.name);
}
