/** A lesson page come alive: text, lab and session joined. */

import { mount } from 'svelte';
import type { WhySubject } from '../../sandbox/channel/messages.ts';
import Lab from '../components/lab/Lab.svelte';
import { languageOfPage, strings } from '../i18n/index.ts';
import { Article } from './article.ts';
import { lessons } from './early.ts';
import { LabHost } from './host/lab-host.svelte.ts';
import { Outputs } from './outputs.ts';
import { readPreference, writePreference } from './preferences.ts';
import { keepPresses } from './press.ts';
import { followReading } from './reading.ts';
import { LabSession } from './session.svelte.ts';
import { comingFrom, isCarried } from './session-notes.ts';
import { setUpSplitter } from './splitter.ts';
import { workIn } from './work-folder.ts';
import { bootWorker } from './worker.ts';

const page = document.querySelector<HTMLElement>('[data-lesson-page]')!;
const lesson = page.dataset.lessonPage!;
const language = languageOfPage();
const t = strings(language);
const text = document.getElementById('text')!;

const lessonLinks = document.querySelectorAll<HTMLAnchorElement>('a[rel=next], a[rel=prev]');

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
  onSession: (id) => {
    // The session is on the disk now, where it can be: the address is a lesson's again.
    const address = isCarried(location.hash) ? location.pathname + location.search : null;
    history.replaceState({ ...history.state, session: id }, '', address);
    writePreference('session', id, 'tab');
    void workIn({
      database: session.library.database,
      session: id,
      begun: session.record?.createdAt ?? 0,
      taken: () => session.watching,
      keep: () => session.keep(),
    });
    // The world goes on in the next lesson and in the one before, in this tab or in another.
    for (const link of lessonLinks) link.hash = comingFrom(id);
  },
  onProgress: (progress) => {
    article.show(progress);
    if (arriving) arrive(arriving);
    else reading.settle();
  },
});
/** The step that was jumped to: it is where it belongs once those above it have opened. */
let arriving: string | undefined;
function arrive(step: string): void {
  arriving = undefined;
  document.getElementById(step)?.scrollIntoView();
  document.getElementById(`${step}-title`)?.focus({ preventScroll: true });
}
/** The panel is loaded when it is first asked for. */
const askWhy = async (subject: WhySubject, says?: string) =>
  (await import('./why.ts')).askWhy(session, language, subject, says);
const host = new LabHost(() => session);
const article = new Article(text, lesson, t.lesson, {
  run: (host, command, inside) => {
    void session.run(host, command, inside);
    lab.reveal();
  },
  toTerminal: () => lab.focusTerminal(),
  skip: (ms) => session.skip(ms),
  showSolution: (step) => {
    session.showSolution(step);
    lab.reveal();
  },
  answer: (step, question, choice) => session.answer(step, question, choice),
  why: (step, id, says) => void askWhy({ type: 'checkpoint', lesson, step, id }, says),
  jump: (step) =>
    void session.jump(step).then((begun) => {
      if (!begun) return;
      lab.tell(t.lab.sessions.begun);
      arriving = step;
    }),
});

const reading = followReading(text);
keepPresses(text);

/** Where in the text the keyboard was: there it returns from the terminal. */
let lastInText: HTMLElement = text;
text.addEventListener('focusin', ({ target }) => {
  lastInText = target as HTMLElement;
});
function backToText(): void {
  const place = lastInText.checkVisibility() ? lastInText : text;
  place.focus({ preventScroll: true });
}

const begun = session.begin({
  hash: location.hash,
  session: history.state?.session,
  tab: readPreference('session', 'tab'),
});
// A session's link put into the address of the page that is open.
addEventListener('hashchange', () => isCarried(location.hash) && location.reload());
const lab = mount(Lab, {
  target: document.getElementById('lab')!,
  props: {
    session,
    host,
    outputs,
    language,
    t,
    onText: backToText,
    onWhy: (subject: WhySubject) => void askWhy(subject),
  },
});
setUpSplitter(document.getElementById('splitter')!);

void begun.then(() => host.begin());

// A session's file may be dropped anywhere on the page.
for (const event of ['dragover', 'drop'] as const)
  document.addEventListener(event, (dragged) => {
    if (!dragged.dataTransfer?.types.includes('Files')) return;
    dragged.preventDefault();
    if (event === 'dragover') lab.tell(t.lab.dropHere);
    const file = dragged.dataTransfer.files[0];
    if (event === 'drop' && file) void lab.takeIn(file);
  });

document.addEventListener('keydown', (event) => {
  if (!event.ctrlKey || event.code !== 'Backquote' || event.defaultPrevented) return;
  event.preventDefault();
  lab.focusTerminal();
});
for (const link of lessonLinks) {
  link.addEventListener('click', (event) => {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    event.preventDefault();
    void turnTo(link.href);
  });
}

/** Turns the page when the session is on the disk, or after a moment that nobody notices. */
async function turnTo(href: string): Promise<void> {
  await Promise.race([session.keep(), new Promise((resolve) => setTimeout(resolve, 600))]);
  location.href = href;
}
addEventListener('pagehide', () => void session.flush());
document.addEventListener('visibilitychange', () => document.hidden && void session.flush());
