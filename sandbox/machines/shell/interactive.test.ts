/** The shell at a terminal: what is typed, and what stands on the screen then. */

import headless from '@xterm/headless';
import { expect, test } from 'vitest';
import type { KernelMachine } from '../kernel/machine.ts';
import { drive, testMachine } from './testing.ts';

const PROMPT = '[root@master01 ~]#';

interface Typist {
  readonly machine: KernelMachine;
  type(keys: string, ms?: number): Promise<string[]>;
  resize(columns: number, rows: number): void;
  cursor(): [row: number, column: number];
}

async function terminal(columns = 80, rows = 24): Promise<Typist> {
  const machine = testMachine();
  const screen = new headless.Terminal({ cols: columns, rows, allowProposedApi: true });
  const session = machine.login({ columns, rows });
  session.onOutput((data) => screen.write(data));
  const lines = async (ms: number) => {
    const until = machine.clock.now + ms;
    await drive(machine.clock, () => !machine.clock.held && (machine.clock.next ?? Number.POSITIVE_INFINITY) > until);
    machine.clock.advanceTo(until);
    await new Promise<void>((resolve) => screen.write('', resolve));
    const buffer = screen.buffer.active;
    const out = Array.from(
      { length: screen.rows },
      (_, i) =>
        buffer
          .getLine(buffer.baseY + i)
          ?.translateToString(true)
          .trimEnd() ?? '',
    );
    while (out.at(-1) === '') out.pop();
    return out;
  };
  await lines(50);
  return {
    machine,
    async type(keys, ms = 100) {
      session.input(keys);
      return await lines(ms);
    },
    resize(c, r) {
      screen.resize(c, r);
      session.resize({ columns: c, rows: r });
    },
    cursor: () => [screen.buffer.active.cursorY, screen.buffer.active.cursorX],
  };
}

test('a prompt, a command, an unknown command', async () => {
  const t = await terminal();
  expect(await t.type('echo hello\r')).toEqual([`${PROMPT} echo hello`, 'hello', PROMPT]);
  expect((await t.type('nosuch\r')).slice(-2)).toEqual(['-bash: nosuch: command not found', PROMPT]);
});

test("the article's here-document, typed or pasted line by line", async () => {
  const t = await terminal();
  const screen = await t.type(
    "cat <<'EOF' > /root/pv.yaml\rkind: PersistentVolume\r  name: pv0001\rEOF\rcat pv.yaml\r",
  );
  expect(screen).toEqual([
    `${PROMPT} cat <<'EOF' > /root/pv.yaml`,
    '> kind: PersistentVolume',
    '>   name: pv0001',
    '> EOF',
    `${PROMPT} cat pv.yaml`,
    'kind: PersistentVolume',
    '  name: pv0001',
    PROMPT,
  ]);
});

test('a bracketed paste waits for Enter', async () => {
  const t = await terminal();
  expect(await t.type('\x1b[200~echo a\necho b\x1b[201~')).toEqual([`${PROMPT} echo a`, 'echo b']);
  expect((await t.type('\r')).slice(2)).toEqual(['a', 'b', PROMPT]);
});

test('editing keys, history and search', async () => {
  const t = await terminal();
  await t.type('echo one two\r');
  expect((await t.type('\x1b[A\x17\x17three\x01\x1b[C\x05 x\r')).at(-2)).toBe('three x');
  expect((await t.type('\x12one\r')).at(-2)).toBe('one two');
});

test('Ctrl-C at the prompt, in a loop and in a program', async () => {
  const t = await terminal();
  expect((await t.type('abc\x03')).slice(-2)).toEqual([`${PROMPT} abc^C`, PROMPT]);
  await t.type('while true; do :; done\r', 500);
  expect((await t.type('\x03')).at(-1)).toBe(PROMPT);
  await t.type('sleep 100\r', 500);
  expect((await t.type('\x03echo $?\r')).slice(-2)).toEqual(['130', PROMPT]);
});

