/** Pathname expansion: the files that match a pattern, in byte order. */

import type { Task } from '../../../sim/task.ts';
import { isErrno } from '../../errno.ts';
import type { Process } from '../../process.ts';
import { isPattern, patternOf, unescapePattern } from './pattern.ts';

export interface GlobOptions {
  readonly dotglob: boolean;
  readonly extglob: boolean;
  readonly globstar: boolean;
  readonly globskipdots: boolean;
  readonly nocaseglob: boolean;
}

/** Sorted matches; none means that the word stays as it was. */
export function* glob(process: Process, pattern: string, options: GlobOptions): Task<string[]> {
  const absolute = pattern.startsWith('/');
  const segments = splitSegments(pattern);
  let found = [absolute ? /^\/+/.exec(pattern)![0] : ''];
  for (let i = 0; i < segments.length; i++) {
    const last = i === segments.length - 1;
    const next: string[] = [];
    for (const base of found) yield* expandSegment(process, base, segments[i]!, last, options, next);
    found = next;
    if (found.length === 0) break;
  }
  return found.sort(byBytes);
}

export const byBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function* expandSegment(
  process: Process,
  base: string,
  segment: string,
  last: boolean,
  options: GlobOptions,
  into: string[],
): Task<void> {
  const end = last ? '' : '/';
  if (segment === '') {
    if (yield* isDirectory(process, base)) into.push(base);
    return;
  }
  if (!isPattern(segment)) {
    const path = base + unescapePattern(segment);
    if (yield* exists(process, path, !last)) into.push(path + end);
    return;
  }
  if (segment === '**' && options.globstar) {
    into.push(...(last && base === '' ? [] : [base]));
    yield* descend(process, base, last, into);
    return;
  }
  const compiled = patternOf(segment, { extglob: options.extglob, ignoreCase: options.nocaseglob });
  const dots = segment.startsWith('.') || segment.startsWith('\\.');
  const names = yield* list(process, base);
  if (dots && !options.globskipdots) names.push('.', '..');
  for (const name of names) {
    if (name.startsWith('.') && !dots && !options.dotglob) continue;
    if (!compiled.matches(name)) continue;
    const path = base + name;
    if (last) into.push(path);
    else if (yield* isDirectory(process, path)) into.push(path + end);
  }
}

function* descend(process: Process, base: string, last: boolean, into: string[]): Task<void> {
  for (const name of yield* list(process, base)) {
    if (name.startsWith('.')) continue;
    const path = base + name;
    const directory = yield* isDirectory(process, path);
    if (last) into.push(path);
    else if (directory) into.push(`${path}/`);
    if (directory) yield* descend(process, `${path}/`, last, into);
  }
}

function* list(process: Process, base: string): Task<string[]> {
  try {
    return yield* process.readdir(base === '' ? '.' : base);
  } catch (error) {
    if (isErrno(error)) return [];
    throw error;
  }
}

function* isDirectory(process: Process, path: string): Task<boolean> {
  try {
    return (yield* process.stat(path)).type === 'directory';
  } catch (error) {
    if (isErrno(error)) return false;
    throw error;
  }
}

function* exists(process: Process, path: string, directory: boolean): Task<boolean> {
  try {
    const stat = directory ? yield* process.stat(path) : yield* process.lstat(path);
    return !directory || stat.type === 'directory';
  } catch (error) {
    if (isErrno(error)) return false;
    throw error;
  }
}

/** Segments between slashes; a slash inside brackets or a group does not separate. */
function splitSegments(pattern: string): string[] {
  const segments: string[] = [];
  let segment = '';
  let depth = 0;
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i]!;
    if (c === '\\') segment += c + (pattern[++i] ?? '');
    else if (c === '/' && depth === 0) {
      if (segment !== '' || segments.length > 0) segments.push(segment);
      segment = '';
      while (pattern[i + 1] === '/') i++;
    } else {
      if (c === '(') depth++;
      else if (c === ')' && depth > 0) depth--;
      segment += c;
    }
  }
  segments.push(segment);
  return segments[0] === '' && segments.length > 1 ? segments.slice(1) : segments;
}
