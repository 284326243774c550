import { expect, test } from 'vitest';
import { commandOf, hostSaid } from './block-text.ts';

test('a block says in its first line where it is run', () => {
  expect(hostSaid('# run on master01\nkubectl get pv\n')).toBe('master01');
  expect(hostSaid('#run on NFS\nls')).toBe('nfs');
  expect(hostSaid('kubectl get pv\n# run on master01\n')).toBeUndefined();
  expect(hostSaid('# run on master01')).toBeUndefined();
  expect(hostSaid('# run on master01 as root\nls')).toBeUndefined();
});

test('what is typed is the block without that line', () => {
  expect(commandOf('# run on master01\nkubectl get pv\nkubectl get pvc\n\n')).toBe('kubectl get pv\nkubectl get pvc');
  expect(commandOf('\n# a comment\nls\n')).toBe('# a comment\nls');
});

test('of a transcript the commands', () => {
  expect(commandOf('$ kubectl get pv\nNAME   CAPACITY\npv0001 1Gi\n$ kubectl get pvc\nNo resources found\n')).toBe(
    'kubectl get pv\nkubectl get pvc',
  );
});

test('a command goes on in the next line, and a document that is typed in', () => {
  expect(commandOf('$ kubectl get pv \\\n    -o wide\nNAME\n$ ls')).toBe('kubectl get pv \\\n    -o wide\nls');
  expect(commandOf('$ kubectl get pv \\\n> -o wide\nNAME')).toBe('kubectl get pv \\\n-o wide');
  expect(commandOf('$ cat > a <<E\n> one\n> two\n> E\n$ cat a\none\ntwo')).toBe('cat > a <<E\none\ntwo\nE\ncat a');
});

test('a `$` within a line is the shell’s', () => {
  expect(commandOf('echo $HOME\nfor i in 1; do echo $ i; done')).toBe('echo $HOME\nfor i in 1; do echo $ i; done');
});
