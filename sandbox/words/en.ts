/** English: the page's words, and what the engine says of a checkpoint. It is written first; every other language has the same shape. */

import type { CheckWords } from './index.ts';
import { show } from './show.ts';

export const page = {
  site: {
    resume: 'Go on',
    stepsDone: (done: number, all: number) => `${done} of ${all} steps`,
    done: 'done',
  },
  lesson: {
    passed: 'done',
    shown: 'done for you',
    open: 'open',
    outline: {
      closed: 'not open yet',
    },
    checkpointPassed: (says: string) => `Done: ${says}`,
    stepPassed: (title: string) => `Step done: ${title}`,
    ofAll: (done: number, all: number) => `${done} of ${all}`,
  },
  lab: {
    terminals: 'Terminals',
    files: 'Files',
    terminalOf: (host: string) => `Terminal of ${host}`,
    starting: 'Starting the cluster…',
    restoring: 'Restoring your session…',
    loadingTerminal: 'Loading the terminal…',
    failed: 'The lab did not start.',
    stopped: 'The lab stopped. Your session is kept: restart the lab, or reload the page.',
    failedHelp:
      'Reload the page first. If that does not help, a browser older than two years, or an extension that blocks workers, is the usual cause.',
    reload: 'Reload',
    silent: 'The lab has not answered for a while. It may be busy with the last command.',
    restart: 'Restart and replay',
    restartWithout: 'Restart without the last command',
    keepWaiting: 'Keep waiting',
    news: {
      label: 'Where you are',
      step: (n: number) => `Step ${n} is done.`,
      shown: (n: number) => `Step ${n} was done for you.`,
      lesson: 'This lesson is done.',
      next: 'Next:',
      missing: 'Not yet:',
      question: 'answer the question',
    },
    wayOut: 'Esc, then Tab leaves the terminal. Ctrl+` goes to the text and back.',
    fullScreen:
      'A program has the whole screen. vi: Esc, then :q! and Enter leaves without saving, :wq saves. less, top: q.',
    typeHere: 'type here',
    newTerminal: (host: string) => `New terminal on ${host}`,
    moreTerminals: 'Terminal menu',
    forScreenReaders: 'With a screen reader: make the terminals readable line by line',
    copyRefused: 'The browser did not allow copying. Ctrl+C copies what is selected, where it is allowed.',
    menu: 'Lab',
    begun: 'New session. The one before is in Lab → Your sessions.',
    dropHere: 'Drop a session file here',
    time: 'Time in the lab',
    speed: (factor: number) => `×${factor}`,
    speedLabel: 'Speed of time',
    skipAhead: 'Skip ahead',
    duration: (n: number, unit: 's' | 'm' | 'h') => `${n} ${{ s: 's', m: 'min', h: 'h' }[unit]}`,
    unread: '(new output)',
    waiting: (what: string) => `Waiting: ${what}`,
    sheet: { open: 'Open the terminal', close: 'Close the terminal', taller: 'Taller', shorter: 'Shorter' },
    gotIt: 'Close',
    putAway: 'Dismiss',
    tryAgain: 'Try again',
    raw: 'Details',
    slow: 'The cluster’s clock hardly moves: something in it keeps the machine busy. Ctrl-C in its terminal may end it.',
    unloadable: 'A part of the lab could not be loaded yet. The cluster waits for it; nothing is lost.',
    replaying: (done: number, all: number) =>
      all > 0 ? `Restoring your session: ${done} of ${all} inputs.` : 'Restoring your session.',
    stopReplay: 'Stop',
    watching: 'This session is in use in another tab. This tab shows it as it was, and cannot change it.',
    takeOver: 'Take over here',
    broken: 'This is not a Bound session, so nothing was opened.',
    world: {
      fresh: 'A fresh cluster, as the lessons before would have left it.',
      takeOwn: 'Go on in your own cluster',
      same: 'The same cluster as in the lesson you come from.',
      own: 'Your cluster, as you left it.',
      link: 'A session from a link. What you do in it is kept as a session of its own.',
      file: 'A session from a file. What you do in it is kept as a session of its own.',
      takeFresh: 'Begin this lesson in a fresh one',
    },
    setAside: {
      kinds: {
        'unknown-place': 'Your session has a step that is no longer in the course.',
        'unknown-host': 'Your session has a machine that is no longer in the lab.',
        diverged: 'The lab has changed since, and your session no longer leads to the same state.',
        endless: 'Your session could not be brought back: something in it never ends.',
        crowded: 'Your session could not be brought back: something in it fills the machines.',
        unfinished: 'Your session could not be brought back: this tab died of it, twice.',
        damaged: 'Your session is damaged, and cannot be read.',
        failed: 'Your session could not be brought back.',
      },
      without: (command: string) =>
        command
          ? `The lab is as it was before its last command: ${command.length > 60 ? `${command.slice(0, 60)}…` : command}. The whole session is kept.`
          : 'The lab is as it was before its last command. The whole session is kept.',
      stepBegun: 'The lab stands at the beginning of the step you had reached. The old session is kept.',
      download: 'Download the old session',
      openAnyway: 'Open it all the same',
    },
    unkept: {
      refused: 'This browser does not let the page keep anything here: your session lasts as long as this page.',
      hanging: 'The browser’s storage does not answer: for now your session lasts as long as this page.',
      full: 'The browser’s storage is full: what you do now is not kept until there is room. It can be saved as a file (Lab menu).',
      failed:
        'The browser’s storage fails: for now your session lasts as long as this page. It can be saved as a file (Lab menu).',
    },
  },
  /** The badge; what it opens has words of its own. */
  host: {
    title: 'Where the lab runs',
    where: { worker: 'in this tab', webcontainer: 'in a WebContainer' },
    trying: 'in this tab; a WebContainer is starting',
    here: {
      worker: 'The lab runs in a worker of this browser tab.',
      webcontainer:
        'The lab runs as a Node.js process in a WebContainer. The cluster’s API is at http://localhost:6443 there.',
    },
  },
};

export const checks: CheckWords = {
  noSuchObject: (kind, name, others) =>
    others.length > 0
      ? `There is no ${kind} ${name} yet (there is: ${others.join(', ')}).`
      : `There is no ${kind} ${name} yet.`,
  differs: (kind, name, list) =>
    `${kind} ${name}: ${list
      .map((d) =>
        d.seen === undefined
          ? `${d.path} is not set, it should be ${show(d.wanted)}`
          : `${d.path} is ${show(d.seen)}, not ${show(d.wanted)}`,
      )
      .join('; ')}.`,
  notYet: 'Not so yet.',
};
