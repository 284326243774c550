/** Made-up learners for tests: each lives through a lesson key by key, as hands type, and what their grade must be is known beforehand. */

import type { DoubtKind, State } from '../channel/grades.ts';
import type { Learner, LogEntry, SessionLog } from '../channel/messages.ts';
import { lessonsFromDisk } from '../hosts/lessons-from-disk.ts';
import { openSession } from '../hosts/opening.ts';
import { heredoc } from '../lesson/manifest.ts';
import type { LessonDocument, SolutionCommand, Step } from '../lesson/schema.ts';
import type { Session } from '../session/session.ts';
import { advance, runUntil } from '../sim/driver.ts';
import { Random } from '../sim/random.ts';

export const lessons = lessonsFromDisk();

/** How a step is done: as its solution says, by "show me", or by a mistake that stands a while (and is then made good). */
export type Way = 'right' | 'shown' | { readonly wrong: readonly Line[]; readonly mended?: true };
type Line = readonly [host: string, line: string];

export interface Made {
  readonly file: string;
  readonly text: string;
  readonly state: State;
  readonly doubts: readonly DoubtKind[];
  /** Where nothing can be said of it: undefined. */
  readonly says?: {
    readonly learner?: Learner;
    readonly marks: Readonly<Record<string, string>>;
    readonly commands: number;
    readonly shown: readonly string[];
    readonly undone: readonly string[];
    readonly stumbles: readonly string[];
  };
}

type Says = NonNullable<Made['says']>;

/** How a hand moves (milliseconds): the pause after a key, and before a line. */
interface Hand {
  key(): number;
  line(): number;
}

const human = (seed: number): Hand => {
  const random = new Random(seed, 'hand');
  return { key: () => random.between(55, 260), line: () => random.between(900, 6_000) };
};

const place = (lesson: LessonDocument, step: Step) => ({ lesson: lesson.id, step: step.id });

class Learning {
  readonly #session: Session;
  readonly #lesson: LessonDocument;
  readonly #hand: Hand;
  #commands = 0;
  readonly #marks: Record<string, string> = {};
  readonly #shown: string[] = [];
  readonly #stumbles: string[] = [];

  constructor(session: Session, lesson: LessonDocument, hand: Hand) {
    this.#session = session;
    this.#lesson = lesson;
    this.#hand = hand;
  }

  async step(step: Step, way: Way, expected: readonly string[]): Promise<void> {
    if (way === 'shown') return this.#show(step);
    if (way !== 'right') {
      for (const [host, line] of way.wrong) await this.#line(host, line);
      await this.#rest(30_000);
      this.#stumbles.push(...expected);
      if (!way.mended) return;
    }
    for (const command of step.solution) await this.#command(step, command);
    await this.#answers(step);
    await this.#passed(step);
    for (const { id } of [...step.checkpoints, ...step.quiz]) this.#mark(step, id, 'passed');
  }

  /** Chooses another answer than the right one, and leaves it at that. */
  async misread(step: Step): Promise<void> {
    for (const { id, choices, answer } of step.quiz) {
      const choice = choices.findIndex((one) => one !== answer);
      await this.#rest(this.#hand.line());
      this.#session.input({ type: 'answer', place: place(this.#lesson, step), question: id, choice });
      this.#mark(step, id, `wrong:${choices[choice]}`);
      this.#stumbles.push(`${this.#lesson.id}/${step.id}/${id} ${choices[choice]}`);
    }
    await this.#rest(1_000);
  }

  says(marks: Readonly<Record<string, string>>): Says {
    const undone = this.#lesson.steps.filter(
      (step) => !step.optional && !this.#session.progress.passed(place(this.#lesson, step)),
    );
    return {
      marks: { ...this.#marks, ...marks },
      commands: this.#commands,
      shown: this.#shown,
      undone: undone.map(({ id }) => `${this.#lesson.id}/${id}`),
      stumbles: this.#stumbles,
    };
  }

