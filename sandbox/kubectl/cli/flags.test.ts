/** A flag's type stands beside its name, in its command's table. */

import { expect, test } from 'vitest';
import { FlagTable, parseFlags } from './flags.ts';

test('an array takes each value whole, a slice splits it at commas', () => {
  const flags = parseFlags(new FlagTable('-w,whole=[]:stringArray split=[]'), [
    '-w',
    'a,b',
    '--whole=c',
    '--split=a,b',
  ]);
  expect(flags.list('whole')).toEqual(['a,b', 'c']);
  expect(flags.list('split')).toEqual(['a', 'b']);
});

test('one name may be an array in one command and text in another (kubectl wait --for, kubectl events --for)', () => {
  expect(parseFlags(new FlagTable('for=[]:stringArray'), ['--for=a', '--for=b']).list('for')).toEqual(['a', 'b']);
  expect(parseFlags(new FlagTable("for=''"), ['--for=pod/a']).string('for')).toBe('pod/a');
});
