/** The volume sources that pods and PersistentVolumes share, and paths inside them. */

import type { Volume } from '../../types.ts';
import { invalid, notSupported, type Problems, required } from './errors.ts';

type Source<K extends keyof Volume> = NonNullable<Volume[K]>;

/** validateNFSVolumeSource: an empty path is both missing and not absolute. */
export function nfs(problems: Problems, { server, path: exported = '' }: Source<'nfs'>, path: string): void {
  if (!server) problems.add(required(`${path}.server`));
  if (!exported) problems.add(required(`${path}.path`));
  if (!exported.startsWith('/')) problems.add(invalid(`${path}.path`, exported, 'must be an absolute path'));
}

const HOST_PATH_TYPES = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

export function hostPath(problems: Problems, { path: onHost, type }: Source<'hostPath'>, path: string): void {
  if (!onHost) {
    problems.add(required(`${path}.path`));
    return;
  }
  noBacksteps(problems, onHost, `${path}.path`);
  if (type && !HOST_PATH_TYPES.includes(type)) problems.add(notSupported(`${path}.type`, type, HOST_PATH_TYPES));
}

/** validatePathNoBacksteps. */
export function noBacksteps(problems: Problems, value: string, path: string): void {
  if (value.split('/').includes('..')) problems.add(invalid(path, value, "must not contain '..'"));
}

/** validateLocalDescendingPath: below the volume's root. */
export function descendingPath(problems: Problems, value: string, path: string): void {
  if (value.startsWith('/')) problems.add(invalid(path, value, 'must be a relative path'));
  noBacksteps(problems, value, path);
}

/** validateLocalNonReservedPath: names that begin with two dots are the kubelet's. */
export function localPath(problems: Problems, value: string, path: string): void {
  descendingPath(problems, value, path);
  if (value.startsWith('..') && !value.startsWith('../'))
    problems.add(invalid(path, value, "must not start with '..'"));
}
