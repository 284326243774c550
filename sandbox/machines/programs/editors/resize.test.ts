/** Full-screen programs draw themselves again when their terminal gets another size (SIGWINCH), as vim and less do. */

import { Terminal } from '@xterm/headless';
import { expect, test } from 'vitest';
import { drive, testMachine } from '../../shell/testing.ts';

/** A screen of 40 columns on which the keys are typed; what it shows after each size. */
async function shown(keys: readonly string[], sizes: readonly number[]): Promise<string[][]> {
  const machine = testMachine();
  const screen = new Terminal({ cols: 40, rows: 24, allowProposedApi: true });
  const terminal = machine.login({ columns: 40, rows: 24 });
  let output = Promise.resolve();
  terminal.onOutput((data) => {
    output = output.then(() => new Promise((resolve) => screen.write(data, resolve)));
  });
  const settle = async () => {
    const until = machine.clock.now + 500;
    await drive(machine.clock, () => !machine.clock.held && (machine.clock.next ?? Number.POSITIVE_INFINITY) > until);
    await output;
  };
  await settle();
  for (const typed of keys) {
    terminal.input(typed);
    await settle();
  }
  const states: string[][] = [];
  for (const rows of sizes) {
    screen.resize(40, rows);
    terminal.resize({ columns: 40, rows });
    await settle();
    const buffer = screen.buffer.active;
    states.push(
      Array.from({ length: rows }, (_, row) => buffer.getLine(buffer.baseY + row)?.translateToString(true) ?? ''),
    );
  }
  return states;
}

const tildes = (count: number) => Array.from({ length: count }, () => '~');

test('vi keeps what it says on the last row, and its cursor', async () => {
  const [small, large] = await shown(['echo one > file\r', 'vi file\r'], [6, 10]);
  expect(small).toEqual(['one', ...tildes(4), '"file" 1L, 4B         1,1           All']);
  expect(large).toEqual(['one', ...tildes(8), '"file" 1L, 4B         1,1           All']);
});

test('vi in the middle of an insertion, and of an ex command', async () => {
  expect(await shown(['vi file\r', 'ihalf'], [5])).toEqual([
    ['half', ...tildes(3), '-- INSERT --          1,5           All'],
  ]);
  expect(await shown(['vi file\r', ':set nu'], [5])).toEqual([['', ...tildes(3), ':set nu']]);
});

test('a size is no part of a command: d, another size, d', async () => {
  const machine = testMachine();
  const terminal = machine.login({ columns: 40, rows: 24 });
  const settle = () =>
    drive(machine.clock, () => !machine.clock.held && (machine.clock.next ?? 1e12) > machine.clock.now + 100);
  terminal.input('printf "1\\n2\\n" > file; vi file\r');
  await settle();
  terminal.input('d');
  await settle();
  terminal.resize({ columns: 30, rows: 9 });
  await settle();
  terminal.input('d:wq\r');
  await settle();
  let screen = '';
  terminal.onOutput((data) => {
    screen += data;
  });
  terminal.input('clear; cat file\r');
  await settle();
  expect(screen.split('\x1b[3J')[1]).toMatch(/^2\r\n/);
});

test('less shows as many lines as there are now, and what is being searched', async () => {
  const [small, large] = await shown(['seq 30 > file; less file\r', '/ab'], [4, 6]);
  expect(small).toEqual(['1', '2', '3', '/ab']);
  expect(large).toEqual(['1', '2', '3', '4', '5', '/ab']);
});
