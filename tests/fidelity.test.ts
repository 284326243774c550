/** FIDELITY.md says what the tables say. */

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { filled } from '../scripts/fidelity/sections.ts';

const document = readFileSync(new URL('../FIDELITY.md', import.meta.url), 'utf8');

test('npm run fidelity would write what stands there', async () => {
  expect(await filled(document)).toBe(document);
});

test('a section that has gone stale is written anew, and only it', async () => {
  const stale = document.replace('`persistentvolumeclaims` PersistentVolumeClaim', '`persistentvolumeclaims` Claim');
  expect(stale).not.toBe(document);
  expect(await filled(stale)).toBe(document);
});

test('a section that is asked for and not written, or written and not asked for, is an error', async () => {
  await expect(filled(document.replace('generated: images', 'generated: pictures'))).rejects.toThrow('pictures');
  await expect(filled('')).rejects.toThrow('resources');
});
