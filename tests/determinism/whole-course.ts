/** A session's log that covers the whole course, and ends with a half-typed line and an open vi. */

import type { LogEntry, Place, SessionLog } from '../../sandbox/channel/messages.ts';
import { lessonsFromDisk } from '../../sandbox/hosts/lessons-from-disk.ts';
import { openSession } from '../../sandbox/hosts/opening.ts';
import { advance, runUntil } from '../../sandbox/sim/driver.ts';

export const lessons = lessonsFromDisk();

export interface Lived {
  readonly log: SessionLog;
  /** What each terminal was sent while it happened. */
  readonly output: Readonly<Record<string, string>>;
}

/** Lives through the course in this process, as a learner does who has every step shown. */
export async function wholeCourse(seed: number): Promise<Lived> {
  const output: Record<string, string> = {};
  const session = await openSession({
    seed,
    start: { lesson: lessons[0]!.id, step: lessons[0]!.steps[0]!.id },
    language: 'en',
    lessons,
    listener: {
      output: (host, data) => {
        output[host] = (output[host] ?? '') + data;
      },
    },
  });
  const rest = (ms: number) => advance(session.world.clock, session.now + ms);
  const hosts = [...session.world.machines.keys()];
  for (const host of hosts) session.input({ type: 'resize', host, columns: 100, rows: 30 });
  await rest(500);
  for (const lesson of lessons)
    for (const step of lesson.steps) {
      const place: Place = { lesson: lesson.id, step: step.id };
      session.input({ type: 'open', place });
      const entry = session.input({ type: 'solve', place }) as LogEntry & { type: 'solve' };
      for (const { id, choices, answer } of step.quiz)
        session.input({ type: 'answer', place, question: id, choice: choices.indexOf(answer) });
      if (!(await session.solved(entry))) throw new Error(`${lesson.id}/${step.id} did not pass`);
      await rest(700);
    }
  for (const host of hosts) {
    await runUntil(session.world.clock, () => session.world.atPrompt(host), session.now + 60_000);
    session.input({ type: 'keys', host, data: 'date; id; df -h\r' });
  }
  await rest(1_000);
  session.input({ type: 'keys', host: 'master01', data: 'kubectl get events,pods -o wide\r' });
  await rest(5_000);
  session.input({ type: 'keys', host: 'master01', data: 'kubectl get p' });
  session.input({ type: 'keys', host: 'nfs', data: 'vi /etc/exports\r' });
  await rest(2_000);
  session.input({ type: 'keys', host: 'nfs', data: 'Gohalf a thought' });
  await rest(2_000);
  return { log: session.log(), output };
}
