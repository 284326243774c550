/** English, first. */

export const en = {
  host: {
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
};
