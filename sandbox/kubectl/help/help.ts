/** The texts of `--help`, as the real kubectl 1.35.2 prints them; loaded when first asked for. */

import { part } from '../../sim/parts.ts';
import type { Task } from '../../sim/task.ts';
import type { KubectlEnvironment } from '../environment.ts';

const load = part('kubectl/help', () => import('./generated/texts.ts'));
let texts: Readonly<Record<string, string>> | undefined;

/** By command path: '' is kubectl itself, 'create deployment', and 'options'. */
export function* helpText(environment: KubectlEnvironment, path: string): Task<string> {
  const all: Readonly<Record<string, string>> = texts ?? (yield* environment.load(load)).helpTexts;
  texts = all;
  // The texts were taken where home was /root.
  if (path === 'options') return all[path]!.replace('/root/.kube', `${environment.files.home}/.kube`);
  return all[path] ?? `No help topic for '${path}'\n`;
}
