/** A lab in somebody else's page come alive: what the address asks for, the session, and the way to the page around it. */

import { mount } from 'svelte';
import type { Progress, WhySubject } from '../../sandbox/channel/messages.ts';
import type { Frontmatter } from '../../sandbox/lesson/schema.ts';
import { frameWords } from '../../sandbox/words/embed/index.ts';
import { siteWords } from '../../sandbox/words/site/index.ts';
import { plainText } from '../i18n/inline.ts';
import { lessonPath } from '../i18n/page.ts';
import { announce } from '../runtime/announce.ts';
import { lessons } from '../runtime/early.ts';
import { Outputs } from '../runtime/outputs.ts';
import { LabSession } from '../runtime/session.svelte.ts';
import { pageUrl } from '../runtime/site.ts';
import { setTheme } from '../runtime/theme.ts';
import { language, t } from '../runtime/words.ts';
import { bootWorker } from '../runtime/worker.ts';
import { Bridge, originAround } from './bridge.ts';
import Embed from './Embed.svelte';
import { type FramePlace, framedOpenings, rememberSession } from './openings.ts';
import { readAddress, type Wanted } from './parameters.ts';
import { progressSaid } from './progress.ts';

const words = frameWords[language];
const bridge = new Bridge();

/** What cannot be shown is said, in the frame and to the page around it. */
function refuse(problem: string): void {
  const line = document.createElement('p');
  line.className = 'embed-problem';
  line.setAttribute('role', 'alert');
  line.textContent = problem;
  document.body.replaceChildren(line);
  bridge.say({ type: 'problem', message: problem });
}

const known = await lessons.catch((error: unknown) => String(error));
const wanted =
  typeof known === 'string'
    ? { problem: `${words.problem.lessons} ${known}` }
    : readAddress(new URL(location.href), known, words.problem);
if ('problem' in wanted) refuse(wanted.problem);
else open(wanted);

function open({ lesson, step, seed, theme, name }: Wanted): void {
  setTheme(theme === 'auto' ? 'system' : theme);
  const text = lesson.texts[language];
  const title = plainText(step === undefined ? text.title : text.steps[step]!.title);
  document.title = `${title} – Bound`;
  const first = step ?? lesson.steps[0]!.id;
  const place: FramePlace = { lesson: lesson.id, step: first, seed, name, around: originAround() ?? '' };
  const outputs = new Outputs();
  let last: Progress | undefined;
  const steps = step === undefined ? lesson.steps.filter(({ optional }) => !optional).map(({ id }) => id) : [step];

  const session = new LabSession({
    lesson: lesson.id,
    language,
    lessons,
    boot: bootWorker,
    openings: framedOpenings(place),
    onOutput: (host, data) => outputs.write(host, data),
    onRestarted: (same) => {
      outputs.restart();
      if (!same) last = undefined;
    },
    onReplay: () => outputs.hold(),
    onReplayed: () => outputs.release(),
    onHostLost: () => undefined,
    onCommand: () => undefined,
    onFailed: () => bridge.say({ type: 'problem', message: session.error }),
    onSession: (id) => {
      rememberSession(place, id);
      bridge.say({ type: 'ready', language, lesson: lesson.id, step, title, hosts: lesson.hosts });
    },
    onProgress: (progress) => {
      tellNews(progress, last, text);
      last = progress;
      bridge.say(progressSaid(progress, text, steps));
    },
  });

  bridge.listen({
    run: (host, command) => void session.run(host, command),
    theme: (asked) => setTheme(asked === 'auto' ? 'system' : asked),
    hosts: () => (session.phase === 'failed' ? [] : lesson.hosts),
  });
  void session.begin({ hash: '', session: undefined, tab: undefined, terms: undefined });
  mount(Embed, {
    target: document.getElementById('lab')!,
    props: {
      session,
      outputs,
      lesson,
      step,
      language,
      t,
      words,
      site: siteWords[language].lesson,
      address: `${pageUrl(lessonPath(language, lesson.id))}#${first}`,
      /** The panel is loaded when it is first asked for. */
      onWhy: async (subject: WhySubject, says?: string) =>
        (await import('../runtime/why.ts')).askWhy(session, language, subject, says),
      onHeight: (height: number) => bridge.say({ type: 'height', height }),
    },
  });
  addEventListener('pagehide', () => void session.flush());
  document.addEventListener('visibilitychange', () => document.hidden && void session.flush());
}

/** What has become true, to those who listen to the page. */
function tellNews(progress: Progress, before: Progress | undefined, text: Frontmatter): void {
  for (const { id, checkpoints, passed } of before ? progress.steps : []) {
    const then = before?.steps.find((one) => one.id === id);
    for (const checkpoint of checkpoints)
      if (checkpoint.passed && then?.checkpoints.some((one) => one.id === checkpoint.id && !one.passed))
        announce(t.lesson.checkpointPassed(plainText(text.steps[id]!.checkpoints[checkpoint.id]!.says)));
    if (passed && then?.passed === false) announce(t.lesson.stepPassed(plainText(text.steps[id]!.title)));
  }
}