  async #show(step: Step): Promise<void> {
    this.#session.input({ type: 'solve', place: place(this.#lesson, step) });
    await this.#rest(1_000);
    await this.#answers(step);
    await this.#passed(step);
    this.#shown.push(`${this.#lesson.id}/${step.id}`);
    for (const { id } of step.checkpoints) this.#mark(step, id, 'shown');
    for (const { id } of step.quiz) this.#mark(step, id, 'passed');
  }

  async #answers(step: Step): Promise<void> {
    for (const { id, choices, answer } of step.quiz) {
      await this.#rest(this.#hand.line());
      const choice = choices.indexOf(answer);
      this.#session.input({ type: 'answer', place: place(this.#lesson, step), question: id, choice });
    }
    await this.#rest(500);
  }

  async #passed(step: Step): Promise<void> {
    const { world, progress, now } = this.#session;
    const passed = () => progress.passed(place(this.#lesson, step));
    if (!(await runUntil(world.clock, passed, now + 300_000))) throw new Error(`${step.id} did not pass`);
    await this.#rest(400);
  }

  async #command(step: Step, { host, run, write, keys, wait }: SolutionCommand): Promise<void> {
    const { world, progress, now } = this.#session;
    if (wait) await runUntil(world.clock, () => progress.isTrue(wait, place(this.#lesson, step)), now + 300_000);
    // A manifest comes by its block's button, as one input.
    if (write === undefined) await this.#line(host, run!.replace(/\n$/, ''));
    else await this.#line(host, heredoc(write, this.#lesson.manifests[write]!), true);
    for (const line of keys?.split('\r').slice(0, -1) ?? []) {
      await this.#rest(1_000);
      await this.#keys(host, line);
    }
    await this.#prompt(host);
  }

  async #line(host: string, line: string, atOnce = false): Promise<void> {
    await this.#prompt(host);
    await this.#rest(this.#hand.line());
    if (atOnce) this.#put(host, `${line.replaceAll('\n', '\r')}\r`);
    else await this.#keys(host, line.replaceAll('\n', '\r'));
    this.#commands++;
    await this.#rest(200);
    await this.#prompt(host);
  }

  async #keys(host: string, line: string): Promise<void> {
    for (const key of `${line}\r`) {
      this.#put(host, key);
      await this.#rest(this.#hand.key());
    }
  }

  #put(host: string, data: string): void {
    this.#session.input({ type: 'keys', host, data });
  }

  async #prompt(host: string): Promise<void> {
    const { world, now } = this.#session;
    // A shell in a container is left by its keys.
    await runUntil(world.clock, () => world.atPrompt(host), now + 60_000);
  }

  #rest(ms: number): Promise<void> {
    return advance(this.#session.world.clock, this.#session.now + ms);
  }

  #mark(step: Step, id: string, mark: string): void {
    this.#marks[`${this.#lesson.id}/${step.id}/${id}`] = mark;
  }
}

interface Life {
  readonly lesson: string;
  /** By step; those that are not named are not come to. `misread`: only its question, answered wrongly. */
  readonly ways: Readonly<Record<string, Way | 'misread'>>;
  readonly seed: number;
  readonly hand?: Hand;
  /** What is so at the end beside what steps done leave: by column below the lesson. */
  readonly marks?: Readonly<Record<string, string>>;
  /** What was wrong on the way, as `STEP/CHECKPOINT REASON`. */
  readonly stumbles?: readonly string[];
}

/** Lives through it; what is known of it is what was done, not what a replay finds. */
export async function live({ lesson: id, ways, seed, hand = human(seed), marks = {}, stumbles = [] }: Life) {
  const lesson = lessons.find((one) => one.id === id)!;
  const start = { lesson: id, step: lesson.steps[0]!.id };
  const session = await openSession({ seed, start, language: 'en', lessons });
  session.input({ type: 'resize', host: 'master01', columns: 120, rows: 30 });
  session.input({ type: 'open', place: start });
  await advance(session.world.clock, session.now + 2_000);
  const learning = new Learning(session, lesson, hand);
  const inLesson = (text: string) => `${id}/${text}`;
  for (const step of lesson.steps) {
    const way = ways[step.id];
    const expected = stumbles.filter((text) => text.startsWith(`${step.id}/`)).map(inLesson);
    if (way === 'misread') await learning.misread(step);
    else if (way !== undefined) await learning.step(step, way, expected);
  }
  await advance(session.world.clock, session.now + 2_000);
  const says = learning.says(Object.fromEntries(Object.entries(marks).map(([key, mark]) => [inLesson(key), mark])));
  session.close();
  return { log: session.log(), says };
}

