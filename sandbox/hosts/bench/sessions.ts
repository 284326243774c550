/** The benchmark of a learner's session: the article's commands, a replay of an afternoon, all solutions, and what a world keeps in memory. */

import type { CommandResult } from '../../lesson/observation.ts';
import type { LessonDocument } from '../../lesson/schema.ts';
import type { Session } from '../../session/session.ts';
import { advance } from '../../sim/driver.ts';
import { START } from '../../world/lab.ts';
import { openSession } from '../opening.ts';
import { articleCommands, type Command, ROUND } from './commands.ts';
import { cpu, type Figures, heapBytes, least, megabytes, round } from './measure.ts';

const COMMANDS = 500;
const HOURS = 2;

type Lessons = readonly LessonDocument[];

/** How a world of the benchmark is made, at the first lesson's beginning or where another place begins. */
const optionsFor = (lessons: Lessons, start = place(lessons[0]!, 0)) => ({
  seed: 1,
  start,
  language: 'en' as const,
  lessons,
  follow: true,
});

const place = (lesson: LessonDocument, step: number) => ({ lesson: lesson.id, step: lesson.steps.at(step)!.id });

const open = (lessons: Lessons): Promise<Session> => openSession(optionsFor(lessons));

async function run(session: Session, { host, run: command }: Command): Promise<CommandResult> {
  const entry = session.input({ type: 'run', host, command });
  return (await session.result<CommandResult>(entry, 600_000))!;
}

async function typeArticle(session: Session, lessons: Lessons): Promise<void> {
  for (const command of articleCommands(lessons)) {
    const { exitCode, stderr } = await run(session, command);
    if (exitCode !== 0) throw new Error(`${command.host}: ${command.run}\n${stderr}`);
  }
}

/** From an empty lab to the article's last command; first with code that nobody has called yet. */
export async function articleReplayed(lessons: Lessons): Promise<Figures> {
  const figure = () =>
    cpu(async () => {
      const session = await open(lessons);
      await typeArticle(session, lessons);
      session.close();
    });
  return { first: round(await figure()), best: await least(5, figure) };
}

/** What stays on the heap: the code alone, a lesson's world as it begins, and as the article leaves it. */
export async function memory(lessons: Lessons): Promise<Figures> {
  const code = heapBytes();
  const session = await open(lessons);
  const fresh = heapBytes();
  await typeArticle(session, lessons);
  const after = heapBytes();
  session.close();
  return { atStart: megabytes(fresh - code), afterTheArticle: megabytes(after - code), withAllCode: megabytes(after) };
}

/** A jump to the last step of the last lesson: every solution before it is typed and checked. */
export async function allSolutions(lessons: Lessons): Promise<Figures> {
  const started = process.hrtime.bigint();
  let session: Session | undefined;
  const seconds = await cpu(async () => {
    session = await openSession(optionsFor(lessons, place(lessons.at(-1)!, -1)));
  });
  const wall = Number(process.hrtime.bigint() - started) / 1e9;
  const virtualSeconds = Math.round((session!.now - START) / 1_000);
  session!.close();
  return { cpuSeconds: round(seconds), wallSeconds: round(wall), virtualSeconds };
}

/** A session of two hours: the article, then a command typed every 14 seconds; and its replay. */
export async function sessionReplay(lessons: Lessons): Promise<Figures> {
  const session = await open(lessons);
  await typeArticle(session, lessons);
  const typed = session.log().entries.length;
  const begun = session.now;
  const between = (HOURS * 3_600_000) / COMMANDS;
  for (let i = 0; i < COMMANDS - typed; i++) {
    const { host, run: line } = ROUND[i % ROUND.length]!;
    session.input({ type: 'keys', host, data: `${line}\r` }, begun + i * between);
    await advance(session.world.clock, begun + (i + 1) * between);
  }
  const log = session.log();
  const hash = session.hash();
  session.close();
  const options = { ...optionsFor(lessons), seed: log.seed, start: log.start };
  const cpuSeconds = await least(4, () =>
    cpu(async () => {
      const restored = await openSession({ ...options, log, whateverComes: true });
      if (restored.hash() !== hash) throw new Error('the replay came to another world');
      restored.close();
    }),
  );
  const virtualSeconds = Math.round((log.until - START) / 1_000);
  return { commands: log.entries.length, virtualSeconds, cpuSeconds };
}

/** Milliseconds of `kubectl get pods` in the sandbox, with so many of them Ready or starting. */
export async function getPods(lessons: Lessons, count: number): Promise<number> {
  const session = await open(lessons);
  const get = { host: 'master01', run: 'kubectl get pods' };
  await run(session, { host: 'master01', run: `kubectl create deployment web --image=nginx --replicas=${count}` });
  await advance(session.world.clock, session.now + 30_000);
  const { stdout } = await run(session, get);
  if (stdout.split('\n').length !== count + 2)
    throw new Error(`kubectl get pods printed another number of lines:\n${stdout.slice(0, 500)}`);
  const milliseconds = await least(40, async () => 1_000 * (await cpu(() => run(session, get))));
  session.close();
  return milliseconds;
}
