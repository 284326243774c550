/** English: the page's words, and what the engine says of a checkpoint. It is written first; every other language has the same shape. */

import type { CheckWords } from './index.ts';
import { show } from './show.ts';

export const name = 'English';

export const page = {
  site: {
    name: 'Bound',
    tagline: 'Kubernetes storage, learned by doing',
    lead: 'A Kubernetes cluster, kubectl and an NFS server inside this browser tab. Nothing to install, no account, and nothing you type leaves your machine.',
    how: 'Each lesson is a few pages of text beside live terminals. You write the manifests, run the commands and look at the same fact from two sides: the Pod and the server, the claim and the volume, the container and the node. A step is done when the lab is in the state it asks for; mostly, another way there is as good as the one shown.',
    nameNote: '“Bound” is the status everyone who works with persistent volumes waits for.',
    skipToText: 'Skip to the text',
    skipToTerminal: 'Skip to the terminal',
    lessons: 'Lessons',
    world:
      'From one lesson to the next, and back, you stay in the same cluster. A lesson opened from here goes on in the cluster you last had in it; the first time, it begins as the lessons before would have left it.',
    begin: 'Begin with lesson 1',
    resume: 'Go on',
    readInThis: 'Read this in English',
    minutes: (n: number) => `${n} min`,
    stepsDone: (done: number, all: number) => `${done} of ${all} steps`,
    done: 'done',
    theme: 'Colours',
    themes: { system: 'System', light: 'Light', dark: 'Dark' },
    language: 'Language',
    update: { come: 'There is a new version of Bound.', use: 'Reload to update', later: 'Later' },
    kept: 'All of it is kept in this browser now, and works without a network.',
    notFound: 'There is no such page.',
    footer: 'A simulated cluster that behaves as Kubernetes 1.36 does: real files, real mounts, real failures.',
    source:
      'The lessons follow an experiment published in Japanese in 2018, “Kubernetes PVC と Deployment, StatefulSet の関係を検証してみた”.',
  },
  lesson: {
    number: (n: number, all: number) => `Lesson ${n} of ${all}`,
    inThisLesson: 'In this lesson',
    around: 'Previous and next lesson',
    previous: 'Previous lesson',
    next: 'Next lesson',
    contents: 'All lessons',
    step: (n: number) => `Step ${n}`,
    passed: 'done',
    shown: 'done for you',
    open: 'open',
    closed: (title: string) => `Opens when “${title}” is done.`,
    startHere: 'Start from here',
    startHereNote: 'A session of its own begins, set up as if the steps before were done. The present one is kept.',
    copy: 'copy',
    copied: 'copied',
    run: 'run',
    runOn: (host: string) => `run on ${host}`,
    inside: { container: 'in the container', vi: 'in vi' } as Readonly<Record<string, string>>,
    insideOn: (where: string, host: string) => `${where}, on ${host}`,
    write: 'write to the lab',
    output: 'What it looks like',
    predict: 'Before you run it',
    compare: 'Compare with what you saw',
    thenAndNow: 'Then and now',
    note: 'Note',
    skip: (duration: string) => `Let ${duration} pass`,
    units: { s: 'seconds', m: 'minutes', h: 'hours' },
    /** Between a number and its unit, and between sentences. */
    space: ' ',
    checkpoints: 'What must be true',
    hint: (n: number) => `Hint ${n}`,
    why: 'Why?',
    showMe: 'Show me',
    showMeNote: 'types the solution into the terminal',
    again: 'Start this step again',
    quiz: 'Question',
    right: 'Right.',
    wrong: 'Not quite.',
    checkpointPassed: (says: string) => `Done: ${says}`,
    stepPassed: (title: string) => `Step done: ${title}`,
    noScript: 'The terminals need JavaScript. The text does not: every step is open.',
  },
  lab: {
    label: 'Lab',
    terminals: 'Terminals',
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
    leave: 'Press Tab to leave the terminal.',
    keys: 'Ctrl+` goes between text and terminal. Esc, then Tab leaves the terminal.',
    split: 'Width of the text',
    menu: 'Lab',
    undo: 'Undo the last command',
    beginAgain: 'Begin this lesson again',
    share: 'Copy a link to this session',
    shared: 'Link copied. Whoever opens it gets this very state of the lab.',
    shareLong: 'The session is too long for a link; it was saved as a file instead. The Lab menu opens it anywhere.',
    shareNoClipboard: 'The link could not be copied; the session was saved as a file instead.',
    save: 'Save this session as a file',
    undone: (host: string, command: string) => `Undone on ${host}: ${command}`,
    dropHere: 'Drop a session file here',
    nothingToUndo: 'There is no command to undo.',
    screenReader: 'Screen reader mode',
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
    occupied: {
      question: (running: string, host: string) => `“${running}” is still running on ${host}.`,
      editing: (running: string, host: string) =>
        `“${running}” is still open on ${host}. What you have not saved will be lost if it is closed.`,
      busy: (host: string) => `The shell on ${host} is still busy with what was typed before.`,
      outside:
        'This command is meant for what the commands before it open: a shell in a container, or an editor. That is not open.',
      toRun: 'To run:',
      stop: 'Stop it, then run this',
      discard: 'Close without saving, then run',
      another: 'Run in another terminal',
      here: 'Type it here all the same',
      leave: 'Cancel',
    },
    sessions: {
      open: 'Your sessions…',
      title: 'Your sessions',
      about: 'The last ten are kept in this browser. From lesson to lesson you stay in one of them.',
      begun: 'New session. The one before is in Lab → Your sessions.',
      commands: (n: number) => (n === 1 ? '1 command' : `${n} commands`),
      step: (n: number, title: string) => `step ${n}, ${title}`,
      last: 'Last command:',
      origins: { link: 'from a link', file: 'from a file', fork: 'brought back in part' },
      current: 'This one',
      elsewhere: 'open in another tab',
      goBack: 'Go back to it',
      download: 'Download',
      remove: 'Delete',
      reallyRemove: 'Delete for good',
      none: 'None yet: a session is kept from the first command on.',
      openFile: 'Open a session file…',
      close: 'Close',
    },
  },
  host: {
    title: 'Where the lab runs',
    where: { worker: 'in this tab', webcontainer: 'in a WebContainer' },
    trying: 'in this tab; a WebContainer is starting',
    here: {
      worker: 'The lab runs in a worker of this browser tab.',
      webcontainer:
        'The lab runs as a Node.js process in a WebContainer. The cluster’s API is at http://localhost:6443 there.',
    },
    tryingHere: 'A WebContainer is starting. You can work on meanwhile: the lab moves there when it is ready.',
    why: {
      blocked:
        'No WebContainer: StackBlitz’s frame did not load. The network, a proxy or a content blocker may be in the way, or you are offline.',
      'not-isolated':
        'No WebContainer: it needs a cross-origin isolated page, and this site was served without the headers that make it one.',
      silent:
        'No WebContainer: it did not answer in time. Blocked third-party cookies are a usual cause, a slow network another.',
      died: 'The WebContainer broke off. The lab goes on in this tab, and nothing of your session is lost.',
      unsupported: 'No WebContainer: this browser lacks something it needs.',
    },
    raw: 'The error itself',
    again: 'Try again',
    reload: 'Reload and try again',
    reloadNote: 'A page can start only one WebContainer, so another try needs a reload. Your session is kept.',
    choose: 'Where the lab runs',
    choices: { auto: 'automatically', webcontainer: 'in a WebContainer', worker: 'in this tab' },
    notes: {
      auto: 'Begins in this tab, and moves to a WebContainer if one starts; StackBlitz’s servers are asked for it. If they are blocked, it is not tried again in this browser tab.',
      webcontainer: 'As above, but tried again on every page.',
      worker: 'No other server is contacted.',
    },
    about: 'What a WebContainer is for',
  },
  programs: {
    title: 'Your programs',
    open: 'Open your programs',
    hide: 'Hide your programs',
    terminal: 'Terminal of your programs',
    kept: (files: number) => (files === 1 ? '1 file kept' : `${files} files kept`),
    left: (names: string) => `Over 1 MB, not kept: ${names}`,
    alone:
      'The lab runs in this tab now, so nothing answers at localhost:6443. Your shell and your files are still here.',
    failed: 'The shell did not start.',
    link: 'Your own program, beside the cluster',
    invitation:
      'The cluster has a real API. Where your browser can run a WebContainer, a program of your own can talk to it.',
    now: {
      worker:
        'At the moment your lab runs in this tab. There the cluster has no port, and there is no Node.js: you can read on, but not run the program.',
      trying: 'A WebContainer is starting. Read on; the button below appears when it is ready.',
      webcontainer: 'Your lab runs in a WebContainer: everything on this page works.',
      badge: 'The badge under the terminal says more, and lets you choose.',
    },
  },
  picture: {
    why: (name: string) => `Why is ${name} as it is?`,
    title: 'The cluster now',
    fold: 'Hide the picture',
    unfold: 'Show the picture',
    words: 'In words',
    empty: 'No workloads, claims or volumes yet.',
    layers: { workloads: 'Workloads', pods: 'Pods', claims: 'Claims', volumes: 'Volumes', exports: 'NFS server' },
    unscheduled: 'not on a node',
    more: (n: number) => `and ${n} more`,
    ready: (ready: number, all: number) => `${ready}/${all} ready`,
    notReady: 'NotReady',
    cordoned: 'SchedulingDisabled',
    exported: 'exported',
    notExported: 'not exported',
    noFiles: 'empty',
    files: (n: number) => (n === 1 ? '1 file' : `${n} files`),
    describe: (kind: string, name: string) => `Describe ${kind} ${name}`,
    list: (path: string) => `List ${path} on the NFS server`,
    sentences: {
      workload: (kind: string, name: string, ready: number, all: number) =>
        `${kind} ${name}: ${ready} of ${all} Pods ready.`,
      pod: (name: string, status: string, node: string, claims: string) =>
        `Pod ${name}: ${status}${node ? `, on ${node}` : ''}${claims ? `, uses claim ${claims}` : ''}.`,
      claim: (name: string, status: string, volume: string) =>
        `Claim ${name}: ${status}${volume ? ` to volume ${volume}` : ''}.`,
      volume: (name: string, status: string, server: string, path: string) =>
        `Volume ${name}: ${status}${path ? `, stands for ${server}:${path}` : ''}.`,
      export: (path: string, exported: boolean, files: string) =>
        `Directory ${path} of the NFS server: ${exported ? 'exported' : 'not exported'}, ${files || 'empty'}.`,
      mount: (volume: string, node: string, pod: string) => `Volume ${volume} is mounted on ${node} for Pod ${pod}.`,
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