const READ_ONLY: readonly Line[] = [
  ['nfs', 'mkdir -p /mnt/nfsserv'],
  ['nfs', "echo '/mnt/nfsserv *(ro,async)' >> /etc/exports"],
  ['nfs', 'exportfs -ra'],
];
const MENDED: readonly Line[] = [...READ_ONLY, ['nfs', 'rm /etc/exports; touch /etc/exports']];
const ELSEWHERE: readonly Line[] = [['master01', 'mkdir -p /mnt/nfsserv']];

const ALL_RIGHT = (lesson: string): Record<string, Way> =>
  Object.fromEntries(
    lessons.find(({ id }) => id === lesson)!.steps.flatMap(({ id, optional }) => (optional ? [] : [[id, 'right']])),
  );
const ALL_SHOWN = (lesson: string): Record<string, Way> =>
  Object.fromEntries(Object.keys(ALL_RIGHT(lesson)).map((id) => [id, 'shown']));

const json = (log: object): string => `${JSON.stringify(log)}\n`;
const file = (name: string): string => `${name.toLowerCase()}.json`;
const changed = (log: SessionLog, index: number, change: object): SessionLog => ({
  ...log,
  entries: log.entries.map((entry, at) => (at === index ? ({ ...entry, ...change } as LogEntry) : entry)),
});

/** A class of thirty. */
export async function madeClass(): Promise<Made[]> {
  const made: Made[] = [];
  const add = (name: string, text: string, state: State, doubts: readonly DoubtKind[], says?: Says) =>
    made.push({ file: file(name), text, state, doubts, ...(says && { says: { ...says, learner: { name } } }) });
  const whole = async (name: string, life: Life) => {
    const { log, says } = await live(life);
    add(name, json({ ...log, learner: { name } }), 'whole', [], says);
    return { log, says };
  };

  // Eight do all of it right, in five lessons.
  const right: { log: SessionLog; says: Says }[] = [];
  for (const [index, [name, lesson]] of [
    ['Akari', 'the-lab'],
    ['Ben', 'the-lab'],
    ['Chie', 'persistent-volume'],
    ['Dora', 'claim'],
    ['Emil', 'claim'],
    ['Fumi', 'deployment'],
    ['Gen', 'the-lab'],
    ['Hana', 'two-replicas'],
  ].entries())
    right.push(await whole(name!, { lesson: lesson!, ways: ALL_RIGHT(lesson!), seed: 100 + index }));

  // Six stumble: some get up again.
  const stumbling = [
    ['Ines', { ...ALL_RIGHT('the-lab'), export: { wrong: MENDED, mended: true } }, {}],
    [
      'Jun',
      { 'look-around': 'right', export: { wrong: READ_ONLY } },
      { 'export/directory': 'passed', 'export/exported': 'wrong:read-only' },
    ],
    [
      'Kai',
      { 'look-around': 'right', export: { wrong: READ_ONLY } },
      { 'export/directory': 'passed', 'export/exported': 'wrong:read-only' },
    ],
  ] as const;
  for (const [index, [name, ways, marks]] of stumbling.entries())
    await whole(name, { lesson: 'the-lab', ways, seed: 200 + index, marks, stumbles: ['export/exported read-only'] });
  await whole('Lena', {
    lesson: 'the-lab',
    ways: { 'look-around': 'right', export: { wrong: ELSEWHERE } },
    seed: 210,
    marks: { 'export/directory': 'wrong:other-host', 'export/exported': 'open' },
    stumbles: ['export/directory other-host'],
  });
  await whole('Mio', { lesson: 'the-lab', ways: { 'look-around': 'misread' }, seed: 211 });
  await whole('Nora', { lesson: 'persistent-volume', ways: {}, seed: 212, marks: { 'define/manifest': 'open' } });

  // Four have it shown, wholly or in part.
  await whole('Otto', { lesson: 'the-lab', ways: ALL_SHOWN('the-lab'), seed: 300 });
  await whole('Pia', { lesson: 'claim', ways: ALL_SHOWN('claim'), seed: 301 });
  await whole('Quin', { lesson: 'claim', ways: { ...ALL_RIGHT('claim'), create: 'shown' }, seed: 302 });
  await whole('Rin', { lesson: 'the-lab', ways: { ...ALL_RIGHT('the-lab'), clients: 'shown' }, seed: 303 });

  // Four files are damaged.
  const [akari, ben, , dora] = right;
  add('cut', json(akari!.log).slice(0, -200), 'damaged', ['unreadable']);
  add('empty', '', 'damaged', ['unreadable']);
  add('letter', json({ dear: 'teacher' }), 'damaged', ['unreadable']);
  add('scratched', json(changed(ben!.log, 20, { at: null })), 'damaged', ['unreadable']);

  await copied(add, made, dora!, right[2]!);
  await forged(add, ben!);
  return made;
}

