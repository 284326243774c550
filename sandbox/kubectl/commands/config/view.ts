/** `kubectl config view` (kubectl pkg/cmd/config/view.go). */

import { toBase64 } from '../../../api/base64.ts';
import type { Task } from '../../../sim/task.ts';
import type { Command } from '../../cli/command.ts';
import { CommandError } from '../../cli/errors.ts';
import { PRINT_FLAGS } from '../../cli/flags.ts';
import { configDocument, type Kubeconfig } from '../../config/kubeconfig.ts';
import { absolute, folderOf } from '../../config/paths.ts';
import { printJson } from '../../printers/json.ts';
import { printerFor } from '../../printers/output.ts';
import type { KObject } from '../../resource/info.ts';
import type { Session } from '../../session.ts';
import { printYaml } from '../../yaml/print.ts';

export const view: Command = {
  name: 'view',
  flags: `flatten=false merge=true minify=false raw=false ${PRINT_FLAGS.replace("output=''", "output='yaml'")}`,
  *run(session) {
    const { flags, args } = session;
    if (args.length > 0) throw session.usage(`unexpected arguments: [${args.join(' ')}]`);
    if (!flags.bool('merge') && !flags.string('kubeconfig'))
      throw new CommandError('if merge==false a precise file must be specified');
    let config = yield* session.config();
    if (flags.bool('minify')) config = minified(session, config);
    if (flags.bool('flatten')) config = yield* flattened(session, config);
    if (!flags.bool('raw') && !flags.bool('flatten')) config = hidden(config);
    const document = configDocument(config);
    const format = flags.string('output');
    if (format === 'yaml') yield* session.out(printYaml(document));
    else if (format === 'json') yield* session.out(`${printJson(document, 4, false)}\n`);
    else yield* session.out((yield* printerFor(session, format))(document as KObject));
  },
};

const DATA = ['certificate-authority-data', 'client-certificate-data', 'client-key-data'];
const REDACTED = ['token', 'password'];

/** api.ShortenConfig and RedactSecrets. */
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

/** api.MinifyConfig. */
function minified(session: Session, config: Kubeconfig): Kubeconfig {
  const name = session.flags.string('context') || config.currentContext;
  if (!name) throw new CommandError('current-context must exist in order to minify');
  const context = config.contexts.get(name);
  if (!context) throw new CommandError(`cannot locate context ${name}`);
  const pick = <V>(map: Map<string, V>, key: string | undefined) => new Map([...map].filter(([n]) => n === key));
  return {
    ...config,
    currentContext: name,
    contexts: pick(config.contexts, name),
    clusters: pick(config.clusters, context.cluster),
    users: pick(config.users, context.user),
  };
}

/** api.FlattenConfig: what the files hold, instead of their paths. */
function* flattened(session: Session, config: Kubeconfig): Task<Kubeconfig> {
  const { files } = session.environment;
  const inline = function* <V extends object>(kind: 'clusters' | 'users', map: Map<string, V>): Task<Map<string, V>> {
    const out = new Map<string, V>();
    for (const [name, entry] of map) {
      const copy = { ...entry } as Record<string, unknown>;
      const base = folderOf(absolute(config.origins.get(`${kind}/${name}`) ?? '.', files.cwd));
      for (const key of ['certificate-authority', 'client-certificate', 'client-key']) {
        if (typeof copy[key] !== 'string') continue;
        const path = absolute(copy[key], base);
        try {
          copy[`${key}-data`] = toBase64(yield* files.read(path));
        } catch (error) {
          throw new CommandError(`open ${path}: ${(error as Error).message}`);
        }
        delete copy[key];
      }
      out.set(name, copy as V);
    }
    return out;
  };
  return {
    ...config,
    users: yield* inline('users', config.users),
    clusters: yield* inline('clusters', config.clusters),
  };
}
