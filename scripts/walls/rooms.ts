/**
 * The rooms of the house and what each may import. From this table come the rules of dependency-cruiser (`.dependency-cruiser.mjs`),
 * the tests of `tests/walls`, and the table of ARCHITECTURE.md (`npm run rooms` writes it).
 */

export interface Room {
  /** The folder, from the root, without a slash at its end. */
  readonly folder: string;
  readonly holds: string;
  /** The rooms it may import, or `all` of them. Tests beside the code may import what they like. */
  readonly mayImport: 'all' | readonly (string | Door)[];
  /** What the table says besides. */
  readonly note?: string;
  /** May use Node's and the browser's globals and modules (`node:…`), real time and real chance. */
  readonly onHost?: true;
}

/** A way into a room that is not open whole. */
export interface Door {
  readonly room: string;
  /** Only these files or folders of it, as they are named in it; types of all others if `types` says so. */
  readonly files?: readonly string[];
  /** Types may be imported from anywhere in it. */
  readonly types?: true;
}

export const ROOMS: readonly Room[] = [
  {
    folder: 'content',
    holds:
      'the lessons: `lesson.yaml` (steps, checkpoints, solutions), `en.mdx`, `ja.mdx` (prose and texts, a file a language), `sources.yaml` (what the prose rests on), `files/` (manifests)',
    mayImport: [],
  },
  {
    folder: 'src',
    holds:
      "the Astro site: pages, layouts, components, styles, i18n, `build/` (what the build adds), `runtime/` (the page's end of the channel), `course/` (in packages for course systems) and `offline/` (the service worker)",
    mayImport: [
      'sandbox/channel',
      'sandbox/words',
      { room: 'sandbox/lesson', files: ['schema.ts', 'vary.ts'] },
      { room: 'sandbox/api', files: ['base64.ts', 'resources/index.ts', 'schema/'], types: true },
      { room: 'sandbox/grading', files: ['class.ts', 'compare.ts', 'doubt-words.ts', 'unpack.ts'], types: true },
    ],
    note: "a host only as a worker's URL",
    onHost: true,
  },
  {
    folder: 'sandbox/sim',
    holds:
      'the clock, tasks, channels, seeded chance, durations, the drivers that move the clock; tar, which machines and clients both speak',
    mayImport: [],
  },
  {
    folder: 'sandbox/api',
    holds:
      'API machinery: resources, store, watch, validation, patches, selectors, quantities, Tables, discovery, OpenAPI, the request handler',
    mayImport: ['sandbox/sim'],
  },
  {
    folder: 'sandbox/controllers',
    holds: 'one file or folder a controller, and the scheduler',
    mayImport: ['sandbox/sim', 'sandbox/api'],
  },
  {
    folder: 'sandbox/machines',
    holds: 'filesystems, mounts, processes, ttys, network, NFS, systemd units, the shell, programs',
    mayImport: ['sandbox/sim'],
  },
  {
    folder: 'sandbox/images',
    holds:
      'the catalogue of container images: declarations (names, tags, tree, entrypoint, programs), the servers that run in them',
    mayImport: ['sandbox/sim', 'sandbox/machines'],
  },
  {
    folder: 'sandbox/kubelet',
    holds:
      "kubelet, container runtime, pulls, volumes, the services' network, crictl and docker: where the API meets a machine",
    mayImport: ['sandbox/sim', 'sandbox/api', 'sandbox/machines', 'sandbox/images'],
  },
  {
    folder: 'sandbox/kubectl',
    holds: 'a client of the Kubernetes HTTP API: one file a command, printers, describers',
    mayImport: [
      'sandbox/sim',
      {
        room: 'sandbox/api',
        files: [
          'age.ts',
          'base64.ts',
          'equality.ts',
          'gofmt.ts',
          'http.ts',
          'jsonpath/*',
          'nesting.ts',
          'patch/',
          'pod-resources.ts',
          'protobuf/',
          'quantity.ts',
          'schema/',
          'selectors.ts',
        ],
        types: true,
      },
    ],
  },
  {
    folder: 'sandbox/words',
    holds: 'the languages there are, and what page and engine say in each: one file a language',
    mayImport: [],
  },
  {
    folder: 'sandbox/lesson',
    holds: 'checkpoints, progress, solutions',
    mayImport: [
      'sandbox/sim',
      'sandbox/words',
      { room: 'sandbox/api', files: ['quantity.ts', 'resources/index.ts'], types: true },
      { room: 'sandbox/channel', types: true },
      { room: 'sandbox/world', types: true },
    ],
  },
  {
    folder: 'sandbox/world',
    holds: 'the cast assembled: four machines, the cluster on them, what can be observed',
    mayImport: [
      'sandbox/sim',
      'sandbox/api',
      'sandbox/controllers',
      'sandbox/machines',
      'sandbox/images',
      'sandbox/kubelet',
      'sandbox/kubectl',
      { room: 'sandbox/lesson', files: ['pods.ts'], types: true },
      { room: 'sandbox/channel', files: ['files.ts'], types: true },
    ],
  },
  {
    folder: 'sandbox/session',
    holds: "a learner's session: its log, its replay",
    mayImport: ['sandbox/sim', 'sandbox/lesson', 'sandbox/channel', { room: 'sandbox/world', types: true }],
  },
  {
    folder: 'sandbox/grading',
    holds:
      "what learners' saved sessions amount to: each replayed and graded, held beside the others, and the class as a table",
    mayImport: [
      'sandbox/sim',
      'sandbox/words',
      'sandbox/lesson',
      'sandbox/channel',
      'sandbox/session',
      { room: 'sandbox/world', types: true },
    ],
  },
  {
    folder: 'sandbox/why',
    holds: 'why something is as it is: chains of causes, and what is waited for; loaded when it is asked',
    mayImport: [
      'sandbox/sim',
      'sandbox/api',
      'sandbox/controllers',
      'sandbox/machines',
      'sandbox/kubelet',
      'sandbox/lesson',
      { room: 'sandbox/channel', types: true },
      { room: 'sandbox/world', types: true },
    ],
  },
  {
    folder: 'sandbox/channel',
    holds: 'the typed messages between page and sandbox, and their framing',
    mayImport: ['sandbox/words', { room: 'sandbox/lesson', files: ['schema.ts'] }],
  },
  {
    folder: 'sandbox/hosts',
    holds: 'the ways to run it: `worker.ts`, `webcontainer.ts` (Node, stdio), `lab.ts` (command line)',
    mayImport: 'all',
    onHost: true,
  },
  {
    folder: 'scripts',
    holds: 'builds generated sources, measures, starts and tests the site',
    mayImport: 'all',
    onHost: true,
  },
  {
    folder: 'tests',
    holds: 'what is held against the real thing, and the site in a browser',
    mayImport: 'all',
    onHost: true,
  },
];

