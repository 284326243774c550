/** The walls between the rooms that dependency-cruiser does not see: globals, clocks, Astro's files, and the table of ARCHITECTURE.md. */

import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOMS, type Room, TEST_CODE, withRooms } from '../../scripts/walls/rooms.ts';
import { clocksOf, globalsOf, importsOf, type Source, sourceOf, sources } from './source.ts';

const root = new URL('../../', import.meta.url);
const document = readFileSync(new URL('ARCHITECTURE.md', root), 'utf8');

/** Pure, and the same in a browser, a worker and Node. */
const EVERYWHERE = new Set(['TextDecoder', 'TextEncoder', 'URL', 'URLSearchParams', 'structuredClone']);

const roomOf = (path: string): Room | undefined => ROOMS.find(({ folder }) => path.startsWith(`${folder}/`));
const all = sources('sandbox', 'src', 'content');
const apart = all.filter(({ path }) => !roomOf(path)?.onHost && !new RegExp(TEST_CODE).test(path));

const globals = (source: Source) => [...globalsOf(source)].filter((name) => !EVERYWHERE.has(name));

describe('rooms', () => {
  test('ARCHITECTURE.md has the table that npm run rooms writes', () => {
    expect(withRooms(document)).toBe(document);
  });

  test('every folder of the sandbox is a room, and every room a folder', () => {
    const folders = readdirSync(new URL('sandbox/', root), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    const rooms = ROOMS.map(({ folder }) => folder).filter((folder) => folder.startsWith('sandbox/'));
    expect(folders.map(({ name }) => `sandbox/${name}`).sort()).toEqual(rooms.sort());
  });

  test('Astro’s and MDX’s files import what their room may', () => {
    const beyond = all
      .filter(({ path }) => /\.(astro|mdx)$/.test(path))
      .flatMap((source) =>
        importsOf(source)
          .filter((to) => !mayImport(source.path, to))
          .map((to) => `${source.path} → ${to}`),
      );
    expect(beyond).toEqual([]);
  });
});

/** As `.dependency-cruiser.mjs` has it for what it reads; Astro's own files take values only. */
function mayImport(path: string, specifier: string): boolean {
  if (!specifier.startsWith('.')) return true;
  const target = posix.join(posix.dirname(path), specifier);
  const room = roomOf(path)!;
  if (room.mayImport === 'all' || target.startsWith(`${room.folder}/`)) return true;
  return room.mayImport.some((door) =>
    typeof door === 'string'
      ? target.startsWith(`${door}/`)
      : door.files?.some((file) => target.startsWith(`${door.room}/${file}`)),
  );
}

test('a session on a world is opened in one place, for the site, lab and the package alike', () => {
  const openers = sources('sandbox', 'src', 'scripts', 'tests', 'content')
    .filter(({ path, text }) => /\bSession\.(open|restore)\(/.test(text) && !path.startsWith('sandbox/session/'))
    .map(({ path }) => path);
  expect(openers).toEqual(['sandbox/hosts/opening.ts']);
});

test('languages are listed in sandbox/words alone: another one is its .mdx files and its words', () => {
  const lists = sources('sandbox', 'src', 'scripts', 'content', 'tests')
    .filter(
      ({ path, text }) => !path.startsWith('sandbox/words/') && /(['"])(en|ja)\1\s*[|,]\s*(['"])(ja|en)\3/.test(text),
    )
    .map(({ path }) => path);
  expect(lists).toEqual([]);
});

describe('outside the hosts', () => {
  test('no global but the language’s and what every host has', () => {
    const used = apart.flatMap((source) => globals(source).map((name) => `${source.path}: ${name}`));
    expect(used).toEqual([]);
  });

  test('no clock and no chance of the host', () => {
    expect(apart.flatMap((source) => clocksOf(source).map((text) => `${source.path}: ${text}`))).toEqual([]);
  });

  test.each([
    ['process.exit(1)', ['process']],
    ['const later = () => setTimeout(run, 3); function run() {}', ['setTimeout']],
    [
      'performance.now(); globalThis.fetch; self.postMessage({ crypto })',
      ['crypto', 'globalThis', 'performance', 'self'],
    ],
    ['class Store extends EventTarget implements Iterable<Process> {}', ['EventTarget']],
    ['const { process } = options; const x: NodeJS.Timeout = process.setTimeout', ['options']],
    ['export const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes)', []],
  ])('%s', (text, found) => {
    expect(globals(sourceOf('x.ts', text)).sort()).toEqual(found);
  });

  test.each([
    ['Date.now() + Math.random()', ['Date.now', 'Math.random']],
    ['new Date().toISOString(); new Date(0)', ['new Date()']],
    ['new Date(now).getHours(); new Date(now).getUTCHours()', ['getHours']],
  ])('%s', (text, found) => {
    expect(clocksOf(sourceOf('x.ts', text)).sort()).toEqual(found);
  });
});
