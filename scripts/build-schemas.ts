/**
 * Cuts Kubernetes' OpenAPI document to the kinds served: `node scripts/build-schemas.ts` writes sandbox/api/schema/generated.
 * Structure comes from scripts/openapi/schemas.json (the API server's own /openapi/v3, with Go's names and order of fields),
 * descriptions from the package kubernetes-models, generated from the same release; field numbers of protobuf from
 * scripts/openapi/protobuf.json, read out of k8s.io/api's generated.proto. What the documents at hand lacked, openapi/read-go.ts added to both.
 */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Schema } from '../sandbox/api/resource.ts';

/** The part of OpenAPI v3 that Kubernetes uses. */
interface OpenApi {
  type?: Schema['type'];
  format?: string;
  properties?: Record<string, OpenApi>;
  required?: string[];
  items?: OpenApi;
  additionalProperties?: OpenApi;
  enum?: string[];
  allOf?: OpenApi[];
  oneOf?: OpenApi[];
  default?: unknown;
  $ref?: string;
  'x-kubernetes-patch-strategy'?: Schema['patchStrategy'];
  'x-kubernetes-patch-merge-key'?: string;
  'x-kubernetes-list-type'?: Schema['listType'];
  'x-kubernetes-list-map-keys'?: string[];
  'x-kubernetes-map-type'?: Schema['mapType'];
  'x-go-type'?: string;
  /** Without omitempty. */
  'x-go-always'?: boolean;
  'x-go-pointer'?: boolean;
}

const ROOTS: Readonly<Record<string, readonly string[]>> = {
  'io.k8s.api.core.v1': [
    'Binding',
    'ComponentStatus',
    'ConfigMap',
    'Endpoints',
    'Event',
    'LimitRange',
    'Namespace',
    'Node',
    'PersistentVolume',
    'PersistentVolumeClaim',
    'Pod',
    'PodTemplate',
    'ReplicationController',
    'ResourceQuota',
    'Secret',
    'Service',
    'ServiceAccount',
  ],
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1': ['CustomResourceDefinition'],
  'io.k8s.api.apps.v1': ['ControllerRevision', 'DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'],
  'io.k8s.api.admissionregistration.v1': [
    'MutatingAdmissionPolicy',
    'MutatingAdmissionPolicyBinding',
    'MutatingWebhookConfiguration',
    'ValidatingAdmissionPolicy',
    'ValidatingAdmissionPolicyBinding',
    'ValidatingWebhookConfiguration',
  ],
  'io.k8s.api.authentication.v1': ['SelfSubjectReview', 'TokenRequest', 'TokenReview'],
  'io.k8s.api.autoscaling.v1': ['HorizontalPodAutoscaler', 'Scale'],
  'io.k8s.api.autoscaling.v2': ['HorizontalPodAutoscaler'],
  'io.k8s.api.batch.v1': ['CronJob', 'Job'],
  'io.k8s.api.certificates.v1': ['CertificateSigningRequest'],
  'io.k8s.api.coordination.v1': ['Lease'],
  'io.k8s.api.discovery.v1': ['EndpointSlice'],
  'io.k8s.api.events.v1': ['Event'],
  'io.k8s.api.flowcontrol.v1': ['FlowSchema', 'PriorityLevelConfiguration'],
  'io.k8s.api.networking.v1': ['Ingress', 'IngressClass', 'IPAddress', 'NetworkPolicy', 'ServiceCIDR'],
  'io.k8s.api.node.v1': ['RuntimeClass'],
  'io.k8s.api.policy.v1': ['Eviction', 'PodDisruptionBudget'],
  'io.k8s.api.rbac.v1': ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
  'io.k8s.api.scheduling.v1': ['PriorityClass'],
  'io.k8s.api.storage.v1': [
    'CSIDriver',
    'CSINode',
    'CSIStorageCapacity',
    'StorageClass',
    'VolumeAttachment',
    'VolumeAttributesClass',
  ],
};

/** The models say these of no kind. */
const TYPE_FIELDS = {
  apiVersion:
    'APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources',
  kind: 'Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds',
};

const HERE = import.meta.dirname;
const OUT = join(HERE, '../sandbox/api/schema/generated');
const PROTOBUF = join(HERE, '../sandbox/api/protobuf/generated');
const MODELS = join(HERE, '../node_modules/kubernetes-models');
const MACHINERY = join(HERE, '../node_modules/@kubernetes-models/apimachinery');

const source: Record<string, OpenApi> = JSON.parse(readFileSync(join(HERE, 'openapi/schemas.json'), 'utf8'));

const structure: Record<string, Schema> = {};
const descriptions: Record<string, Record<string, string>> = {};

