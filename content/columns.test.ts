/** No line that a lesson's own commands print is wider than a terminal of the page: none wraps, but for sentences of kubectl's and the servers'. */

import { expect, test } from 'vitest';
import type { LogEntry } from '../sandbox/channel/messages.ts';
import { lessonsFromDisk } from '../sandbox/hosts/lessons-from-disk.ts';
import { openSession } from '../sandbox/hosts/opening.ts';
import { advance } from '../sandbox/sim/driver.ts';
import { COLUMNS } from '../src/runtime/terminal/columns.ts';

const lessons = lessonsFromDisk();

/** Wider than any line: as long as it was printed, so long it stands here. */
const UNBOUNDED = 9_000;
/** What is read as a text, not along a column, may wrap. */
const SENTENCE = /^Warning: /;

test('every step’s solution, all in one session', async () => {
  const output = new Map<string, string>();
  const session = await openSession({
    seed: 7,
    start: { lesson: lessons[0]!.id, step: lessons[0]!.steps[0]!.id },
    language: 'en',
    lessons,
    follow: true,
    listener: { output: (host, data) => output.set(host, (output.get(host) ?? '') + data) },
  });
  for (const host of session.world.machines.keys())
    session.input({ type: 'resize', host, columns: UNBOUNDED, rows: 40 });
  const wide: string[] = [];
  let widest = 0;
  for (const lesson of lessons) {
    for (const step of lesson.steps) {
      output.clear();
      const place = { lesson: lesson.id, step: step.id };
      session.input({ type: 'open', place });
      await session.solved(session.input({ type: 'solve', place }) as LogEntry & { type: 'solve' });
      await advance(session.world.clock, session.now + 2_000);
      for (const line of [...output.values()].flatMap(linesOf)) {
        if (SENTENCE.test(line)) continue;
        widest = Math.max(widest, line.length);
        if (line.length > COLUMNS) wide.push(`${lesson.id}/${step.id}: ${line}`);
      }
    }
  }
  session.close();
  expect(wide).toEqual([]);
  // It has seen the widest there are: `kubectl get nodes -o wide`, `docker ps`.
  expect(widest).toBeGreaterThan(190);
}, 60_000);

/** What stands in each row; a full-screen program lays itself out. */
function linesOf(output: string): string[] {
  const plain = output.replaceAll(/\x1b\[\?1049h.*?\x1b\[\?1049l/gs, '').replaceAll(/\x1b\[[0-9;?]*[a-zA-Z]/g, '');
  return plain.split(/\r?\n/).map((line) => line.split('\r').at(-1)!.trimEnd());
}
