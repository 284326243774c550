/** A kustomization built: its resources gathered, generated, patched, transformed, and printed (kustomize api/internal/target). */

import type { Task } from '../../sim/task.ts';
import { CommandError } from '../cli/errors.ts';
import { hashOf } from '../commands/create/hash.ts';
import { absolute } from '../config/paths.ts';
import type { KObject } from '../resource/info.ts';
import type { Session } from '../session.ts';
import { decode, quote } from '../text.ts';
import { documents, fromYaml } from '../yaml/documents.ts';
import { printYaml } from '../yaml/print.ts';
import { type GeneratorArguments, type GeneratorOptions, generated } from './generators.ts';
import { legacyOrder } from './order.ts';
import { patchResources, type Target } from './patches.ts';
import { fixReferences } from './references.ts';
import { copyOf, nameOf, type Resource } from './resource.ts';
import {
  addAnnotations,
  addLabels,
  type ImageChange,
  rename,
  setImages,
  setNamespace,
  setReplicas,
} from './transformers.ts';

const NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

interface Kustomization {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: unknown;
  readonly resources?: readonly string[];
  readonly bases?: readonly string[];
  readonly namespace?: string;
  readonly namePrefix?: string;
  readonly nameSuffix?: string;
  readonly commonLabels?: Readonly<Record<string, string>>;
  readonly commonAnnotations?: Readonly<Record<string, string>>;
  readonly labels?: readonly {
    readonly pairs?: Readonly<Record<string, string>>;
    readonly includeSelectors?: boolean;
    readonly includeTemplates?: boolean;
  }[];
  readonly images?: readonly ImageChange[];
  readonly replicas?: readonly { readonly name: string; readonly count: number }[];
  readonly configMapGenerator?: readonly GeneratorArguments[];
  readonly secretGenerator?: readonly GeneratorArguments[];
  readonly generatorOptions?: GeneratorOptions;
  readonly patches?: readonly { readonly path?: string; readonly patch?: string; readonly target?: Target }[];
  readonly patchesStrategicMerge?: readonly string[];
  readonly patchesJson6902?: readonly { readonly path?: string; readonly patch?: string; readonly target?: Target }[];
}

const BUILT = new Set([
  ...['apiVersion', 'kind', 'metadata', 'resources', 'bases', 'namespace', 'namePrefix', 'nameSuffix', 'commonLabels'],
  ...['commonAnnotations', 'labels', 'images', 'replicas', 'configMapGenerator', 'secretGenerator', 'generatorOptions'],
  ...['patches', 'patchesStrategicMerge', 'patchesJson6902'],
]);
/** Known to kustomize, not built here: FIDELITY.md. */
const NOT_BUILT = [
  ...[
    'buildMetadata',
    'components',
    'configurations',
    'crds',
    'generators',
    'helmChartInflationGenerator',
    'helmCharts',
  ],
  ...['helmGlobals', 'inventory', 'openapi', 'replacements', 'sortOptions', 'transformers', 'validators', 'vars'],
];

const DEPRECATED: readonly (readonly [keyof Kustomization, string])[] = [
  ['bases', 'resources'],
  ['commonLabels', 'labels'],
  ['patchesJson6902', 'patches'],
  ['patchesStrategicMerge', 'patches'],
];

/** The text of all resources, as `kubectl kustomize` prints it. */
export function* kustomized(session: Session, folder: string): Task<string> {
  const resources = yield* accumulate(session, yield* directory(session, folder, folder));
  for (const resource of resources) {
    if (!resource.needsHash) continue;
    const name = nameOf(resource.object);
    resource.names.add(name);
    resource.object.metadata = { ...resource.object.metadata, name: `${name}-${hashOf(unnamed(resource.object))}` };
  }
  fixReferences(resources);
  return legacyOrder(resources)
    .map(({ object }) => printYaml(object))
    .join('---\n');
}

/** Its name does not count. */
const unnamed = (object: KObject): KObject => ({ ...object, metadata: { ...object.metadata, name: '' } });

function* directory(session: Session, given: string, shown: string): Task<string> {
  const { files } = session.environment;
  const path = absolute(given, files.cwd);
  const stat = yield* files.stat(path);
  if (stat?.directory) return path;
  const why = stat
    ? `file is not directory; got '${path}'`
    : `not a valid directory: evalsymlink failure on '${shown}' : lstat ${path}: no such file or directory`;
  throw new CommandError(`must build at directory: ${why}`);
}