test('Ctrl-C that ends a program leaves the loop or list around it', async () => {
  const t = await terminal();
  await t.type('while true; do date; sleep 5; done\r', 500);
  expect((await t.type('\x03', 200)).slice(-2)).toEqual(['^C', PROMPT]);
  await t.type('sleep 5; echo after\r', 500);
  expect((await t.type('\x03', 200)).slice(-3)).toEqual([`${PROMPT} sleep 5; echo after`, '^C', PROMPT]);
});

test('jobs: &, Ctrl-Z, bg, fg', async () => {
  const t = await terminal();
  expect((await t.type('sleep 50 &\r')).at(-2)).toMatch(/^\[1\] \d+$/);
  await t.type('sleep 60\r');
  expect((await t.type('\x1a')).slice(-2)).toEqual(['[2]+  Stopped                 sleep 60', PROMPT]);
  expect((await t.type('jobs\r')).slice(-3)).toEqual([
    '[1]-  Running                 sleep 50 &',
    '[2]+  Stopped                 sleep 60',
    PROMPT,
  ]);
  expect((await t.type('bg\r')).slice(-2)).toEqual(['[2]+ sleep 60 &', PROMPT]);
  await t.type('fg %1\r');
  expect((await t.type('\x03')).slice(-2)).toEqual(['^C', PROMPT]);
  expect((await t.type('\r', 70_000)).slice(-1)).toEqual([PROMPT]);
  expect((await t.type('\r')).slice(-2)).toEqual(['[2]+  Done                    sleep 60', PROMPT]);
});

test('completion of commands, paths and variables', async () => {
  const t = await terminal();
  await t.type('mkdir -p alpha/beta alphabet; clear\r');
  expect((await t.type('ls alp\t')).at(-1)).toBe(`${PROMPT} ls alpha`);
  expect((await t.type('\t\t')).slice(-2)).toEqual(['alpha/     alphabet/', `${PROMPT} ls alpha`]);
  expect((await t.type('/b\t')).at(-1)).toBe(`${PROMPT} ls alpha/beta/`);
  expect((await t.type('\x15mkfi\t')).at(-1)).toBe(`${PROMPT} mkfifo`);
});

test('a line longer than the screen wraps, and so does wide text', async () => {
  const t = await terminal(40, 10);
  expect(await t.type('echo 1234567890123456789012345678901')).toEqual([
    `${PROMPT} echo 1234567890123456`,
    '789012345678901',
  ]);
  expect(await t.type('\x1b[D\x1b[D\x7f')).toEqual([`${PROMPT} echo 1234567890123456`, '78901234567801']);
  await t.type('\x05\x15');
  expect(await t.type('echo 永続ボリュームを作る永続ボリューム')).toEqual([
    `${PROMPT} echo 永続ボリュームを`,
    '作る永続ボリューム',
  ]);
});

test('vi writes /etc/exports as the article does', async () => {
  const t = await terminal();
  await t.type('vi /root/exports\r', 300);
  const screen = await t.type('i/mnt/pv002 *(rw,async,no_root_squash)\r/mnt/pv003 *(rw,async,no_root_squash)\x1b', 200);
  expect(screen.slice(0, 3)).toEqual([
    '/mnt/pv002 *(rw,async,no_root_squash)',
    '/mnt/pv003 *(rw,async,no_root_squash)',
    '~',
  ]);
  expect((await t.type(':wq\r', 200)).at(-1)).toBe(PROMPT);
  expect((await t.type('cat exports\r')).slice(-3)).toEqual([
    '/mnt/pv002 *(rw,async,no_root_squash)',
    '/mnt/pv003 *(rw,async,no_root_squash)',
    PROMPT,
  ]);
});

test('less pages and quits, leaving the screen as it was', async () => {
  const t = await terminal();
  await t.type('seq 100 | less\r', 200);
  expect((await t.type('G', 200)).at(-2)).toBe('100');
  expect(await t.type('q', 200)).toEqual([`${PROMPT} seq 100 | less`, PROMPT]);
});
