/** `config` commands that name, choose, change and delete whole entries (kubectl pkg/cmd/config). */

import type { Command } from '../../cli/command.ts';
import { CommandError } from '../../cli/errors.ts';
import { type ContextEntry, defaultPath, type Kubeconfig, section } from '../../config/kubeconfig.ts';
import { modifyConfig } from '../../config/modify.ts';
import { sortedNames } from '../../config/paths.ts';
import { alignTabs } from '../../printers/tabwriter.ts';
import { quote } from '../../text.ts';
import { expectArguments, helpError, showHelp } from './usage.ts';

export const currentContext: Command = {
  name: 'current-context',
  *run(session) {
    const { currentContext: name } = yield* session.config();
    if (!name) throw new CommandError('current-context is not set');
    yield* session.out(`${name}\n`);
  },
};

export const getContexts: Command = {
  name: 'get-contexts',
  flags: "no-headers=false -o,output=''",
  complete: 'contexts',
  *run(session) {
    const { flags, args } = session;
    const output = flags.string('output');
    if (output && output !== 'name') {
      throw new CommandError(
        `--output ${output} is not available in kubectl config get-contexts; resetting to default output format`,
      );
    }
    const config = yield* session.config();
    const names = args.length > 0 ? args : sortedNames(config.contexts);
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

export const names = (name: string, pick: (config: Kubeconfig) => ReadonlyMap<string, unknown>): Command => ({
  name,
  *run(session) {
    const all = sortedNames(pick(yield* session.config()));
    yield* session.out(`NAME\n${all.map((n) => `${n}\n`).join('')}`);
  },
});

export const useContext: Command = {
  name: 'use-context',
  aliases: ['use'],
  complete: 'contexts',
  *run(session) {
    yield* expectArguments(session, 1);
    const name = session.args[0]!;
    if (!(yield* session.config()).contexts.has(name))
      throw new CommandError(`no context exists with the name: ${quote(name)}`);
    yield* modifyConfig(session, (config) => (config.currentContext = name));
    yield* session.out(`Switched to context ${quote(name)}.\n`);
  },
};

export const setContext: Command = {
  name: 'set-context',
  flags: "cluster='' current=false user=''",
  complete: 'contexts',
  *run(session) {
    const { flags, args } = session;
    const current = flags.bool('current');
    if (args.length > 1) yield* helpError(session, `Unexpected args: [${args.join(' ')}]`);
    if (args.length === 1 && current) throw new CommandError('you cannot specify both a context name and --current');
    if (args.length === 0 && !current) throw new CommandError('you must specify a non-empty context name or --current');
    const { contexts, currentContext: chosen } = yield* session.config();
    const name = args[0] ?? chosen;
    if (!name) throw new CommandError('no current context is set');
    yield* modifyConfig(session, (config) => {
      const entry: ContextEntry = { ...config.contexts.get(name) };
      for (const field of ['cluster', 'user', 'namespace'] as const)
        if (flags.changed(field)) entry[field] = flags.string(field);
      config.contexts.set(name, entry);
    });
    yield* session.out(`Context ${quote(name)} ${contexts.has(name) ? 'modified' : 'created'}.\n`);
  },
};

export const renameContext: Command = {
  name: 'rename-context',
  complete: 'contexts',
  *run(session) {
    yield* expectArguments(session, 2);
    const [from = '', to = ''] = session.args;
    const { contexts } = yield* session.config();
    const path = yield* defaultPath(session.environment, session.flags.string('kubeconfig'));
    if (!contexts.has(from)) throw new CommandError(`cannot rename the context ${quote(from)}, it's not in ${path}`);
    if (contexts.has(to)) {
      throw new CommandError(
        `cannot rename the context ${quote(from)}, the context ${quote(to)} already exists in ${path}`,
      );
    }
    yield* modifyConfig(session, (config) => {
      config.contexts.set(to, config.contexts.get(from)!);
      config.contexts.delete(from);
      if (config.currentContext === from) config.currentContext = to;
    });
    yield* session.out(`Context ${quote(from)} renamed to ${quote(to)}.\n`);
  },
};

const KINDS = { context: 'contexts', cluster: 'clusters', user: 'users' } as const;

export const remove = (kind: keyof typeof KINDS): Command => ({
  name: `delete-${kind}`,
  complete: KINDS[kind],
  *run(session) {
    if (session.args.length !== 1) {
      if (kind === 'user') throw session.usage('user to delete is required');
      return yield* showHelp(session);
    }
    const name = session.args[0]!;
    const config = yield* session.config();
    const path = yield* defaultPath(session.environment, session.flags.string('kubeconfig'));
    if (!section(config, KINDS[kind]).has(name))
      throw new CommandError(`cannot delete ${kind} ${name}, not in ${path}`);
    if (kind === 'context' && config.currentContext === name) {
      yield* session.err(
        'warning: this removed your active context, use "kubectl config use-context" to select a different one\n',
      );
    }
    yield* modifyConfig(session, (changed) => section(changed, KINDS[kind]).delete(name));
    yield* session.out(`deleted ${kind} ${name} from ${path}\n`);
  },
});
