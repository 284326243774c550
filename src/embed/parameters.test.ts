import { describe, expect, test } from 'vitest';
import { lessonsFromDisk } from '../../sandbox/hosts/lessons-from-disk.ts';
import { frameWords } from '../../sandbox/words/embed/index.ts';
import { readAddress } from './parameters.ts';

const lessons = lessonsFromDisk();
const read = (query: string) =>
  readAddress(new URL(`https://lab.example/en/embed/${query}`), lessons, frameWords.en.problem);

test('lesson, step, seed, colours and name', () => {
  expect(read('?lesson=claim&step=create&seed=4294967295&theme=dark#/docs/storage 2')).toEqual({
    lesson: lessons.find(({ id }) => id === 'claim'),
    step: 'create',
    seed: 4294967295,
    theme: 'dark',
    name: '/docs/storage%202',
  });
});

test('a lesson from its beginning; what is left empty is not given', () => {
  expect(read('?lesson=claim&step=&seed=&theme=&utm_source=x')).toMatchObject({
    lesson: { id: 'claim' },
    step: undefined,
    seed: undefined,
    theme: 'auto',
    name: '',
  });
});

describe('what there is not is told, with what there is', () => {
  const ids = lessons.map(({ id }) => id).join(', ');
  for (const [query, says] of [
    ['', `The address names no lesson (?lesson=…). There are: ${ids}.`],
    ['?lesson=clam', `There is no lesson “clam”. There are: ${ids}.`],
    ['?lesson=constructor', `There is no lesson “constructor”. There are: ${ids}.`],
    ['?lesson=claim&step=bind', 'Lesson “claim” has no step “bind”. It has: define, create, describe, challenge.'],
    ['?lesson=claim&seed=-1', '“-1” is no seed: a whole number from 0 to 4294967295 is one.'],
    ['?lesson=claim&seed=4294967296', '“4294967296” is no seed: a whole number from 0 to 4294967295 is one.'],
    ['?lesson=claim&seed=1e3', '“1e3” is no seed: a whole number from 0 to 4294967295 is one.'],
    ['?lesson=claim&theme=blue', '“blue” is no theme: auto, light and dark are.'],
  ] as const)
    test(query || 'nothing', () => expect(read(query)).toEqual({ problem: says }));
});
