/** From a red checkpoint to what it speaks of: its object, or what its expression names of objects, files, exports and packages. */

import type { KubeObject } from '../api/object.ts';
import type { WhySubject } from '../channel/why.ts';
import { differences } from '../lesson/match.ts';
import type { Progress } from '../lesson/progress.ts';
import type { Checkpoint, LessonDocument } from '../lesson/schema.ts';
import type { Cause } from '../sim/cause.ts';
import { directoryFindings, exportFindings, isExport, packageAct } from './exports.ts';
import { missing, objectFindings } from './objects.ts';
import { type Act, type Finding, finding, NAMESPACE, type Scene, subjectOf } from './scene.ts';

type Assertion = NonNullable<Checkpoint['assert']>;

/** The kinds behind the lists that expressions name (lesson/expressions.ts). */
const KINDS: Readonly<Record<string, string>> = {
  pods: 'Pod',
  pvs: 'PersistentVolume',
  pvcs: 'PersistentVolumeClaim',
  storageclasses: 'StorageClass',
  deployments: 'Deployment',
  replicasets: 'ReplicaSet',
  statefulsets: 'StatefulSet',
  nodes: 'Node',
  services: 'Service',
};
const WORKLOADS = ['Deployment', 'StatefulSet'];

export function checkpointFindings(
  scene: Scene,
  progress: Progress,
  { lesson, step, id }: WhySubject & { type: 'checkpoint' },
): Finding[] {
  const { checkpoint, verdict, when } = progress.judge({ lesson, step }, id);
  if (verdict.passed) return [];
  if (checkpoint.assert) return asserted(scene, checkpoint.assert, checkpoint.writtenOn, verdict.message);
  const source = checkpoint.expr ?? '';
  const sets = statefulSetsOf(progress.find({ lesson, step }).lesson);
  const found = [...ofPackages(scene, source), ...ofPaths(scene, source), ...ofObjects(scene, source, sets)];
  // What is said of it is the author's own; how it came to be is that of whatever it names.
  const told = finding('checkpoint.reason', { message: verdict.message }, undefined, [
    ...namedObjects(scene, `${source} ${when}`).map((object) => specWrite(scene, object)),
    ...pathsIn(source).map(({ host, path }) => scene.fileAct(host, path)),
  ]);
  // That a file is missing says little: its author knows more.
  const little = found.every(({ says }) => says.key === 'file.missing');
  return little ? [...found, told] : found;
}

// A partial object

function asserted(scene: Scene, wanted: Assertion, writtenOn: string | undefined, message: string): Finding[] {
  const { kind } = wanted;
  const { name = '', namespace = NAMESPACE } = (wanted.metadata ?? {}) as { name?: string; namespace?: string };
  const object = scene.object(kind, namespace, name);
  if (object) return differing(scene, wanted, object);
  if (writtenOn === undefined) return missing(scene, kind, name, namespace);
  const written = writtenAs(scene, writtenOn, kind, name);
  if (!written)
    return [
      finding(
        'manifest.missing',
        { host: writtenOn, kind, name },
        { type: 'machine', host: writtenOn },
        lastManifest(scene, writtenOn, kind),
      ),
    ];
  return [finding('checkpoint.reason', { message }, undefined, [written])];
}

function differing(scene: Scene, wanted: Assertion, object: KubeObject): Finding[] {
  const [difference] = differences(wanted, object);
  if (!difference) return [];
  const { path, wanted: should, seen } = difference;
  const { kind, metadata } = object;
  const params = { kind, name: metadata.name, path, is: show(seen), wanted: show(should) };
  const written = fieldWrite(scene, object, path);
  const first = finding('object.differs', params, subjectOf(object), [written]);
  const deeper = [...objectFindings(scene, object), ...ofWantedClaim(scene, path, should)];
  // What the learner wrote is the cause itself; what controllers fill in has one of its own.
  return FILLED_IN.test(path) ? [first, ...deeper] : [...deeper, first];
}

const FILLED_IN = /^(status|spec\.(volumeName|claimRef|nodeName))\b/;

/** A volume that should be bound to a claim: what that claim waits for. */
function ofWantedClaim(scene: Scene, path: string, wanted: unknown): Finding[] {
  if (!path.startsWith('spec.claimRef')) return [];
  const name = typeof wanted === 'string' ? wanted : (wanted as { name?: string } | undefined)?.name;
  const kind = 'PersistentVolumeClaim';
  const claim = name && path !== 'spec.claimRef.namespace' ? scene.object(kind, NAMESPACE, name) : undefined;
  if (claim) return objectFindings(scene, claim);
  return name && path !== 'spec.claimRef.namespace' ? missing(scene, kind, name, NAMESPACE) : [];
}

