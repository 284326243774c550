/** A test double of the sandbox: terminals that echo, and words that set what the page shows. `BOUND_SANDBOX=echo` only. */

import { createBirpc } from 'birpc';
import { refusal } from '../../../sandbox/channel/grades.ts';
import type {
  Foreground,
  Input,
  LogEntry,
  PageFunctions,
  Picture,
  SandboxFunctions,
  StartOptions,
} from '../../../sandbox/channel/messages.ts';
import { pictures } from './pictures.ts';

const prompt = '[root@master01 ~]# ';
let options: StartOptions;
let now = Date.UTC(2026, 10, 22, 9);
let passed = 0;
let tried = false;
let lines = new Map<string, string>();
/** What `front COMMAND` has put in front of a terminal. */
let fronts = new Map<string, string>();
let opened = new Set<string>();

const page = createBirpc<PageFunctions, SandboxFunctions>(
  {
    async start(given) {
      options = given;
      now = Math.max(now, given.log?.until ?? 0);
      page.time(now);
      begin();
      const entries = given.log?.entries ?? [];
      const replayed = entries.findIndex((entry) => entry.type === 'keys' && entry.data.includes('\x1a'));
      if (replayed >= 0)
        return { ok: false, problem: { kind: 'endless', entry: replayed, message: 'the replay was given up' } };
      for (const entry of entries) obeyInput(entry);
      return { ok: true, hosts: ['master01', 'node01', 'node02', 'nfs'], terminals: [...opened], now };
    },
    put(input) {
      const entry: LogEntry = { at: ++now, ...input };
      page.logged([entry], now);
      obeyInput(input);
    },
    skip(ms) {
      now += ms;
      page.time(now);
    },
    speed() {},
    language() {},
    foreground: async (host): Promise<Foreground> => {
      const command = fronts.get(host) ?? '';
      return { prompt: command === '', command: command || '-bash' };
    },
    why: async () => undefined,
    grade: async ({ source }) => refusal(source, { kind: 'endless', detail: 'the test double replays nothing' }),
    pulse: async () => ({ now: Date.now(), loading: false, skipping: 0 }),
    async save(request) {
      const entry: LogEntry = { at: ++now, type: 'save', ...request };
      page.logged([entry], now);
      return { modified: now };
    },
    recall: async () => {},
    moment: async () => undefined,
    screen: async () => [],
    objects: async () => [],
    object: async () => undefined,
    happened: async () => ({ began: now, revision: 0, list: [] }),
    files: async (_, path) => ({ path, entries: [], more: 0 }),
    judge: async () => [],
    kinds: async () => [],
    fieldHelp: async () => undefined,
    readFile: async () => ({ problem: { kind: 'refused', message: 'No such file or directory' } }),
  },
  {
    post: (message) => postMessage(message),
    on: (listener) => addEventListener('message', (event: MessageEvent<unknown>) => listener(event.data)),
    eventNames: ['output', 'restarted', 'ended', 'picture', 'progress', 'logged', 'time', 'activity'],
  },
);

function begin(): void {
  lines = new Map();
  fronts = new Map();
  opened = new Set();
  passed = 0;
  tried = false;
  page.restarted();
  page.picture(pictures[0]!);
  progress();
}

function obeyInput(input: Input): void {
  if (input.type === 'keys') type(input.host, input.data);
  else if (input.type === 'resize' && !lines.has(input.host)) prompts(input.host);
  else if (input.type === 'terminal') {
    opened.add(input.terminal);
    prompts(input.terminal);
  } else if (input.type === 'close') end(input.host);
  else if (input.type === 'solve') pass();
  else if (input.type === 'interrupt') {
    fronts.delete(input.host);
    page.output(input.host, '^C\r\n');
    prompts(input.host);
  }
}

function end(terminal: string): void {
  opened.delete(terminal);
  page.ended(terminal);
}

function prompts(host: string): void {
  lines.set(host, '');
  page.output(host, prompt.replace('master01', host.replace(/:.*/, '')));
}

function type(host: string, data: string): void {
  if (!lines.has(host)) prompts(host);
  for (const letter of data) {
    if (letter === '\r') {
      const first = !tried;
      tried = true;
      page.output(host, '\r\n');
      obey(host, lines.get(host)!);
      if (first && tried) progress();
      prompts(host);
    } else if (letter >= ' ') {
      lines.set(host, lines.get(host)! + letter);
      page.output(host, letter);
    }
  }
}

function obey(host: string, line: string): void {
  const [word, ...words] = line.split(' ');
  const argument = words.join(' ');
  if (word === 'picture') page.picture(pictures[Number(argument)] as Picture);
  else if (word === 'pass') pass();
  else if (word === 'wait') page.activity('pulling nginx');
  else if (word === 'front') fronts.set(host, argument);
  else if (word === 'exit' && opened.has(host)) end(host);
  else if (word === 'hang') for (;;);
  else if (word === 'print') page.output(host, decodeURIComponent(argument));
  else if (line) page.output(host, `${line}\r\n`);
}

function pass(): void {
  passed += 1;
  // Nothing was done yet in the step that is open now.
  tried = false;
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
      tried,
      shown: false,
      checkpoints: step.checkpoints.map(({ id }) => ({
        id,
        passed: index < passed,
        message: index < passed ? '' : 'There is no PersistentVolume called `pv0001` yet.',
        wrong: tried && index >= passed,
      })),
      answers: {},
    })),
  });
}
