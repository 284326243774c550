/** The OpenAPI v3 documents of what is no resource: discovery itself, the version, the issuer of tokens (apimachinery pkg/apis/meta/v1/types.go, pkg/version). */

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const string = { type: 'string', default: '' };
const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const listOf = (items: object) => ({ type: 'array', items, 'x-kubernetes-list-type': 'atomic' });
const listOfTexts = listOf(string);
const typed = (required: readonly string[], properties: object) => ({
  type: 'object',
  required,
  properties: { apiVersion: { type: 'string' }, kind: { type: 'string' }, ...properties },
});

const SCHEMAS = {
  [`${META}.GroupVersionForDiscovery`]: {
    type: 'object',
    required: ['groupVersion', 'version'],
    properties: { groupVersion: string, version: string },
  },
  [`${META}.ServerAddressByClientCIDR`]: {
    type: 'object',
    required: ['clientCIDR', 'serverAddress'],
    properties: { clientCIDR: string, serverAddress: string },
  },
  [`${META}.APIVersions`]: typed(['versions', 'serverAddressByClientCIDRs'], {
    serverAddressByClientCIDRs: listOf(reference(`${META}.ServerAddressByClientCIDR`)),
    versions: listOfTexts,
  }),
  [`${META}.APIGroup`]: typed(['name', 'versions'], {
    name: string,
    preferredVersion: reference(`${META}.GroupVersionForDiscovery`),
    serverAddressByClientCIDRs: listOf(reference(`${META}.ServerAddressByClientCIDR`)),
    versions: listOf(reference(`${META}.GroupVersionForDiscovery`)),
  }),
  [`${META}.APIGroupList`]: typed(['groups'], { groups: listOf(reference(`${META}.APIGroup`)) }),
  'io.k8s.apimachinery.pkg.version.Info': {
    type: 'object',
    required: [
      'major',
      'minor',
      'gitVersion',
      'gitCommit',
      'gitTreeState',
      'buildDate',
      'goVersion',
      'compiler',
      'platform',
    ],
    properties: Object.fromEntries(
      [
        'buildDate',
        'compiler',
        'emulationMajor',
        'emulationMinor',
        'gitCommit',
        'gitTreeState',
        'gitVersion',
        'goVersion',
        'major',
        'minCompatibilityMajor',
        'minCompatibilityMinor',
        'minor',
        'platform',
      ].map((name) => [name, string]),
    ),
  },
} as const;

interface Root {
  readonly path: string;
  readonly schema?: keyof typeof SCHEMAS | string;
}

/** By the document's name; each has the one operation that its path answers. */
export function rootDocuments(groups: readonly string[]): Readonly<Record<string, Root>> {
  return {
    '.well-known/openid-configuration': { path: '/.well-known/openid-configuration/' },
    api: { path: '/api/', schema: `${META}.APIVersions` },
    apis: { path: '/apis/', schema: `${META}.APIGroupList` },
    ...Object.fromEntries(
      groups.map((group) => [`apis/${group}`, { path: `/apis/${group}/`, schema: `${META}.APIGroup` }]),
    ),
    'openid/v1/jwks': { path: '/openid/v1/jwks/' },
    version: { path: '/version/', schema: 'io.k8s.apimachinery.pkg.version.Info' },
  };
}

export function rootDocument({ path, schema }: Root, version: string): object {
  const answer = schema ? reference(schema) : { type: 'string' };
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version },
    paths: {
      [path]: {
        get: { responses: { 200: { description: 'OK', content: { 'application/json': { schema: answer } } } } },
      },
    },
    components: { schemas: schema ? needed(schema) : {} },
  };
}

/** A schema and those it refers to. */
function needed(name: string): Record<string, object> {
  const schema = (SCHEMAS as Readonly<Record<string, object>>)[name]!;
  const others = [...JSON.stringify(schema).matchAll(/#\/components\/schemas\/([\w.]+)/g)].map(([, other]) => other!);
  return Object.assign({ [name]: schema }, ...others.map(needed));
}
