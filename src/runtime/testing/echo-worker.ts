/** A test double of the sandbox: terminals that echo, and words that set what the page shows. `BOUND_SANDBOX=echo` only. */

import { createBirpc } from 'birpc';
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
let lines = new Map<string, string>();
/** What `front COMMAND` has put in front of a terminal. */
let fronts = new Map<string, string>();

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
      const terminals = entries.flatMap((entry) => (entry.type === 'terminal' ? [entry.terminal] : []));
      return { ok: true, hosts: ['master01', 'node01', 'node02', 'nfs'], terminals, now };
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
    pulse: async () => ({ now: Date.now(), loading: false, skipping: 0 }),
  },
  {
    post: (message) => postMessage(message),
    on: (listener) => addEventListener('message', (event: MessageEvent<unknown>) => listener(event.data)),
    eventNames: ['output', 'restarted', 'picture', 'progress', 'logged', 'time', 'activity'],
  },
);

function begin(): void {
  lines = new Map();
  fronts = new Map();
  passed = 0;
  page.restarted();
  page.picture(pictures[0]!);
  progress();
}

function obeyInput(input: Input): void {
  if (input.type === 'keys') type(input.host, input.data);
  else if (input.type === 'resize' && !lines.has(input.host)) prompts(input.host);
  else if (input.type === 'terminal') prompts(input.terminal);
  else if (input.type === 'solve') pass();
  else if (input.type === 'interrupt') {
    fronts.delete(input.host);
    page.output(input.host, '^C\r\n');
    prompts(input.host);
  }
}

function prompts(host: string): void {
  lines.set(host, '');
  page.output(host, prompt.replace('master01', host.replace(/:.*/, '')));
}

function type(host: string, data: string): void {
  if (!lines.has(host)) prompts(host);
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
  const [word, ...words] = line.split(' ');
  const argument = words.join(' ');
  if (word === 'picture') page.picture(pictures[Number(argument)] as Picture);
  else if (word === 'pass') pass();
  else if (word === 'wait') page.activity('pulling nginx');
  else if (word === 'front') fronts.set(host, argument);
  else if (word === 'hang') for (;;);
  else if (word === 'print') page.output(host, decodeURIComponent(argument));
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
