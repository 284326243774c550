/** What may import what: the rules of scripts/walls/rooms.ts as dependency-cruiser has them, and no circles by value. */

import { ROOMS, TEST_CODE } from './scripts/walls/rooms.ts';

const ANY_ROOM = `^(${ROOMS.map(({ folder }) => folder).join('|')}|sandbox/[^/]+)/`;

const open = (door) => (typeof door === 'string' ? door : door.files || door.types ? undefined : door.room);

/** Where a room may go at all, and, of those it may take types from only, what else it may take. */
const walls = ROOMS.filter(({ mayImport }) => mayImport !== 'all').flatMap(({ folder, mayImport }) => {
  const from = { path: `^${folder}/`, pathNot: TEST_CODE };
  const partly = mayImport.filter((door) => !open(door));
  const inside = ({ room, files = [] }) => files.map((file) => `^${room}/${file.replaceAll('.', '\\.')}`);
  const reachable = [
    `^${folder}/`,
    ...mayImport
      .map(open)
      .filter(Boolean)
      .map((room) => `^${room}/`),
    ...partly.flatMap((door) => (door.types ? [`^${door.room}/`] : inside(door))),
  ];
  return [
    {
      name: `${folder}: no door`,
      comment: `what ${folder} may import says scripts/walls/rooms.ts`,
      severity: 'error',
      from,
      to: { path: ANY_ROOM, pathNot: reachable },
    },
    ...partly
      .filter((door) => door.types)
      .map((door) => ({
        name: `${folder}: only types of ${door.room}`,
        comment: 'a value comes only from the files that scripts/walls/rooms.ts names',
        severity: 'error',
        from,
        to: { path: `^${door.room}/`, pathNot: inside(door), dependencyTypesNot: ['type-only'] },
      })),
  ];
});

/**
 * Circles that are the thing itself. Expansions hold words and words hold expansions; commands hold commands.
 * The namespace's own deletion calls the general one and is called by it.
 */
const CIRCLES = [
  '^sandbox/machines/shell/expand/(word|parameter|command|arithmetic-text|transform)\\.ts$',
  '^sandbox/machines/shell/(prompt|interpreter|pipeline|command)\\.ts$',
  '^sandbox/api/registry/(delete|namespaces)\\.ts$',
];

export default {
  forbidden: [
    ...walls,
    {
      name: 'no circle by value',
      comment: 'types may go in circles; what runs may not: what a module sees would depend on who was loaded first',
      severity: 'error',
      from: { pathNot: CIRCLES },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only', 'dynamic-import'] } },
    },
    {
      name: 'no Node outside the hosts',
      comment: 'the sandbox runs the same in a worker, in a WebContainer and in Node',
      severity: 'error',
      from: { path: '^sandbox/', pathNot: ['^sandbox/hosts/', TEST_CODE] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no test code in what runs',
      severity: 'error',
      from: { path: '^(sandbox|src)/', pathNot: TEST_CODE },
      to: { path: TEST_CODE },
    },
    {
      name: 'nothing that is not there',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(virtual:|astro:|vite/client$)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'testdata' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'svelte', 'types', 'default'],
      mainFields: ['module', 'main'],
    },
  },
};
