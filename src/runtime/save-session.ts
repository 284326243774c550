/** Saves a session as the file that a learner hands in: with a name, which is asked for once and remembered by the browser. */

import { mount, unmount } from 'svelte';
import { sessionWords } from '../../sandbox/words/session/index.ts';
import AskName from '../components/lab/AskName.svelte';
import { languageOfPage } from '../i18n/page.ts';
import { download } from './download.ts';
import { learnerName, rememberName } from './learner.ts';

/** Nothing is saved when the question is closed without an answer. `log` may be what could be read of a damaged one: then nobody is asked. */
export async function saveSession(log: unknown, lesson: string, asks: boolean): Promise<void> {
  let name = learnerName();
  if (name === undefined && asks) {
    name = await ask();
    if (name === undefined) return;
    rememberName(name);
  }
  download(name && typeof log === 'object' ? { ...log, learner: { name } } : log, lesson);
}

function ask(): Promise<string | undefined> {
  return new Promise((resolve) => {
    const onAnswered = (name: string | undefined) => {
      void unmount(asking);
      resolve(name);
    };
    const words = sessionWords[languageOfPage()].name;
    const asking = mount(AskName, { target: document.body, props: { words, onAnswered } });
  });
}