const show = (value: unknown): string => {
  if (value === undefined) return '–';
  const one = value !== null && typeof value === 'object' && 'anyOf' in value ? (value.anyOf as unknown[])[0] : value;
  return typeof one === 'string' ? one : JSON.stringify(one);
};

const at = (object: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], object);

/** The write that gave a field its value. */
function fieldWrite(scene: Scene, object: KubeObject, path: string): Cause | undefined {
  const value = JSON.stringify(at(object, path));
  const write = scene.api.store.history.findLast(
    (event) =>
      event.object.metadata.uid === object.metadata.uid &&
      JSON.stringify(at(event.object, path)) === value &&
      JSON.stringify(at(event.before, path)) !== value,
  )?.write;
  return write ?? creation(scene, object) ?? scene.lastWrite(object);
}

const creation = (scene: Scene, { metadata: { uid } }: KubeObject): Cause | undefined =>
  scene.api.store.history.find(({ type, object }) => type === 'ADDED' && object.metadata.uid === uid)?.write;

/** The last write of what is wanted of an object, not of how it is. */
function specWrite(scene: Scene, object: KubeObject): Cause | undefined {
  const spec = (one: KubeObject | undefined) => (one as { spec?: unknown } | undefined)?.spec;
  const write = scene.api.store.history.findLast(
    (event) => event.object.metadata.uid === object.metadata.uid && spec(event.object) !== spec(event.before),
  )?.write;
  return write ?? scene.lastWrite(object);
}

// Manifests

function writtenAs(scene: Scene, host: string, kind: string, name: string): Act | undefined {
  return manifests(scene, host, (one) => one.kind === kind && one.metadata?.name === name)[0];
}

/** Whatever of that kind was written, elsewhere too. */
function lastManifest(scene: Scene, host: string, kind: string): Act[] {
  const hosts = [host, ...[...scene.machines.keys()].filter((other) => other !== host)];
  for (const one of hosts) {
    const found = manifests(scene, one, (document) => document.kind === kind);
    if (found.length > 0) return found.slice(-1);
  }
  // Nor one that could be read: what looks like a manifest was written last.
  return files(scene, host, ({ path }) => /\.(ya?ml|json)$/.test(path)).slice(-1);
}

const manifests = (scene: Scene, host: string, fits: (document: Partial<KubeObject>) => boolean): Act[] =>
  files(scene, host, ({ objects }) => objects.some((one) => fits(one as Partial<KubeObject>)));

/** The last changes of the files that somebody made on a host, the newest last. */
function files(
  scene: Scene,
  host: string,
  fits: (file: { readonly path: string; readonly objects: readonly object[] }) => boolean,
): Act[] {
  return scene.world.observation
    .manifests(host)
    .filter(fits)
    .flatMap(({ path }) => scene.fileAct(host, path) ?? [])
    .toSorted((a, b) => a.at - b.at);
}

// An expression

const literals = (source: string): string[] => [...source.matchAll(/'([^']*)'/g)].map((match) => match[1]!);

/** What `installed('node01', 'nfs-common')` misses. */
function ofPackages(scene: Scene, source: string): Finding[] {
  return [...source.matchAll(/installed\('([^']+)', '([^']+)'\)/g)].flatMap(([, host = '', name = '']) => {
    const machine = scene.machine(host);
    if (!machine || machine.packages.has(name)) return [];
    const subject = { type: 'machine', host } as const;
    return [finding('machine.package', { host, package: name }, subject, [packageAct(machine, name)])];
  });
}

function pathsIn(source: string): { readonly host: string; readonly path: string }[] {
  const found = new Map<string, { host: string; path: string }>();
  for (const [, host = '', path = ''] of source.matchAll(/'(master01|node01|node02|nfs)', '(\/[^']*)'/g))
    found.set(`${host}:${path}`, { host, path });
  // The exports of the one file server, by the node that mounts them.
  if (source.includes('granted('))
    for (const path of literals(source)) if (path.startsWith('/')) found.set(`nfs:${path}`, { host: 'nfs', path });
  return [...found.values()].filter(({ host, path }) => host === 'nfs' || !found.has(`nfs:${path}`));
}

function ofPaths(scene: Scene, source: string): Finding[] {
  return pathsIn(source).flatMap(({ host, path }) => {
    if (source.includes('granted(')) return exportFindings(scene, host, path).map((one) => elsewhere(scene, one, path));
    if (source.includes('isDirectory(') || isExport(scene, host, path)) {
      return directoryFindings(scene, host, path).map((one) => elsewhere(scene, one, path));
    }
    return path.endsWith('/') ? [] : ofFile(scene, source, host, path);
  });
}

