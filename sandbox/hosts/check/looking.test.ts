/** The script that looks at a path, run by the shells of this machine; and what an NFS server's files are read as. */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { lookAt, quoted, seenIn } from './looking.ts';
import { Exporting } from './machines.ts';

const folder = mkdtempSync(join(tmpdir(), 'bound-look-'));
afterAll(() => rmSync(folder, { recursive: true }));

const odd = 'it\'s $(touch never) "odd" `id`';
mkdirSync(join(folder, odd));
writeFileSync(join(folder, odd, '.hidden'), '');
writeFileSync(join(folder, odd, 'text'), 'two\nlines, no end');
symlinkSync('nowhere', join(folder, 'dangling'));
symlinkSync(odd, join(folder, 'link'));

const SHELLS = ['/bin/sh', '/bin/bash', '/bin/dash', '/bin/busybox'].filter(existsSync);

describe('the same in every shell', () => {
  for (const shell of SHELLS)
    test(shell, () => {
      const look = (...path: string[]) => {
        const script = lookAt(join(folder, ...path));
        const words = shell.endsWith('busybox') ? ['sh', '-c', script] : ['-c', script];
        return seenIn(execFileSync(shell, words, { encoding: 'utf8' }));
      };
      expect(look(odd)).toEqual({ type: 'directory', entries: ['.hidden', 'text'] });
      expect(look('link')).toEqual({ type: 'directory', entries: ['.hidden', 'text'] });
      expect(look(odd, 'text')).toEqual({ type: 'file', text: 'two\nlines, no end' });
      expect(look(odd, '.hidden')).toEqual({ type: 'file', text: '' });
      for (const none of [[odd, 'none'], ['none', 'at', 'all'], ['dangling'], [odd, 'text', 'below']])
        expect(look(...none), none.join('/')).toBeUndefined();
      expect(seenIn(execFileSync('/bin/sh', ['-c', lookAt('/dev/null')], { encoding: 'utf8' }))).toEqual({
        type: 'other',
      });
    });
});

test('what the shell may not see is not taken for what is not there', () => {
  expect(seenIn('hidden\n')).toBe('hidden');
  expect(seenIn('closed directory\n')).toEqual({ type: 'directory' });
  expect(seenIn('closed file\n')).toEqual({ type: 'file' });
  for (const answer of ['', 'sh: not found\n', 'directory'])
    expect(() => seenIn(answer)).toThrow(/does not answer as one/);
});

test('a word is one word, whatever is in it', () => {
  for (const word of ['', odd, "''", '$HOME\n;'])
    expect(execFileSync('/bin/sh', ['-c', `printf %s ${quoted(word)}`], { encoding: 'utf8' })).toBe(word);
});

describe('an NFS server', () => {
  const options = 'rw,async,wdelay,hide,nocrossmnt,secure,no_root_squash,no_all_squash,no_subtree_check,sec=sys';
  const server = (etab: string, more: { listed?: string; hosts?: string; serving?: boolean } = {}) =>
    new Exporting({ etab, listed: '', hosts: '', serving: true, ...more });

  test('grants by address, subnet, name and pattern, the nearest directory and the nearest client first', () => {
    const exporting = server(
      `/srv\t10.0.0.0/8(${options})\n/srv/a\t*(${options.replace('rw', 'ro')})\n/srv/a\t10.1.2.3(${options})\n/srv/b\tnode9(${options})\n/srv/c\t*.example(${options})\n`,
      { hosts: '10.1.2.4 db db.example # one\n' },
    );
    const granted = (path: string, address: string, names: string[] = []) =>
      exporting.granted(path, address, () => names);
    expect(granted('/srv/a', '10.1.2.3')).toMatchObject({
      path: '/srv/a',
      client: '10.1.2.3',
      options: expect.arrayContaining(['rw']),
    });
    expect(granted('/srv/a/deep', '10.9.9.9')).toMatchObject({
      path: '/srv/a',
      client: '*',
      options: expect.arrayContaining(['ro']),
    });
    expect(granted('/srv/b', '10.1.2.9')).toMatchObject({ path: '/srv' });
    expect(granted('/srv/b', '192.0.2.1')).toBeUndefined();
    expect(granted('/srv/b', '192.0.2.1', ['node9'])).toMatchObject({ path: '/srv/b' });
    expect(granted('/srv/c', '10.1.2.4')).toMatchObject({ path: '/srv/c' });
    expect(granted('/srvx', '10.1.2.4')).toBeUndefined();
    const group = server(`/srv\t@nodes(${options})\n/srv\t*(${options})\n/srv\t10.0.0.1(${options})\n`);
    expect(group.granted('/srv', '10.0.0.1', () => [])).toMatchObject({ client: '10.0.0.1' });
    expect(group.granted('/srv', '10.0.0.2', () => [])).toBe('netgroup');
  });

  test('what does not run grants nothing, and what is only written is not exported', () => {
    const down = server(`/srv\t*(${options})\n`, { serving: false, listed: '/srv *(rw)\n/new *(ro)\n' });
    expect([down.exports(), down.granted('/srv', '10.0.0.1', () => [])]).toEqual([[], undefined]);
    expect(down.listed().map(({ path }) => path)).toEqual(['/srv', '/new']);
  });
});