function* accumulate(session: Session, folder: string): Task<Resource[]> {
  const kustomization = yield* load(session, folder);
  const resources: Resource[] = [];
  for (const path of [...(kustomization.resources ?? []), ...(kustomization.bases ?? [])])
    resources.push(...(yield* accumulateOne(session, folder, path)));
  for (const [kind, list] of [
    ['ConfigMap', kustomization.configMapGenerator],
    ['Secret', kustomization.secretGenerator],
  ] as const)
    for (const args of list ?? [])
      resources.push(yield* generated(session, folder, kind, args, kustomization.generatorOptions));
  yield* patch(session, folder, kustomization, resources);
  transform(kustomization, resources);
  return resources;
}

function* accumulateOne(session: Session, folder: string, path: string): Task<Resource[]> {
  const full = absolute(path, folder);
  const stat = yield* session.environment.files.stat(full);
  if (stat?.directory) return yield* accumulate(session, full);
  if (!stat) {
    const missing = `evalsymlink failure on '${full}' : lstat ${full}: no such file or directory`;
    throw new CommandError(
      `accumulating resources: accumulation err='accumulating resources from '${path}': ${missing}': must build at directory: not a valid directory: ${missing}`,
    );
  }
  const text = decode(yield* session.environment.files.read(full));
  return [...documents(text)]
    .filter((document) => document !== null)
    .map((document) => {
      const object = copyOf(document as KObject);
      return { object, names: new Set([nameOf(object)]), needsHash: false };
    });
}

function* load(session: Session, folder: string): Task<Kustomization> {
  const { files } = session.environment;
  const found: string[] = [];
  for (const name of NAMES) if (yield* files.stat(`${folder}/${name}`)) found.push(name);
  if (found.length === 0)
    throw new CommandError(
      `unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '${folder}'`,
    );
  if (found.length > 1) throw new CommandError(`Found multiple kustomization files under: ${folder}\n`);
  const kustomization = (fromYaml(decode(yield* files.read(`${folder}/${found[0]}`))) ?? {}) as Kustomization;
  for (const field of Object.keys(kustomization)) {
    if (NOT_BUILT.includes(field)) throw new CommandError(`invalid Kustomization: ${field} is not supported here`);
    if (!BUILT.has(field)) throw new CommandError(`invalid Kustomization: json: unknown field ${quote(field)}`);
  }
  if (Object.keys(kustomization).length === 0) throw new CommandError('kustomization.yaml is empty');
  for (const [field, instead] of DEPRECATED) {
    if (kustomization[field] === undefined) continue;
    yield* session.err(
      `# Warning: '${field}' is deprecated. Please use '${instead}' instead. Run 'kustomize edit fix' to update your Kustomization automatically.\n`,
    );
  }
  return kustomization;
}

function* patch(session: Session, folder: string, k: Kustomization, resources: Resource[]): Task<void> {
  const read = function* (path: string): Task<string> {
    const full = absolute(path, folder);
    try {
      return decode(yield* session.environment.files.read(full));
    } catch {
      throw new CommandError(
        `unable to get patch file: evalsymlink failure on '${full}' : lstat ${full}: no such file or directory`,
      );
    }
  };
  for (const text of k.patchesStrategicMerge ?? [])
    for (const document of documents(text.includes('\n') ? text : yield* read(text)))
      patchResources(resources, document, undefined);
  for (const { path, patch: inline, target } of [...(k.patches ?? []), ...(k.patchesJson6902 ?? [])])
    for (const document of documents(inline ?? (yield* read(path ?? '')))) patchResources(resources, document, target);
}

function transform(k: Kustomization, resources: Resource[]): void {
  if (k.namespace) setNamespace(resources, k.namespace);
  if (k.namePrefix || k.nameSuffix) rename(resources, k.namePrefix ?? '', k.nameSuffix ?? '');
  for (const { pairs = {}, includeSelectors = false, includeTemplates = false } of k.labels ?? [])
    addLabels(resources, pairs, includeSelectors, includeTemplates);
  if (k.commonLabels) addLabels(resources, k.commonLabels, true, true);
  if (k.commonAnnotations) addAnnotations(resources, k.commonAnnotations);
  for (const { name, count } of k.replicas ?? []) {
    if (!setReplicas(resources, name, count))
      throw new CommandError(
        `resource with name ${name} does not match a config with the following GVK [Deployment.[noVer].[noGrp] ReplicationController.[noVer].[noGrp] ReplicaSet.[noVer].[noGrp] StatefulSet.[noVer].[noGrp]]`,
      );
  }
  if (k.images) setImages(resources, k.images);
}
