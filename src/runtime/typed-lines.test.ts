import { expect, test } from 'vitest';
import type { Input } from '../../sandbox/channel/messages.ts';
import { keysOf } from './command-block.ts';
import { linesByHost, wasTyped } from './typed-lines.ts';

const keys = (host: string, data: string): Input => ({ type: 'keys', host, data });
const ran = (block: string, host: string, ...entries: Input[]) => wasTyped(block, linesByHost(entries).get(host));

test('a block that the page typed, of one line or many', () => {
  expect(ran('kubectl get pv', 'master01', keys('master01', keysOf('kubectl get pv')))).toBe(true);
  const heredoc = "cat <<'EOF' > pv.yaml\nkind: PersistentVolume\n\nEOF";
  expect(ran(heredoc, 'master01', keys('master01', keysOf(heredoc)))).toBe(true);
  expect(ran(heredoc, 'master01', keys('master01', keysOf(heredoc.replace('kind', 'kinds'))))).toBe(false);
});

test('a line typed by hand, key by key, with a slip', () => {
  const typed = [...'kubectl  gtt\x7f\x7fet pv\r'].map((key) => keys('master01', key));
  expect(ran('kubectl get pv', 'master01', ...typed)).toBe(true);
  expect(ran('kubectl get pvc', 'master01', ...typed)).toBe(false);
  expect(ran('kubectl get pv', 'nfs', ...typed)).toBe(false);
});

test('what stood half typed is no part of it, and half a line is none', () => {
  expect(ran('date', 'nfs', keys('nfs', 'ls'), keys('nfs', keysOf('date')))).toBe(true);
  expect(ran('date', 'nfs', keys('nfs', 'sleep 9\x03'), keys('nfs', 'date\r'))).toBe(true);
  expect(ran('date', 'nfs', keys('nfs', 'date'))).toBe(false);
});

test('a line that completion or history made is not guessed at', () => {
  expect(ran('date', 'nfs', keys('nfs', 'da\t\r'))).toBe(false);
  expect(ran('date', 'nfs', keys('nfs', '\x1b[A\r'), keys('nfs', 'date\r'))).toBe(true);
});

test('terminals of one host count together, and do not mix their lines', () => {
  const typed = [keys('nfs', 'da'), keys('nfs:2', 'ls\r'), keys('nfs', 'te\r')];
  expect(ran('date', 'nfs', ...typed)).toBe(true);
  expect(ran('ls', 'nfs', ...typed)).toBe(true);
});
