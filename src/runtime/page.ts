/** A lesson page come alive: text, lab and session joined. */

import { mount } from 'svelte';
import Lab from '../components/lab/Lab.svelte';
import { isLanguage, strings } from '../i18n/index.ts';
import { Article } from './article.ts';
import { lessons } from './early.ts';
import { LabHost } from './host/lab-host.svelte.ts';
import { Outputs } from './outputs.ts';
import { followReading } from './reading.ts';
import { LabSession } from './session.svelte.ts';
import { setUpSplitter } from './splitter.ts';
import { carryOn } from './storage.ts';
import { bootWorker } from './worker.ts';

const page = document.querySelector<HTMLElement>('[data-lesson-page]')!;
const lesson = page.dataset.lessonPage!;
const language = isLanguage(document.documentElement.lang) ? document.documentElement.lang : 'en';
const t = strings(language);
const text = document.getElementById('text')!;

const outputs = new Outputs();
const session = new LabSession({
  lesson,
  language,
  lessons,
  boot: bootWorker,
  onOutput: (host, data) => outputs.write(host, data),
  onRestarted: () => outputs.restart(),
  onReplay: () => outputs.hold(),
  onReplayed: () => outputs.release(),
  onHostLost: (error) => host.lost(error),
  onFailed: () => article.openAll(),
  onProgress: (progress) => {
    article.show(progress);
    reading.settle();
  },
});
const host = new LabHost(() => session);
const article = new Article(text, lesson, t.lesson, {
  run: (host, command) => {
    session.run(host, command);
    lab.reveal();
  },
  toTerminal: () => lab.focusTerminal(),
  skip: (ms) => session.skip(ms),
  showSolution: (step) => {
    session.showSolution(step);
    lab.reveal();
  },
  answer: (step, question, choice) => session.answer(step, question, choice),
  jump: (step) => void session.jump(step).then(() => document.getElementById(step)?.scrollIntoView()),
  confirm: (question) => lab.confirm(question),
});

const reading = followReading(text);

/** Where in the text the keyboard was: there it returns from the terminal. */
let lastInText: HTMLElement = text;
text.addEventListener('focusin', ({ target }) => {
  lastInText = target as HTMLElement;
});
function backToText(): void {
  const place = lastInText.checkVisibility() ? lastInText : text;
  place.focus({ preventScroll: true });
}

const begun = session.begin(location.hash);
if (location.hash.startsWith('#session=')) history.replaceState(null, '', location.pathname);
const lab = mount(Lab, {
  target: document.getElementById('lab')!,
  props: { session, host, outputs, t, onText: backToText },
});
setUpSplitter(document.getElementById('splitter')!);

void begun.then(() => host.begin());

document.addEventListener('keydown', (event) => {
  if (!event.ctrlKey || event.code !== 'Backquote' || event.defaultPrevented) return;
  event.preventDefault();
  lab.focusTerminal();
});
// The world goes on in the next lesson.
for (const link of document.querySelectorAll('[data-next]')) link.addEventListener('click', () => carryOn(lesson));
addEventListener('pagehide', () => session.flush());
document.addEventListener('visibilitychange', () => document.hidden && session.flush());