function main(): void {
  for (const [group, kinds] of Object.entries(ROOTS)) for (const kind of kinds) visit(`${group}.${kind}`);
  write('structure.ts', 'Structure of the kinds served, by definition name.', structure);
  write(
    'descriptions.ts',
    'What `kubectl explain` says: texts by definition and field; `` is the definition itself.',
    descriptions,
  );
  const messages = JSON.parse(readFileSync(join(HERE, 'openapi/protobuf.json'), 'utf8'));
  write(
    'messages.ts',
    'Protobuf messages of the kinds served: fields by number, with name and type.',
    messages,
    PROTOBUF,
  );
}

function write(file: string, what: string, value: object, folder = OUT): void {
  const literal = JSON.stringify(JSON.stringify(value)).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  const text = `/** ${what} Generated by scripts/build-schemas.ts: do not edit. */\n\nexport const json =\n  '${literal}';\n`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, file), text);
  console.log(file, Math.round(text.length / 1024), 'KB');
}

function visit(name: string): void {
  if (structure[name]) return;
  const definition = source[name];
  if (!definition) throw new Error(`no definition ${name}`);
  structure[name] = {};
  structure[name] = convert(definition);
  descriptions[name] = textsOf(name);
}

function convert(given: OpenApi): Schema {
  const target = given.$ref ?? given.allOf?.[0]?.$ref;
  if (target) {
    const name = target.slice('#/components/schemas/'.length);
    visit(name);
    return clean({ ref: name, ...extensions(given) });
  }
  return clean({
    type: given.type,
    format: given.format,
    intOrString: given.format === 'int-or-string' || undefined,
    enum: given.enum,
    required: given.required,
    properties:
      given.properties &&
      Object.fromEntries(
        Object.entries(given.properties).map(([name, property]) => [
          name,
          clean({
            ...convert(property),
            always: always(property) || undefined,
            pointer: pointer(property) || undefined,
          }),
        ]),
      ),
    items: given.items && convert(given.items),
    additionalProperties: given.additionalProperties && convert(given.additionalProperties),
    preserveUnknownFields: (given.type === 'object' && !given.properties && !given.additionalProperties) || undefined,
    ...extensions(given),
  });
}

/** Structs by value, and whatever has no omitempty, are in Go's JSON even when empty. */
const always = (property: OpenApi): boolean =>
  (typeof property.default === 'object' && property.default !== null) || property['x-go-always'] === true;

/** Of structs it goes without saying, unless they are always there; a number or text is one only in Go. */
const pointer = (property: OpenApi): boolean => {
  const target = property.$ref ?? property.allOf?.[0]?.$ref;
  return (
    property['x-go-pointer'] === true &&
    (target === undefined || target.endsWith('.IntOrString') || always(property)) &&
    property.type !== 'object'
  );
};

const extensions = (given: OpenApi): Schema => ({
  patchStrategy: given['x-kubernetes-patch-strategy'],
  patchMergeKey: given['x-kubernetes-patch-merge-key'],
  listType: given['x-kubernetes-list-type'],
  listMapKeys: given['x-kubernetes-list-map-keys'],
  mapType: given['x-kubernetes-map-type'],
  goType: given['x-go-type'],
});

const clean = (schema: Schema): Schema =>
  Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined));

/** The JSDoc of the model's interface and of each of its properties. */
function textsOf(name: string): Record<string, string> {
  const file = [modelFile(name), machineryFile(name)].find((path) => existsSync(path));
  if (!file) return {};
  const text = readFileSync(file, 'utf8');
  const start = text.search(/^export (?:declare )?(?:interface|type) /m);
  if (start < 0) return {};
  const out: Record<string, string> = {};
  const before = comments(text.slice(0, start)).at(-1);
  if (before) out[''] = before;
  const body = text.slice(start, text.indexOf('\n}', start));
  for (const [, doc, property] of body.matchAll(/\/\*\*\n([\s\S]*?)\*\/\s*"?([$\w.-]+)"?\??:/g)) {
    out[property!] = unwrap(doc!);
  }
  for (const [property, description] of Object.entries(TYPE_FIELDS)) {
    if (source[name]?.properties?.[property] && !out[property]) out[property] = description;
  }
  return out;
}

const comments = (text: string): string[] =>
  [...text.matchAll(/\/\*\*\n([\s\S]*?)\*\//g)].map(([, doc]) => unwrap(doc!));

const unwrap = (doc: string): string =>
  doc
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
    .join('\n')
    .replaceAll('\\*', '*')
    .trim();

/** io.k8s.api.core.v1.Pod is v1/Pod, io.k8s.api.storage.v1.StorageClass is storage.k8s.io/v1/StorageClass. */
function modelFile(name: string): string {
  const [group, version, kind] = name.split('.').slice(-3) as [string, string, string];
  const folder = ['', '.k8s.io', '.authorization.k8s.io', '.apiserver.k8s.io']
    .map((suffix) => join(MODELS, group === 'core' ? '' : `${group}${suffix}`, version, `${kind}.d.ts`))
    .find((path) => existsSync(path));
  return folder ?? '';
}

const machineryFile = (name: string): string =>
  join(MACHINERY, `${name.replace('io.k8s.apimachinery.pkg.', '').replaceAll('.', '/')}.d.ts`);

main();
