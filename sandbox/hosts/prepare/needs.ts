/** What a lesson needs of a real cluster, read out of its manifests, commands and checkpoints, and of those of the lessons before it. */

import { documents } from '../../kubectl/yaml/documents.ts';
import type { LISTS } from '../../lesson/expressions.ts';
import type { LessonDocument } from '../../lesson/schema.ts';
import { nodes as cast } from '../../world/cast.ts';
import { escapedForRegExp, type Manifest, namesOf, type ObjectName, podSpecsOf } from './manifests.ts';

export interface Export {
  readonly path: string;
  /** As an entry of /etc/exports has them; empty where no lesson writes one. */
  readonly options: string;
}

export interface Needs {
  /** Names that the cluster's nodes must have. */
  readonly nodes: readonly string[];
  /** Machines on which something is typed, the cluster's nodes among them. */
  readonly machines: readonly string[];
  /** Names and addresses by which the manifests and checkpoints know the NFS server. */
  readonly servers: readonly string[];
  readonly exports: readonly Export[];
  readonly images: readonly string[];
  readonly packages: readonly { readonly host: string; readonly name: string }[];
  /** What there is only by this lesson. */
  readonly makes: readonly ObjectName[];
  /** What lessons before it have made, and it goes on with. */
  readonly expects: readonly ObjectName[];
}