/** A directory that is not where it should be was perhaps made on another machine. */
function elsewhere(scene: Scene, one: Finding, path: string): Finding {
  if (one.says.key !== 'nfs.no-directory') return one;
  const other = [...scene.machines.keys()].find((host) => host !== 'nfs' && scene.inode(host, path));
  return other ? { ...one, evidence: [scene.fileAct(other, path)] } : one;
}

function ofFile(scene: Scene, source: string, host: string, path: string): Finding[] {
  const subject = { type: 'path', host, path } as const;
  const authors = scene.world.observation.authors(host, path);
  if (!authors) return [finding('file.missing', { host, path }, subject, [scene.fileAct(host, path)])];
  const wantsPod = source.includes(`creator('${host}', '${path}').pod`);
  if (!wantsPod || authors.creator.pod) return [];
  return [finding('file.author', { host: authors.creator.host ?? host, path }, subject, [scene.fileAct(host, path)])];
}

/** Objects that are named: those that are not there, and what those that are wait for. `sets`: StatefulSets by name. */
function ofObjects(scene: Scene, source: string, sets: readonly string[]): Finding[] {
  return names(withoutThePast(source)).flatMap(({ kinds, name }) => {
    const object = kinds.map((kind) => scene.object(kind, NAMESPACE, name)).find(Boolean);
    if (object) return objectFindings(scene, object);
    const kind = kinds.includes('StatefulSet') && sets.includes(name) ? 'StatefulSet' : kinds[0]!;
    const set = sets.find((one) => isOrdinalOf(one, kind, name) && !scene.object('StatefulSet', NAMESPACE, one));
    return [
      ...missing(scene, kind, name, NAMESPACE),
      ...(set === undefined ? [] : missing(scene, 'StatefulSet', set, NAMESPACE)),
    ];
  });
}

/** Whether a StatefulSet would make a Pod of that name, or its claim. */
function isOrdinalOf(set: string, kind: string, name: string): boolean {
  const before = name.replace(/-\d+$/, '');
  if (before === name) return false;
  return kind === 'Pod' ? before === set : kind === 'PersistentVolumeClaim' && before.endsWith(`-${set}`);
}

/** The StatefulSets that a lesson speaks of, by name. */
function statefulSetsOf({ steps }: LessonDocument): string[] {
  const sources = steps.flatMap(({ checkpoints }) =>
    checkpoints.flatMap(({ expr = '', reasons = [] }) => [expr, ...reasons.map(({ when }) => when)]),
  );
  const named = sources.flatMap(names).flatMap(({ kinds, name }) => (kinds[0] === 'StatefulSet' ? name : []));
  return [...new Set(named)];
}

/** How things were when the step began is no part of how they are. */
const withoutThePast = (source: string): string => source.replaceAll(/\b(before|began)\b[.[]/g, 'past.');

interface Named {
  /** What it may be, the likeliest first. */
  readonly kinds: readonly string[];
  readonly name: string;
}

/** `x.metadata.name == 'a'`, `x.owner == 'a'`, and names in a list that something is compared with one by one. */
function names(source: string): Named[] {
  const found: Named[] = [];
  const add = (kinds: readonly string[], name: string) => {
    if (kinds.length > 0 && !found.some((one) => one.name === name && one.kinds[0] === kinds[0]))
      found.push({ kinds, name });
  };
  const of = variables(source);
  for (const [, variable = '', name = ''] of source.matchAll(/(\w+)\.metadata\.name == '([^']+)'/g))
    add(of.get(variable) ?? [], name);
  for (const [, list = '', item] of source.matchAll(/\[('[^\]]*')\]\.all\((\w+),/g)) {
    const variable = new RegExp(`(\\w+)\\.metadata\\.name == ${item}\\b`).exec(source)?.[1] ?? '';
    for (const name of literals(list)) add(of.get(variable) ?? [], name);
  }
  for (const [, name = ''] of source.matchAll(/\.owner == '([^']+)'/g)) add(WORKLOADS, name);
  return found;
}

/** `pods.exists(p, …)`: p is a Pod. */
function variables(source: string): ReadonlyMap<string, readonly string[]> {
  const of = new Map<string, readonly string[]>();
  for (const [, list = '', variable = ''] of source.matchAll(
    /(?<!past\.)\b(\w+)\.(?:exists|all|filter|exists_one)\((\w+),/g,
  ))
    if (KINDS[list] && !of.has(variable)) of.set(variable, [KINDS[list]]);
  return of;
}

function namedObjects(scene: Scene, source: string): KubeObject[] {
  const all = [...new Set(literals(source).map((one) => one.replace(/-$/, '')))];
  // A node that is named is where something is, not what it is about.
  const kinds = Object.values(KINDS).filter((kind) => kind !== 'Node');
  return kinds.flatMap((kind) => all.flatMap((name) => scene.object(kind, NAMESPACE, name) ?? []));
}
