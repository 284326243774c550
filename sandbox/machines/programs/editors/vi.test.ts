/** vi, key by key, against what real vim left in the file (testdata/record.mjs). */

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { drive, testMachine } from '../../shell/testing.ts';

const [first, ...lines] = readFileSync(new URL('./testdata/vim.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n');
const { start } = JSON.parse(first!) as { start: string };
const records = lines.map((line) => JSON.parse(line) as { keys: string; text: string });

test('leaves the files that vim leaves', async () => {
  const machine = testMachine();
  const terminal = machine.login({ columns: 80, rows: 24 });
  let screen = '';
  terminal.onOutput((data) => {
    screen += data;
  });
  const settle = (ms: number) => {
    const until = machine.clock.now + ms;
    return drive(machine.clock, () => !machine.clock.held && (machine.clock.next ?? Number.POSITIVE_INFINITY) > until);
  };
  await settle(100);
  const differences: object[] = [];
  for (const { keys, text } of records) {
    const quoted = start.replace(/'/g, "'\\''");
    terminal.input(`cat > file <<'END'\r${quoted.replace(/\n/g, '\r')}END\rvi file\r`);
    await settle(500);
    screen = '';
    terminal.input(keys);
    await settle(200);
    terminal.input('\x1b');
    await settle(200);
    terminal.input(':wq!\r');
    await settle(300);
    terminal.input('clear; cat file; echo "-""-"\r');
    screen = '';
    await settle(300);
    const shown = screen.replace(/\r\n/g, '\n').split('\x1b[3J')[1]?.split('--\n')[0];
    if (shown !== text) differences.push({ keys, vim: text, ours: shown });
  }
  expect(differences).toEqual([]);
}, 120_000);