/** Tests beside the code, and what only they use: they may cross walls, and nothing else may import them. */
export const TEST_CODE = String.raw`\.(test|spec)\.ts$|/testing/|/testing[-a-z]*\.ts$|/test-bed\.ts$`;

const short = (room: string): string => room.replace('sandbox/', '');

function doorText(door: string | Door): string {
  if (typeof door === 'string') return `\`${short(door)}\``;
  const files = door.files?.map((file) => `\`${file.replace(/\/$/, '/*').replace(/\.ts$/, '')}\``).join(', ');
  if (files === undefined) return `\`${short(door.room)}\` (types)`;
  return `\`${short(door.room)}\` (${door.types ? 'types, and of ' : ''}${files})`;
}

function row({ folder, holds, mayImport, note }: Room): string {
  const doors = mayImport === 'all' ? ['all'] : mayImport.map(doorText);
  const says = [...(doors.length > 0 ? [doors.join(', ')] : note ? [] : ['–']), ...(note ? [note] : [])].join('; ');
  return `| \`${folder}/\` | ${holds} | ${says} |`;
}

const BEGIN = '<!-- npm run rooms writes this table from scripts/walls/rooms.ts -->';
const END = '<!-- /rooms -->';

/** ARCHITECTURE.md with the table as the rooms say. */
export function withRooms(document: string): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) throw new Error('ARCHITECTURE.md has no place for the table of rooms');
  const table = ['| folder | holds | may import |', '| --- | --- | --- |', ...ROOMS.map(row)].join('\n');
  return `${document.slice(0, begin)}${BEGIN}\n${table}\n${document.slice(end)}`;
}
