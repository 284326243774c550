/** What a WebContainer is mounted with: the sandbox's program, a kubeconfig, and the folder `work/` as the learner left it. */

import type { FileSystemTree } from '@webcontainer/api';
import kubeconfig from '../../work/kubeconfig.yaml?raw';
import readmeEn from '../../work/README.en.md?raw';
import readmeJa from '../../work/README.ja.md?raw';
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

const firstFiles = (): Record<string, string> => ({
  'README.md': document.documentElement.lang === 'ja' ? readmeJa : readmeEn,
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
