/** The texts of `--help`, as the real kubectl 1.35.2 prints them; loaded when first asked for. */

import type { Task } from '../../sim/task.ts';
import type { KubectlEnvironment } from '../environment.ts';

let texts: Readonly<Record<string, string>> | undefined;

/** By command path: '' is kubectl itself, 'create deployment', and 'options'. */
export function* helpText(environment: KubectlEnvironment, path: string): Task<string> {
  const all: Readonly<Record<string, string>> =
    texts ?? (yield* environment.load(() => import('./generated/texts.ts').then((module) => module.helpTexts)));
  texts = all;
  // The texts were taken where home was /root.
  if (path === 'options') return all[path]!.replace('/root/.kube', `${environment.files.home}/.kube`);
  return all[path] ?? `No help topic for '${path}'\n`;
}
