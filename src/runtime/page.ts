/** A lesson page come alive: text, lab and session joined. */

import { mount } from 'svelte';
import type { WhySubject } from '../../sandbox/channel/messages.ts';
import Lab from '../components/lab/Lab.svelte';
import type { CoursePage } from '../course/page.ts';
import { Article } from './article.ts';
import type { DropTarget } from './beside.ts';
import { lessons } from './early.ts';
import { LabHost } from './host/lab-host.svelte.ts';
import type { Outline } from './outline.ts';
import { Outputs } from './outputs.ts';
import { readPreference, writePreference } from './preferences.ts';
import { keepPresses } from './press.ts';
import { followReading } from './reading.ts';
import { LabSession } from './session.svelte.ts';
import { comingFrom, isCarried, leadsTo } from './session-notes.ts';
import { isToggle } from './terminal/toggle-key.ts';
import { travel } from './travel.ts';
import { language, t } from './words.ts';
import { workIn } from './work-folder.ts';
import { bootWorker } from './worker.ts';

let lesson: string;
let text: HTMLElement;
let lessonLinks: NodeListOf<HTMLAnchorElement>;
let session: LabSession;
let host: LabHost;
let article: Article;
/** It comes once one can type. */
let outline: Outline | undefined;
let reading: ReturnType<typeof followReading>;
/** Exports of the component, which tsc does not see. */
let lab: ReturnType<typeof mountLab>;
let begun: Promise<void>;
/** In a package for a course system, the way to it. */
let course: CoursePage | undefined;
const outputs = new Outputs();

/** Not done by the file itself: what it is bundled with is loaded by labs in other pages too (src/embed). */
export function openLessonPage(inCourse?: CoursePage): void {
  course = inCourse;
  arriving = course?.step;
  lesson = document.querySelector<HTMLElement>('[data-lesson-page]')!.dataset.lessonPage!;
  text = document.getElementById('text')!;
  lessonLinks = document.querySelectorAll('a[rel=next], a[rel=prev], a[data-to-lesson]');
  session = beginSession();
  host = new LabHost(() => session);
  article = openArticle();
  setUpTravel();
  reading = followReading(text);
  keepPresses(text);
  text.addEventListener('focusin', ({ target }) => {
    lastInText = target as HTMLElement;
  });
  begun = session.begin({
    hash: location.hash,
    session: course ? course.session : history.state?.session,
    tab: course ? undefined : readPreference('session', 'tab'),
    terms: termsOfPage(),
  });
  // A session's link put into the address of the page that is open.
  addEventListener('hashchange', () => isCarried(location.hash) && location.reload());
  lab = mountLab();
  void begun.then(async () => {
    host.begin();
    // Without a network the text keeps its width.
    const beside = await import('./beside.ts').catch(() => undefined);
    outline = beside?.setUpBeside(lab as unknown as DropTarget, t, goTo);
    if (session.progress) outline?.show(session.progress);
  });
  listen();
}

const beginSession = () =>
  new LabSession({
    lesson,
    language,
    lessons,
    beginAt: course?.step,
    boot: bootWorker,
    onOutput: (host, data) => outputs.write(host, data),
    onRestarted: (same) => {
      outputs.restart();
      if (!same) article.forget();
    },
    onReplay: () => outputs.hold(),
    onReplayed: () => outputs.release(),
    onHostLost: (error) => host.lost(error),
    onFailed: () => article.openAll(),
    onSession: (id) => {
      // The session is on the disk now, where it can be: the address is a lesson's again.
      const step = leadsTo(location.hash);
      const address = isCarried(location.hash)
        ? `${location.pathname}${location.search}${step ? `#${step}` : ''}`
        : null;
      history.replaceState({ ...history.state, session: id }, '', address);
      if (step) arrive(step);
      writePreference('session', id, 'tab');
      course?.entered(id);
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
    onCommand: () => article.markTyped(session.log()?.entries ?? []),
    onProgress: (progress) => {
      course?.progressed(progress);
      article.show(progress);
      // A command taken back is one that was not given.
      article.markTyped(session.log()?.entries ?? []);
      outline?.show(progress);
      if (arriving) arrive(arriving);
      else reading.settle();
    },
  });

/** A teacher's link fixes some of it. Without a network the lesson is what it is for everybody. */
const termsOfPage = () =>
  location.search
    ? import('../assignment/assignment.ts').then(
        ({ takeUp }) => takeUp(text, session),
        () => undefined,
      )
    : undefined;

/** The step that was jumped to: it is where it belongs once those above it have opened. */
let arriving: string | undefined;
function arrive(step: string): void {
  arriving = undefined;
  document.getElementById(step)?.scrollIntoView();
  (document.getElementById(`${step}-title`) ?? text).focus({ preventScroll: true });
}
/** The panel is loaded when it is first asked for. */
const askWhy = async (subject: WhySubject, says?: string) =>
  (await import('./why.ts')).askWhy(session, language, subject, says);

const openArticle = () =>
  new Article(text, lesson, t.lesson, {
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
    news: (news) => lab.tellStep(news),
    why: (step, id, says) => void askWhy({ type: 'checkpoint', lesson, step, id }, says),
    jump: (step) =>
      void session.jump(step).then((begun) => {
        if (!begun) return;
        lab.tell(t.lab.begun);
        arriving = step;
      }),
  });

function goTo(step: string): void {
  location.hash = step;
  arrive(step);
}
function setUpTravel(): void {
  travel.to = (address, step) => {
    const there = new URL(address);
    if (there.pathname !== location.pathname)
      return void turnTo(() => {
        there.search = travel.search;
        there.hash = session.id ? comingFrom(session.id, step) : step;
        return there.href;
      });
    goTo(step || 'text');
  };
  travel.run = (host, command) => {
    void session.run(host, command);
    lab.reveal();
  };
}

/** Where in the text the keyboard was: there it returns from the terminal. */
let lastInText: HTMLElement | undefined;
function backToText(): void {
  const place = lastInText?.checkVisibility() ? lastInText : text;
  place.focus({ preventScroll: true });
}

/** As the link at the end of the text says it. */
function lessonAfter() {
  const link = document.querySelector<HTMLAnchorElement>('.lesson-end a[rel=next]');
  return link ? { title: link.textContent!.trim(), go: () => void turnTo(() => link.href) } : undefined;
}

const mountLab = () =>
  mount(Lab, {
    target: document.getElementById('lab')!,
    props: {
      session,
      host,
      outputs,
      language,
      t,
      onText: backToText,
      onStep: (step: string, missing?: string) => {
        lab.uncover();
        article.goTo(step, missing);
      },
      nextLesson: lessonAfter(),
      reportAddress: document.querySelector<HTMLElement>('[data-report]')?.dataset.report,
      onWhy: (subject: WhySubject) => void askWhy(subject),
    },
  });

function listen(): void {
  document.querySelector('[data-report]')?.addEventListener('click', () => lab.report());
  document.addEventListener('keydown', (event) => {
    if (!isToggle(event) || event.defaultPrevented) return;
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
      void turnTo(() => link.href);
    });
  }
  addEventListener('pagehide', () => void session.flush());
  document.addEventListener('visibilitychange', () => document.hidden && void session.flush());
}

/** Longer than a slow disk takes: a page that is turned before names no session, and the next lesson begins without it. */
const PATIENCE = 4_000;

/** Turns the page when the session is on the disk. */
async function turnTo(address: () => string): Promise<void> {
  await Promise.race([begun.then(() => session.keep()), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  // It names the session once that stands.
  location.href = address();
}
