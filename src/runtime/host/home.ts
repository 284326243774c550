/** What a WebContainer is mounted with: the sandbox's program, a kubeconfig, and the folder `work/` as the learner left it. */

import type { FileSystemTree } from '@webcontainer/api';
import { languageOfPage } from '../../i18n/page.ts';
import kubeconfig from '../../work/kubeconfig.yaml?raw';
import program from '../../work/watch-claims.mjs?raw';
import clientProgram from '../../work/watch-claims-client.mjs?raw';
import { fileUrl } from '../site.ts';
import { workFolder } from '../work-folder.ts';
import { HostFailure } from './failure.ts';
import { treeOf } from './work-files.ts';

/** Folders of the container's own home. */
export const PROGRAM = '.bound/sandbox.mjs';
export const KUBECONFIG = '.kube/config';
export const WORK = 'work';

const SITE_FOLDER = fileUrl('webcontainer/');

export async function homeTree(): Promise<FileSystemTree> {
  const [programs, kept] = await Promise.all([programFiles(), workFolder.load()]);
  const work = Object.keys(kept).length > 0 ? kept : firstFiles();
  return {
    '.bound': { directory: treeOf(programs) },
    '.kube': { directory: treeOf({ config: kubeconfig }) },
    [WORK]: { directory: treeOf(work) },
  };
}

/** English where a language has none of its own. */
const readmes = import.meta.glob<string>('../../work/README.*.md', { query: '?raw', import: 'default', eager: true });

const firstFiles = (): Record<string, string> => ({
  'README.md': (readmes[`../../work/README.${languageOfPage()}.md`] ?? readmes['../../work/README.en.md'])!,
  'watch-claims.mjs': program,
  'watch-claims-client.mjs': clientProgram,
});

/** The bundle of the sandbox, as the build left it. */
async function programFiles(): Promise<Record<string, string>> {
  const read = async (name: string) => {
    const response = await fetch(SITE_FOLDER + name);
    if (!response.ok) throw new HostFailure('blocked', `${SITE_FOLDER}${name}: ${response.status}`);
    return response.text();
  };
  const names = JSON.parse(await read('files.json')) as string[];
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await read(name)] as const)));
}