type Add = (name: string, text: string, state: State, doubts: readonly DoubtKind[], says?: Says) => void;
type LivedThrough = { readonly log: SessionLog; readonly says: Says };

/** Two copies: a file under another name, and one whose beginning is another's, gone on with by its own hand. */
async function copied(add: Add, made: Made[], dora: LivedThrough, chie: LivedThrough): Promise<void> {
  const doubted = (name: string, kind: DoubtKind) => {
    const at = made.findIndex(({ says }) => says?.learner?.name === name);
    made[at] = { ...made[at]!, state: 'copied', doubts: [kind] };
  };
  add('Sam', json({ ...dora.log, learner: { name: 'Sam' } }), 'copied', ['same'], dora.says);
  doubted('Dora', 'same');
  const half = chie.log.entries.findIndex((entry) => entry.type === 'answer');
  const until = chie.log.entries[half]!.at - 1;
  const { step, quiz } = { step: 'nothing-yet', quiz: 'when-mounted' };
  add(
    'Tom',
    json({ ...chie.log, entries: chie.log.entries.slice(0, half), until, learner: { name: 'Tom' } }),
    'copied',
    ['run'],
    {
      ...chie.says,
      marks: Object.fromEntries(
        Object.entries(chie.says.marks).filter(([column]) => column !== `persistent-volume/${step}/${quiz}`),
      ),
      undone: [`persistent-volume/${step}`],
    },
  );
  doubted('Chie', 'run');
}

/** Six are not what they say. */
async function forged(add: Add, ben: LivedThrough): Promise<void> {
  const backwards = changed(ben.log, 30, { at: ben.log.entries[10]!.at });
  add('Uma', json({ ...backwards, learner: { name: 'Uma' } }), 'impossible', ['backwards']);
  const by = async (name: string, seed: number, hand?: Hand) => {
    const { log, says } = await live({ lesson: 'the-lab', ways: ALL_RIGHT('the-lab'), seed, ...(hand && { hand }) });
    return { log: { ...log, learner: { name } }, says };
  };
  const machine = await by('Vera', 400, hasty(4));
  add('Vera', json(machine.log), 'impossible', ['too-fast'], machine.says);
  const metronome = await by('Wim', 401, { key: () => 120, line: () => 4_000 });
  add('Wim', json(metronome.log), 'impossible', ['too-regular'], metronome.says);
  const early = await by('Xenia', 402);
  add('Xenia', json({ ...early.log, until: early.log.entries[5]!.at }), 'impossible', ['early-end'], early.says);
  const answers = await by('Yuki', 403);
  const answered = answers.log.entries.findIndex(({ type }) => type === 'answer');
  add('Yuki', json(changed(answers.log, answered, { question: 'not-asked' })), 'impossible', ['unknown-name']);
  // What was typed is changed, and leads elsewhere.
  const edited = await by('Zoe', 404);
  const key = edited.log.entries.findIndex((entry) => entry.type === 'keys' && entry.host === 'nfs');
  add('Zoe', json(changed(edited.log, key, { data: '#' })), 'differs', ['differs']);
}

/** No hand: a program that does not even try to look like one. */
const hasty = (key: number): Hand => {
  const random = new Random(key, 'machine');
  return { key: () => random.between(1, 2 * key), line: () => random.between(900, 6_000) };
};
