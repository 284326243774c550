/** A test double of the sandbox: terminals that echo, and words that set what the page shows. `BOUND_SANDBOX=echo` only. */

import { createBirpc } from 'birpc';
import type {
  LogEntry,
  PageFunctions,
  Picture,
  SandboxFunctions,
  SessionLog,
  StartOptions,
} from '../../../sandbox/channel/messages.ts';
import { pictures } from './pictures.ts';

const prompt = '[root@master01 ~]# ';
let options: StartOptions;
let entries: LogEntry[] = [];
let now = Date.UTC(2026, 10, 22, 9);
let passed = 0;
let lines = new Map<string, string>();

const page = createBirpc<PageFunctions, SandboxFunctions>(
  {
    async start(given) {
      options = given;
      page.time(now);
      begin();
      for (const entry of given.log?.entries ?? []) if (entry.type === 'keys') type(entry.host, entry.data);
      return { hosts: ['master01', 'node01', 'node02', 'nfs'], now };
    },
    input: type,
    resize(host) {
      if (!lines.has(host)) prompts(host);
    },
    run: (host, command) => type(host, `${command.replaceAll('\n', '\r')}\r`),
    solve: () => pass(),
    open() {},
    answer() {},
    skip(ms) {
      now += ms;
      page.time(now);
    },
    speed() {},
    async undo() {
      begin();
    },
    async jump() {
      begin();
    },
    language() {},
    log: async (): Promise<SessionLog> => ({
      version: 1,
      seed: options.log?.seed ?? options.seed,
      start: options.log?.start ?? options.place,
      entries,
      until: now,
    }),
  },
  {
    post: (message) => postMessage(message),
    on: (listener) => addEventListener('message', (event: MessageEvent<unknown>) => listener(event.data)),
  },
);

function begin(): void {
  entries = [];
  lines = new Map();
  passed = 0;
  page.restarted();
  page.picture(pictures[0]!);
  progress();
}

function prompts(host: string): void {
  lines.set(host, '');
  page.output(host, prompt.replace('master01', host));
}

function type(host: string, data: string): void {
  if (!lines.has(host)) prompts(host);
  const entry: LogEntry = { at: ++now, type: 'keys', host, data };
  entries.push(entry);
  page.logged([entry], now);
  for (const letter of data) {
    if (letter === '\r') {
      page.output(host, '\r\n');
      obey(host, lines.get(host)!);
      prompts(host);
    } else if (letter >= ' ') {
      lines.set(host, lines.get(host)! + letter);
      page.output(host, letter);
    }
  }
}

function obey(host: string, line: string): void {
  const [word, argument] = line.split(' ');
  if (word === 'picture') page.picture(pictures[Number(argument)] as Picture);
  else if (word === 'pass') pass();
  else if (word === 'wait') page.activity('pulling nginx');
  else if (word === 'hang') for (;;);
  else if (line) page.output(host, `${line}\r\n`);
}

function pass(): void {
  passed += 1;
  progress();
}

function progress(): void {
  const lesson = options.lessons.find(({ id }) => id === options.place.lesson)!;
  page.progress({
    lesson: lesson.id,
    steps: lesson.steps.map((step, index) => ({
      id: step.id,
      open: index <= passed,
      passed: index < passed,
      shown: false,
      checkpoints: step.checkpoints.map(({ id }) => ({
        id,
        passed: index < passed,
        message: index < passed ? '' : 'There is no PersistentVolume called `pv0001` yet.',
      })),
      answers: {},
    })),
  });
}
