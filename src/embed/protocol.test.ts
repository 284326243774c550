import { describe, expect, test } from 'vitest';
import { readFromLab, readToLab, refusal } from './protocol.ts';

test('what is somebody else’s is passed over in silence', () => {
  for (const data of [undefined, null, 'bound', 7, [], {}, { type: 'run' }, { source: 'react-devtools' }]) {
    expect(readToLab(data)).toBeUndefined();
    expect(readFromLab(data)).toBeUndefined();
  }
});

describe('to the lab', () => {
  for (const message of [
    { type: 'hello' },
    { type: 'theme', theme: 'dark' },
    { type: 'run', id: 1, host: 'master01', command: 'kubectl get pv' },
  ] as const)
    test(`${message.type} is read, without what does not belong to it`, () =>
      expect(readToLab({ bound: 1, more: 'x', ...message })).toEqual({ message }));

  for (const [data, says] of [
    [{ bound: 2, type: 'hello' }, 'version 2 of the protocol is not known here, 1 is'],
    [{ bound: '1', type: 'hello' }, undefined],
    [{ bound: 1 }, 'type "undefined" is not known'],
    [{ bound: 1, type: 'eval', code: '1' }, 'type "eval" is not known'],
    [{ bound: 1, type: '__proto__' }, 'type "__proto__" is not known'],
    [{ bound: 1, type: 'theme', theme: 'blue' }, 'theme: auto, light or dark'],
    [{ bound: 1, type: 'run', host: 'master01', command: 'ls' }, 'run: id is a string or a number'],
    [{ bound: 1, type: 'run', id: Number.NaN, host: 'master01', command: 'ls' }, 'run: id is a string or a number'],
    [{ bound: 1, type: 'run', id: 'x'.repeat(201), host: 'a', command: 'b' }, 'run: id is a string or a number'],
    [{ bound: 1, type: 'run', id: 1, host: 'master01' }, 'run: host and command are strings'],
    [{ bound: 1, type: 'run', id: 1, host: ['master01'], command: 'ls' }, 'run: host and command are strings'],
  ] as const)
    test(`refused in words: ${JSON.stringify(data).slice(0, 70)}`, () =>
      expect(readToLab(data)).toEqual(
        says ? { malformed: says } : { malformed: expect.stringContaining('version 1') },
      ));
});

test('commands are lines as one types them', () => {
  expect(refusal('kubectl get pv\nkubectl get pvc\n')).toBeUndefined();
  expect(refusal('cat <<E\n\tindented\n日本語\nE')).toBeUndefined();
  expect(refusal(' \n')).toBe('the command is empty');
  expect(refusal('x'.repeat(20_001))).toBe('the command has more than 20000 characters');
  for (const keys of ['\x03', 'ls\r', '\x1b[A', 'a\x04', '\x9b2J', 'a\x7f'])
    expect(refusal(keys), JSON.stringify(keys)).toBe('the command has control characters in it');
});

test('from the lab', () => {
  expect(readFromLab({ bound: 1, type: 'here' })).toEqual({ message: { bound: 1, type: 'here' } });
  expect(readFromLab({ bound: 1, type: 'height', height: 500 })).toMatchObject({ message: { height: 500 } });
  for (const data of [
    { type: 'height', height: '500' },
    { type: 'ready' },
    { type: 'progress', steps: {} },
    { type: 'x' },
  ])
    expect(readFromLab({ bound: 1, ...data })).toEqual({
      malformed: `type "${data.type}" is not known, or lacks something`,
    });
});
