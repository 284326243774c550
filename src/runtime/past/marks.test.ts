/** The strip's marks and its scale: commands read from keys, events after what caused them, idle hours in the room of a minute. */

import { expect, test } from 'vitest';
import type { LogEntry } from '../../../sandbox/channel/messages.ts';
import { marksOf } from './marks.ts';
import { Scale } from './scale.ts';

const AT = Date.UTC(2026, 10, 22, 9);
const typed = (at: number, data: string, host = 'master01'): LogEntry => ({ at: AT + at, type: 'keys', host, data });
const told = (...entries: LogEntry[]) =>
  marksOf(entries, [], AT).map(
    (mark) => `${mark.at - AT} ${'text' in mark ? `${mark.host}: ${mark.text}` : mark.type}`,
  );

test('a command is what was typed before its Enter, in each terminal by itself', () => {
  expect(
    told(
      typed(1, 'kubectl ge'),
      typed(2, 'ls -l', 'nfs'),
      typed(3, 'x\x7ft pods'),
      typed(4, '\r', 'nfs'),
      typed(5, '\r'),
    ),
  ).toEqual(['4 nfs: ls -l', '5 master01: kubectl get pods']);
});

test('an empty line is none, and Ctrl-C and Ctrl-U forget', () => {
  expect(told(typed(1, '\r'), typed(2, 'rm -rf /\x03'), typed(3, 'oops\x15ls\r'))).toEqual(['3 master01: ls']);
});

test('arrows are no text', () => {
  expect(told(typed(1, 'ls\x1b[D\x1bOA\x1b[3~\r'))).toEqual(['1 master01: ls']);
});

test('a document belongs to the command that it is typed for, at once or line by line', () => {
  const lines = "cat > pv.yaml <<'EOF'\rkind: PersistentVolume\rEOF\r";
  expect(told(typed(1, lines), typed(2, 'ls\r'))).toEqual(["1 master01: cat > pv.yaml <<'EOF'", '2 master01: ls']);
  const byLine = lines.split(/(?<=\r)/).map((line, index) => ({ ...typed(index, line), inside: index > 0 }));
  expect(told(...byLine, typed(9, 'ls\r'))).toEqual(["0 master01: cat > pv.yaml <<'EOF'", '9 master01: ls']);
});

test('what happened stands among them, and what was before the session does not', () => {
  const event = (at: number, what: string) => ({ at: AT + at, kind: 'Pod', name: 'web', what, tone: 'well' }) as const;
  const marks = marksOf(
    [typed(100, 'kubectl create -f x\r'), { at: AT + 900, type: 'solve', place: { lesson: 'claim', step: 'create' } }],
    [event(-5, 'Running'), event(100, 'Running'), event(950, 'deleted')],
    AT,
  );
  expect(marks.map((mark) => mark.type)).toEqual(['command', 'event', 'solve', 'event']);
});

test('a file that the editor saved is one of the things that were done', () => {
  const saved: LogEntry = { at: AT + 5, type: 'save', host: 'nfs', path: '/etc/exports', data: '/mnt *(rw)\n' };
  expect(marksOf([typed(1, 'ls\r'), saved], [], AT)).toMatchObject([
    { type: 'command' },
    { type: 'save', host: 'nfs', path: '/etc/exports' },
  ]);
});

const MINUTE = 60_000;

test('places rise with time, and lead back to it', () => {
  const marks = [1_000, 1_000, 2_500, 40 * MINUTE, 41 * MINUTE].map((at) => AT + at);
  const scale = new Scale(AT, AT + 120 * MINUTE, marks);
  const places = marks.map((at) => scale.place(at));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect([scale.place(AT - 1), scale.place(AT), scale.place(AT + 120 * MINUTE)]).toEqual([0, 0, 1]);
  for (const at of [...marks, AT + 20 * MINUTE, AT + 100 * MINUTE])
    expect(Math.abs(scale.time(scale.place(at)) - at)).toBeLessThanOrEqual(1);
});

test('two hours in which nothing happened leave room for the minutes in which something did', () => {
  const busy = Array.from({ length: 60 }, (_, index) => AT + index * 5_000);
  const end = busy.at(-1)! + 120 * MINUTE;
  const scale = new Scale(AT, end, busy);
  expect(scale.place(busy.at(-1)!)).toBeGreaterThan(0.7);
  expect(scale.idle).toEqual([{ from: scale.place(busy.at(-1)!), to: 1, ms: 120 * MINUTE }]);
});

test('a session that has just begun has a strip too', () => {
  const scale = new Scale(AT, AT, []);
  expect([scale.place(AT), scale.idle]).toEqual([0, []]);
});
