/** Archives read back, in both formats; and Go's as GNU tar lists them. */

import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { archiveEnd, archiveOf, type Member, memberBlocks, members, NOBODY } from './tar.ts';

const file = (name: string): Member => ({ ...NOBODY, name, type: 'file', data: new TextEncoder().encode(name) });
const deep = `${'folder/'.repeat(20)}file`;
const NAMES = [
  'a',
  'x'.repeat(100),
  deep,
  'y'.repeat(150),
  `${'z'.repeat(120)}/${'é'.repeat(60)}`,
  `${'w/'.repeat(120)}end`,
];

test.each(NAMES)('%s', (name) => {
  const gnu = memberBlocks(file(name));
  const archives = [archiveOf([file(name)]), new Uint8Array([...gnu, ...archiveEnd(gnu.length)])];
  for (const archive of archives) {
    expect([...members(archive)].map((member) => member?.name)).toEqual([name]);
    expect(execFileSync('tar', ['--quoting-style=literal', '-tf', '-'], { input: archive }).toString()).toBe(
      `${name}\n`,
    );
  }
});
