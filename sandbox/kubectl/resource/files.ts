/** `-f`: files, folders, URLs and stdin, as a sequence of named texts (cli-runtime builder.go FilenameParam, visitor.go). */

import type { Task } from '../../sim/task.ts';
import { ConnectionError } from '../cli/errors.ts';
import { kustomization } from '../kustomize/load.ts';
import type { Session } from '../session.ts';
import { decode } from '../text.ts';

export interface Source {
  /** As messages name it: `x.yaml`, `STDIN`. */
  readonly name: string;
  readonly text: string;
}

/** Marks the folder of -k among the paths of -f. */
export const KUSTOMIZE = 'kustomize\0';

const EXTENSIONS = /\.(json|yaml|yml)$/;

export interface SourceList {
  readonly paths: readonly string[];
  /** More than one document may come: a folder, or stdin. */
  readonly plural: boolean;
}

/** Which paths there are; reads none yet. Throws what upstream says of a missing one. */
export function* expandPaths(session: Session, given: readonly string[], recursive: boolean): Task<SourceList> {
  const paths: string[] = [];
  let plural = false;
  for (const path of given) {
    if (path === '-' || path.startsWith(KUSTOMIZE)) {
      plural = true;
      paths.push(path);
    } else if (/^https?:\/\//.test(path)) paths.push(path);
    else {
      const before = paths.length;
      const { files } = session.environment;
      const names = (yield* files.stat(path)) ? [path] : yield* glob(session, path);
      if (names.length === 0) throw new Error(`the path ${JSON.stringify(path)} does not exist`);
      for (const name of names) {
        if ((yield* files.stat(name))?.directory) {
          plural = true;
          yield* listFolder(session, name, recursive, paths);
        } else paths.push(name);
      }
      if (paths.length === before)
        throw new Error(`error reading [${path}]: recognized file extensions are [.json .yaml .yml]`);
    }
  }
  return { paths, plural };
}

function* listFolder(session: Session, folder: string, recursive: boolean, paths: string[]): Task<void> {
  const names = [...(yield* session.environment.files.list(folder))].sort();
  for (const name of names) {
    const path = joined(folder, name);
    const stat = yield* session.environment.files.stat(path);
    if (stat?.directory) {
      if (recursive) yield* listFolder(session, path, recursive, paths);
    } else if (EXTENSIONS.test(name)) paths.push(path);
  }
}

/** filepath.Join: `./x/` and `a.yaml` are `x/a.yaml`. */
function joined(folder: string, name: string): string {
  const parts = folder.split('/').filter((part) => part !== '' && part !== '.');
  return `${folder.startsWith('/') ? '/' : ''}${[...parts, name].join('/')}`;
}

/** filepath.Glob in the last part of the path. */
function* glob(session: Session, pattern: string): Task<string[]> {
  const slash = pattern.lastIndexOf('/');
  const [folder, last] = [slash < 0 ? '' : pattern.slice(0, slash + 1), pattern.slice(slash + 1)];
  if (!/[*?[]/.test(last)) return [];
  const expression = new RegExp(
    `^${last
      .replace(/[.+^${}()|\\]/g, '\\$&')
      .replace(/\*/g, '[^/]*')
      .replace(/\?/g, '[^/]')}$`,
  );
  if (!(yield* session.environment.files.stat(folder || '.'))?.directory) return [];
  const names = yield* session.environment.files.list(folder || '.');
  return names
    .filter((name) => expression.test(name))
    .sort()
    .map((name) => folder + name);
}

export function* readSource(session: Session, path: string): Task<Source> {
  if (path.startsWith(KUSTOMIZE)) {
    const folder = path.slice(KUSTOMIZE.length);
    const { kustomized } = yield* session.environment.load(kustomization);
    return { name: folder, text: yield* kustomized(session, folder) };
  }
  if (path === '-') return { name: 'STDIN', text: decode(yield* readAll(session)) };
  if (/^https?:\/\//.test(path)) return { name: path, text: yield* download(session, path) };
  try {
    return { name: path, text: decode(yield* session.environment.files.read(path)) };
  } catch (error) {
    throw new Error(`open ${path}: ${(error as Error).message}`);
  }
}

function* readAll(session: Session): Task<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const chunk = yield* session.environment.stdin.read();
    if (chunk.length === 0) break;
    chunks.push(chunk);
  }
  const out = new Uint8Array(chunks.reduce((n, c) => n + c.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}

function* download(session: Session, url: string): Task<string> {
  const match = /^(https?:\/\/[^/]+)(\/.*)?$/.exec(url)!;
  const transport = session.environment.connect({ server: match[1]! });
  try {
    const response = yield* transport.request({ method: 'GET', path: match[2] ?? '/', query: [], headers: {} });
    const text = typeof response.body === 'string' ? response.body : ((yield* response.body.next()) ?? '');
    if (response.status === 200) return text;
    throw new Error(`unable to read URL "${url}", server reported ${response.status}, status code=${response.status}`);
  } catch (error) {
    throw new ConnectionError('Get', url, (error as Error).message);
  }
}
