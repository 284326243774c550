/** What is found of the real course, in both languages, and of the API. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lessonsFromDisk } from '../../sandbox/hosts/lessons-from-disk.ts';
import { LANGUAGES, type Language } from '../../sandbox/words/index.ts';
import { servedKinds } from '../build/kinds.ts';
import { passagesOf } from '../build/search-passages.ts';
import { Finder } from './finder.ts';
import { termsOf } from './terms.ts';

const content = join(import.meta.dirname, '../../content');
const lessons = lessonsFromDisk();
const kinds = servedKinds();

function bodyOf(lesson: string, language: Language): string {
  const folder = readdirSync(content).find((name) => name.endsWith(`-${lesson}`))!;
  return readFileSync(join(content, folder, `${language}.mdx`), 'utf8').replace(/^---\n[\s\S]*?\n---\n/, '');
}

const passages = (language: Language) => lessons.flatMap((one) => passagesOf(one, language, bodyOf(one.id, language)));
const finders = { en: new Finder(passages('en'), kinds), ja: new Finder(passages('ja'), kinds) };
const places = (language: Language, asked: string) =>
  finders[language].find(asked).lessons.flatMap(({ lesson, steps }) => steps.map(({ step }) => `${lesson}/${step}`));
const kindsFor = (asked: string) => finders.en.find(asked).kinds.map(({ kind }) => kind.kind);

describe('passages', () => {
  test('every step of every lesson is one, in each language, without markup', () => {
    for (const language of LANGUAGES) {
      const all = passages(language);
      for (const { id, steps } of lessons)
        expect(all.filter(({ lesson }) => lesson === id).map(({ step }) => step)).toEqual([
          '',
          ...steps.map((step) => step.id),
        ]);
      for (const { text } of all) {
        expect(text).not.toMatch(/<\/?[A-Z]|```|\]\(|\*\*/);
        expect(text.trim()).not.toBe('');
      }
    }
  });

  test('what a manifest says and what is typed is part of its step', () => {
    const create = passages('en').find(({ lesson, step }) => lesson === 'statefulset' && step === 'create')!;
    expect(create.text).toContain('serviceName: nginx-service');
    expect(create.text).toContain('kubectl create -f');
  });
});

describe('found in the lessons', () => {
  test('by words, in any order, the title first', () => {
    expect(places('en', 'export directory')[0]).toBe('the-lab/export');
    expect(places('en', 'no_root_squash')).toContain('the-lab/export');
    expect(places('en', 'volumeClaimTemplates')[0]).toBe('statefulset/create');
  });

  test('while the word is still being typed, in capitals, with a slip of the hand', () => {
    expect(places('en', 'Multi-Att')).toContain('two-replicas/access-modes');
    expect(places('en', 'SHOWMOUNT')).toContain('the-lab/verify');
    expect(places('en', 'statfulset')).toContain('statefulset/create');
  });

  test('a Japanese word within a sentence', () => {
    expect(bodyOf('two-replicas', 'ja')).toMatch(/[^\s]アタッチ[^\s]/);
    expect(places('ja', 'アタッチ')).toContain('two-replicas/access-modes');
    expect(places('ja', '自己修復')[0]).toMatch(/^(self-healing|identity)\//);
    expect(places('ja', '強制削除')).toContain('identity/compare');
    expect(places('ja', 'ＰＶＣ')).not.toEqual([]);
  });

  test('what nobody wrote is not found', () => {
    expect(places('en', 'zeppelin')).toEqual([]);
    expect(places('ja', '飛行船')).toEqual([]);
    expect(places('en', '  ')).toEqual([]);
  });

  test('the excerpt shows it, marked', () => {
    const [found] = finders.ja.find('強制削除').lessons;
    const marks = found!.steps[0]!.excerpt.filter(({ marked }) => marked).map(({ text }) => text);
    expect(marks).toContain('強制削除');
  });
});

describe('found in the API', () => {
  test('a kind by its name, by its short name, and where the course speaks of it', () => {
    expect(kindsFor('PersistentVolumeClaim')[0]).toBe('PersistentVolumeClaim');
    expect(kindsFor('pvc')[0]).toBe('PersistentVolumeClaim');
    expect(places('en', 'PersistentVolumeClaim')).not.toEqual([]);
  });

  test('a field by its name and by what it is for, with what the API says', () => {
    expect(kindsFor('persistentVolumeReclaimPolicy')).toEqual(['PersistentVolume']);
    const [found] = finders.en.find('persistentVolumeReclaimPolicy').kinds;
    expect(found!.excerpt.map(({ text }) => text).join('')).toContain('spec.persistentVolumeReclaimPolicy: ');
    expect(kindsFor('allowVolumeExpansion')).toEqual(['StorageClass']);
  });

  test('every kind served has its fields described', () => {
    const claim = kinds.find(({ kind }) => kind === 'PersistentVolumeClaim')!;
    expect(claim.fields).toContainEqual([
      'spec.volumeName',
      'string',
      'volumeName is the binding reference to the PersistentVolume backing this claim.',
    ]);
    expect(claim.fields.find(([path]) => path === 'spec.accessModes')?.[1]).toBe('[]string');
    expect(kinds.length).toBeGreaterThan(50);
  });
});

test('words in their parts, Japanese in pairs', () => {
  expect(termsOf('PersistentVolumeClaim')).toEqual(['persistentvolumeclaim', 'persistent', 'volume', 'claim']);
  expect(termsOf('pv-1')).toEqual(['pv-1', 'pv', '1']);
  expect(termsOf('払い出しは')).toEqual(['払い', 'い出', '出し', 'しは']);
});