/** `lessons` in their order; the lesson is one of them. */
export function needsOf(lesson: LessonDocument, lessons: readonly LessonDocument[]): Needs {
  const before = lessons.slice(0, lessons.indexOf(lesson));
  const known = before.map((one) => ({ lesson: one, objects: manifestsOf(one) }));
  const own = manifestsOf(lesson);
  const expected = expectedOf(textOf(lesson), known);
  const whole = [...own, ...expected];
  const earlier = new Set(known.flatMap(({ objects }) => objects.flatMap(namesOf)).map(keyOf));
  const text = [textOf(lesson), ...expected.map((one) => one.text)].join('\n');
  const exports = exportsOf([...before, lesson]);
  return {
    nodes: cast.map(({ name }) => name).filter((name) => verdictsOf(lesson).some((one) => one.includes(`'${name}'`))),
    machines: lesson.hosts,
    servers: unique([...whole.flatMap(({ object }) => object.spec?.nfs?.server ?? []), ...serversIn(textOf(lesson))]),
    exports: exports.filter(({ path }) => mentions(text, path)),
    images: unique([
      ...whole
        .flatMap(({ object }) => podSpecsOf(object))
        .flatMap((spec) => (spec.containers ?? []).map((one) => one.image)),
      ...[...textOf(lesson).matchAll(/--image[= ]([^\s'"\\]+)/g)].map((match) => match[1]!),
    ]),
    packages: packagesOf([...before, lesson]),
    makes: distinct([...own.flatMap(namesOf), ...checkedOf(lesson)]).filter((one) => !earlier.has(keyOf(one))),
    expects: distinct(expected.flatMap(namesOf)),
  };
}

interface Earlier {
  readonly lesson: LessonDocument;
  readonly objects: readonly Manifest[];
}

/** The earlier lessons' objects that a text names, and those that the lessons which made them went on with. */
function expectedOf(text: string, known: readonly Earlier[]): Manifest[] {
  const found: Manifest[] = [];
  for (const [i, { lesson, objects }] of known.entries()) {
    const named = objects.filter((one) => namesOf(one).some(({ name }) => mentions(text, name)));
    if (named.length > 0) found.push(...expectedOf(textOf(lesson), known.slice(0, i)), ...named);
  }
  // Of one that two lessons write, the later is what is there.
  return [...new Map(found.map((one) => [keyOf(namesOf(one)[0]!), one])).values()];
}

function manifestsOf({ manifests, steps }: LessonDocument): Manifest[] {
  const used = steps.flatMap(({ files }) => files);
  return used.flatMap((file) =>
    [...documents(manifests[file] ?? '')]
      .filter((one) => one !== null && typeof one === 'object' && !Array.isArray(one) && 'metadata' in one)
      .map((object) => ({ object: object as unknown as Manifest['object'], text: manifests[file]! })),
  );
}

/** The objects that checkpoints ask for by name. */
function checkedOf(lesson: LessonDocument): ObjectName[] {
  const asserted = lesson.steps
    .flatMap(({ checkpoints }) => checkpoints)
    .flatMap(({ assert }) => {
      const { name } = (assert?.metadata ?? {}) as { name?: string };
      return assert && name !== undefined ? [{ kind: assert.kind, name }] : [];
    });
  const kinds = new Map(Object.entries(KINDS));
  const named = conditionsOf(lesson).flatMap((text) =>
    [...text.matchAll(/\b(\w+)\.exists\((\w+), \2\.metadata\.name == '([^']+)'/g)]
      .filter(([, list]) => kinds.has(list!))
      .map(([, list, , name]) => ({ kind: kinds.get(list!)!, name: name! })),
  );
  return [...asserted, ...named];
}

/** Of the lists, those of things that somebody makes; what controllers make comes and goes with them. */
const KINDS: Partial<Record<keyof typeof LISTS, string>> = {
  pvs: 'PersistentVolume',
  pvcs: 'PersistentVolumeClaim',
  storageclasses: 'StorageClass',
  deployments: 'Deployment',
  statefulsets: 'StatefulSet',
  services: 'Service',
};

/** What decides on checkpoints; the reasons beside it look at more. */
const verdictsOf = ({ steps }: LessonDocument): string[] =>
  steps.flatMap(({ checkpoints }) => checkpoints.flatMap(({ expr }) => expr ?? []));

const conditionsOf = ({ steps }: LessonDocument): string[] =>
  steps.flatMap(({ checkpoints, solution }) => [
    ...checkpoints.flatMap(({ expr, reasons }) => [...(expr ? [expr] : []), ...reasons.map(({ when }) => when)]),
    ...solution.flatMap(({ wait }) => wait ?? []),
  ]);

const commandsOf = ({ steps }: LessonDocument): { host: string; text: string }[] =>
  steps.flatMap(({ solution }) => solution.map(({ host, run = '', keys = '' }) => ({ host, text: `${run}\n${keys}` })));

/** All in which a lesson may name something: commands, checkpoints, manifests. */
const textOf = (lesson: LessonDocument): string =>
  [
    ...commandsOf(lesson).map(({ text }) => text),
    ...conditionsOf(lesson),
    ...lesson.steps.flatMap(({ checkpoints }) => checkpoints.map(({ assert }) => JSON.stringify(assert ?? ''))),
    ...lesson.steps.flatMap(({ files }) => files.map((file) => lesson.manifests[file] ?? '')),
  ].join('\n');

/** The directories that volumes lie in, and those that the commands write into /etc/exports. */
function exportsOf(lessons: readonly LessonDocument[]): Export[] {
  const found = new Map<string, string>();
  for (const lesson of lessons) {
    for (const { object } of manifestsOf(lesson)) {
      const path = object.spec?.nfs?.path;
      if (path !== undefined) found.set(path, found.get(path) ?? '');
    }
    for (const { text } of commandsOf(lesson))
      for (const [, path, options] of text.matchAll(/(\/[\w./-]+)\s+[^\s()]+\(([\w,=]+)\)/g))
        found.set(path!, options!);
  }
  return [...found].map(([path, options]) => ({ path, options }));
}

const serversIn = (text: string): string[] => [
  ...[...text.matchAll(/showmount -e (\S+)/g)].map((match) => match[1]!),
  ...[...text.matchAll(/([\w.-]+):\/[\w/]+ \/\w+/g)].map((match) => match[1]!),
];

/** What the commands install; the machines keep what lessons before have put on them. */
const packagesOf = (lessons: readonly LessonDocument[]) =>
  distinct(
    lessons.flatMap(commandsOf).flatMap(({ host, text }) =>
      [...text.matchAll(/apt(?:-get)? install ((?:-\S+ )*)([^;&|\n]+)/g)].flatMap(([, , names]) =>
        names!
          .trim()
          .split(/\s+/)
          .map((name) => ({ kind: host, name })),
      ),
    ),
  ).map(({ kind: host, name }) => ({ host, name }));

/** As a word of its own, or for a path also as the beginning of one. */
const mentions = (text: string, name: string): boolean =>
  new RegExp(`(?<![\\w-])${escapedForRegExp(name)}(?![\\w-])`).test(text);

const keyOf = ({ kind, name }: ObjectName): string => `${kind} ${name}`;

const unique = (names: readonly (string | undefined)[]): string[] =>
  [...new Set(names)].filter((name) => name !== undefined);

const distinct = (names: readonly ObjectName[]): ObjectName[] => [
  ...new Map(names.map((one) => [keyOf(one), one])).values(),
];
