import { expect, test } from 'vitest';
import { Outputs, type Screen } from './outputs.ts';

/** A screen that remembers what happened to it. */
function screen(): Screen & { readonly log: string[] } {
  const log: string[] = [];
  return { log, write: (data) => log.push(data), reset: () => log.push('RESET') };
}

function shown(...texts: string[]) {
  const outputs = new Outputs();
  const master01 = screen();
  outputs.attach('master01', master01);
  for (const text of texts) outputs.write('master01', text);
  master01.log.length = 0;
  return { outputs, master01 };
}

test('a replay of what a screen shows changes nothing, and what follows is written', () => {
  const { outputs, master01 } = shown('# ls\r\n', '# ');
  outputs.hold();
  outputs.write('master01', '# ');
  outputs.restart();
  outputs.write('master01', '# ls');
  outputs.write('master01', '\r\n# ');
  expect(master01.log).toEqual([]);
  outputs.release();
  expect(master01.log).toEqual([]);
  outputs.write('master01', 'date');
  expect(master01.log).toEqual(['date']);
});

test('what the replay has beyond the screen is added to it', () => {
  const { outputs, master01 } = shown('# l');
  outputs.hold();
  outputs.write('master01', '# ls');
  outputs.release();
  expect(master01.log).toEqual(['s']);
});

test('a replay that came to something else is shown from its beginning', () => {
  const { outputs, master01 } = shown('# ls');
  outputs.hold();
  outputs.write('master01', '# date');
  outputs.release();
  expect(master01.log).toEqual(['RESET', '# date']);
});

test('a screen that comes later is given what the replay left', () => {
  const outputs = new Outputs();
  outputs.write('nfs', '# ');
  outputs.hold();
  outputs.write('nfs', '# vi');
  outputs.release();
  const nfs = screen();
  outputs.attach('nfs', nfs);
  expect(nfs.log.join('')).toBe('# vi');
});
