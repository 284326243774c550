/** Changes to a merged kubeconfig go back to the files its entries came from (client-go tools/clientcmd/config.go ModifyConfig). */

import type { Task } from '../../sim/task.ts';
import type { Session } from '../session.ts';
import { marshalled, SECTIONS, type Section } from './fields.ts';
import {
  configPaths,
  defaultPath,
  emptyConfig,
  type Kubeconfig,
  printConfig,
  readConfigFile,
  section,
} from './kubeconfig.ts';
import { absolute, FILE_FIELDS, folderOf, relative } from './paths.ts';

/** `change` works on a copy; files are written only where something differs. */
export function* modifyConfig(
  session: Session,
  change: (config: Kubeconfig) => void,
  { relativize = false } = {},
): Task<void> {
  const { environment } = session;
  const explicit = session.flags.string('kubeconfig');
  const before = yield* session.config();
  const after = copyOf(before);
  change(after);
  const fallback = yield* defaultPath(environment, explicit);
  const edits = new Map<string, ((file: Kubeconfig) => void)[]>();
  const edit = (path: string, work: (file: Kubeconfig) => void) => edits.set(path, [...(edits.get(path) ?? []), work]);

  for (const name of Object.keys(SECTIONS) as Section[]) {
    for (const [key, value] of section(after, name)) {
      if (same(name, value, section(before, name).get(key))) continue;
      const path = before.origins.get(`${name}/${key}`) ?? fallback;
      const written = relativize ? relativized(name, value, folderOf(absolute(path, environment.files.cwd))) : value;
      edit(path, (file) => section(file, name).set(key, written));
    }
    for (const key of section(before, name).keys()) {
      if (!section(after, name).has(key))
        edit(before.origins.get(`${name}/${key}`) ?? fallback, (file) => section(file, name).delete(key));
    }
  }
  if (after.currentContext !== before.currentContext) {
    const path = after.currentContext === '' ? yield* holderOfCurrent(session) : fallback;
    edit(path, (file) => (file.currentContext = after.currentContext));
  }
  if (JSON.stringify(after.preferences) !== JSON.stringify(before.preferences))
    edit(fallback, (file) => (file.preferences = after.preferences));

  for (const [path, works] of edits) {
    const file = (yield* readConfigFile(environment, path)) ?? emptyConfig();
    for (const work of works) work(file);
    yield* environment.files.write(path, printConfig(file), 0o600);
  }
}

/** The first file that names a current context is where it is taken out. */
function* holderOfCurrent(session: Session): Task<string> {
  const explicit = session.flags.string('kubeconfig');
  for (const path of configPaths(session.environment, explicit))
    if ((yield* readConfigFile(session.environment, path))?.currentContext) return path;
  return yield* defaultPath(session.environment, explicit);
}

const copyOf = (config: Kubeconfig): Kubeconfig => ({
  ...config,
  clusters: new Map(config.clusters),
  contexts: new Map(config.contexts),
  users: new Map(config.users),
  preferences: config.preferences && { ...config.preferences },
});

function same(name: Section, a: Record<string, unknown>, b: Record<string, unknown> | undefined): boolean {
  const { fields } = SECTIONS[name];
  return b !== undefined && JSON.stringify(marshalled(a, fields)) === JSON.stringify(marshalled(b, fields));
}

function relativized(name: Section, entry: Record<string, unknown>, base: string): Record<string, unknown> {
  const out = { ...entry };
  for (const field of FILE_FIELDS[name] ?? [])
    if (typeof out[field] === 'string') out[field] = relative(out[field], base);
  return out;
}
