/** Paths in a kubeconfig: relative to its folder (clientcmd loader.go ResolvePaths, RelativizePathWithNoBacksteps). */

import { byText } from '../text.ts';
import type { Section } from './fields.ts';

export const FILE_FIELDS: Readonly<Partial<Record<Section, readonly string[]>>> = {
  clusters: ['certificate-authority'],
  users: ['client-certificate', 'client-key', 'tokenFile'],
};

/** filepath.Abs. */
export function absolute(path: string, base: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${base}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

export const folderOf = (path: string): string => path.slice(0, Math.max(1, path.lastIndexOf('/')));

/** Only what lies in or under `base` becomes relative. */
export function relative(path: string, base: string): string {
  const prefix = base === '/' ? '/' : `${base}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : path;
}

export const sortedNames = (map: ReadonlyMap<string, unknown>): string[] => [...map.keys()].sort(byText);
