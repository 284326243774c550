/** What is well formed and wrong: objects mutated as trees, kubectl's verbs with flags that parse, patches, output expressions, exports with every option. */

import fc from 'fast-check';
import { documents } from '../../sandbox/kubectl/yaml/documents.ts';
import { quote, text } from './hostile.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const VALUES: readonly Json[] = [
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 31,
  2 ** 53 + 2,
  1e300,
  '',
  'x',
  '1Gi',
  '50%',
  '2026-01-01T00:00:00Z',
  '__proto__',
  'İ\u0301\u202e😀',
  'a'.repeat(70_000),
  [],
  {},
  [[]],
  [null],
  [{}],
  { '': null },
  { name: 'x' },
  Array.from({ length: 300 }, (_, i) => ({ name: `n${i}` })),
];
const KEYS = ['name', 'Name', '', '__proto__', 'constructor', 'x/y/z', 'a'.repeat(300), 'metadata', 'spec', 'é', '0'];

const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  what: fc.constantFrom('delete', 'rename', 'value', 'value', 'twice', 'wrap', 'swap', 'add'),
  value: fc.constantFrom(...VALUES),
  key: fc.oneof(fc.constantFrom(...KEYS), text),
});

type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

interface Place {
  readonly holder: Json[] | { [key: string]: Json };
  readonly key: string | number;
}

function* placesOf(tree: Json): Iterable<Place> {
  if (tree === null || typeof tree !== 'object') return;
  for (const [key, below] of Object.entries(tree)) {
    yield { holder: tree as { [key: string]: Json }, key };
    yield* placesOf(below);
  }
}

const define = (holder: Place['holder'], key: string | number, value: Json): void => {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
};

function changed(sample: Json, changes: readonly Change[]): Json {
  const tree = structuredClone(sample);
  for (const { at, what, value, key } of changes) {
    const places = [...placesOf(tree)];
    const place = places[Math.floor(at * places.length)];
    if (!place) break;
    const { holder } = place;
    const old = (holder as { [key: string]: Json })[place.key]!;
    const drop = () =>
      Array.isArray(holder)
        ? holder.splice(Number(place.key), 1)
        : delete (holder as { [key: string]: Json })[place.key];
    if (what === 'delete') drop();
    else if (what === 'rename') {
      drop();
      define(holder, Array.isArray(holder) ? holder.length : key, old);
    } else if (what === 'value') define(holder, place.key, structuredClone(value));
    else if (what === 'twice') define(holder, Array.isArray(holder) ? holder.length : key, structuredClone(old));
    else if (what === 'wrap') define(holder, place.key, [old]);
    else if (what === 'swap') {
      const other = places[places.length - 1 - Math.floor(at * places.length)]!;
      define(holder, place.key, structuredClone((other.holder as { [key: string]: Json })[other.key] ?? null));
    } else define(Array.isArray(holder) ? [] : holder, key, structuredClone(value));
  }
  return tree;
}

/** Objects of the samples (manifests), changed as trees, some of them together in a List. */
export function changedObjects(samples: readonly string[]): fc.Arbitrary<string> {
  const trees = samples.flatMap((sample) => {
    try {
      return [...documents(sample)].filter((one) => one !== null) as Json[];
    } catch {
      return [];
    }
  });
  const object = fc
    .tuple(fc.constantFrom(...trees), fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([tree, changes]) => changed(tree, changes));
  return fc
    .tuple(object, fc.option(object), fc.constantFrom('', 'List', '---'))
    .map(([one, other, how]) =>
      how === 'List'
        ? JSON.stringify({ apiVersion: 'v1', kind: 'List', items: other === null ? [one] : [one, other] })
        : [one, ...(other === null ? [] : [other])].map((tree) => JSON.stringify(tree, null, 1)).join('\n---\n'),
    );
}

// Expressions

const field = fc.constantFrom(
  '.metadata.name',
  '.metadata.labels',
  '.metadata.labels.app',
  '.spec',
  '.spec.capacity.storage',
  '.status.phase',
  '.spec.containers[0].image',
  '.metadata.annotations.a\\.b/c',
  '.nosuch',
  '.items',
  '..name',
  '',
);
const step = fc.oneof(
  field,
  fc.constantFrom(
    '[0]',
    '[-1]',
    '[0:2]',
    '[::2]',
    '[-2:]',
    '[0,1]',
    '[5:1]',
    '[*]',
    '.*',
    "['name']",
    '[99999999999999999999]',
  ),
  fc
    .tuple(
      field,
      fc.constantFrom('==', '!=', '<', '>=', '=~'),
      fc.constantFrom('"x"', '1', '1.5', 'true', '@.metadata.name', "'y'", ''),
    )
    .map(([left, operator, right]) => `[?(@${left}${operator}${right})]`),
  fc.constantFrom('[?(@.a)]', '[?(@.a && @.b)]', '[?(@.spec.x==1 || true)]'),
);
const path = fc
  .tuple(fc.constantFrom('.items', '.items[*]', '$', '', '@', '$.items'), fc.array(step, { maxLength: 3 }))
  .map(([first, steps]) => first + steps.join(''));
const jsonpath = fc
  .array(
    fc.oneof(
      path.map((one) => `{${one}}`),
      path.map((one) => `{range ${one}}{.metadata.name}{"\\n"}{end}`),
      fc.constantFrom('{"\\t"}', 'text ', '{end}', '{range .items[*]}', "{'a'}", '{1.5}', '{true}', '{{.}}', '{"\\x"}'),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((parts) => parts.join(''));
const pipeline: fc.Arbitrary<string> = fc.oneof(
  field.map((one) => one.replace(/\[.*|\.\..*|\\.*/, '') || '.'),
  fc.constantFrom(
    'index .items 0',
    'index . "x" 1',
    'len .items',
    'printf "%s %d %v %q %5.2f %x %*d" . 1',
    'printf "%z" .kind',
    'base64decode "YQ=="',
    'base64decode 1',
    'eq .kind "List"',
    'lt 1 2.5',
    'and 1 0',
    'not .x',
    'slice .kind 1 2',
    'slice .items 5 1',
    'html .kind | js | urlquery',
    'call .x',
    'exists . "items" 0',
    '$x',
    '$x := 1',
    '(len (index .items 0).metadata)',
    'nosuch 1',
    '1e3',
    '"a" | printf "%s-%s" "b"',
    "'a'",
    '`raw`',
    'nil',
    'true',
    'print 1 "a" nil',
  ),
);
const template = fc
  .array(
    fc.oneof(
      pipeline.map((one) => `{{${one}}}`),
      pipeline.map((one) => `{{if ${one}}}y{{else if .x}}z{{else}}n{{end}}`),
      pipeline.map((one) => `{{range $i, $e := ${one}}}{{$i}}{{.}}{{break}}{{else}}none{{end}}`),
      pipeline.map((one) => `{{with ${one}}}{{.}}{{end}}`),
      fc.constantFrom(
        '{{define "t"}}{{template "t" .}}{{end}}{{template "t" .}}',
        '{{- /* c */ -}}',
        '{{block "b" .}}{{.kind}}{{end}}',
        '{{end}}',
        '{{',
        '{{range .items}}{{.metadata.name}}{{end}}',
        '{{template "no"}}',
        '{{continue}}',
      ),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((parts) => parts.join(''));
const columns = fc
  .array(fc.tuple(fc.constantFrom('NAME', 'A', ''), path), { minLength: 1, maxLength: 3 })
  .map((list) => list.map(([name, one]) => `${name}:${one}`).join(','));

const output = fc.oneof(
  jsonpath.map((one) => `-ojsonpath=${one}`),
  jsonpath.map((one) => `-ojsonpath-as-json=${one}`),
  template.map((one) => `-ogo-template=${one}`),
  columns.map((one) => `-ocustom-columns=${one}`),
  path.map((one) => `--sort-by=${one}`),
  fc.constantFrom(
    '-oyaml',
    '-ojson',
    '-owide',
    '-oname',
    '-okyaml',
    '--show-labels',
    '-Lapp',
    '--show-kind',
    '--no-headers',
  ),
);

// Patches

const pointer = fc.constantFrom(
  '/metadata/labels/app',
  '/spec/replicas',
  '/data',
  '/data/a',
  '/spec/containers/0/image',
  '/spec/template',
  '/-',
  '',
  '/metadata/~1~0',
  '/spec/containers/-',
  'x',
);
const patch = fc.oneof(
  fc
    .array(
      fc.record({
        op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test', 'nosuch'),
        path: pointer,
        from: pointer,
        value: fc.constantFrom(...VALUES.filter((value) => JSON.stringify(value).length < 1_000)),
      }),
      { maxLength: 3 },
    )
    .map((operations) => ['json', JSON.stringify(operations)]),
  fc
    .tuple(
      fc.constantFrom('merge', 'strategic'),
      fc.constantFrom('spec', 'metadata', 'data', 'status', 'kind', '$patch', '$retainKeys', 'containers'),
      fc.oneof(
        fc.constantFrom<Json>(...VALUES.filter((value) => JSON.stringify(value).length < 1_000)),
        fc.constantFrom<Json>(
          { $patch: 'replace' },
          { $patch: 'delete' },
          { $patch: 'nosuch' },
          { containers: [{ name: 'c', $patch: 'delete' }] },
          { '$setElementOrder/containers': [{ name: 'x' }], containers: [{ image: 'x' }] },
          { '$deleteFromPrimitiveList/finalizers': ['x'] },
          { $retainKeys: ['a'], volumes: [{ $patch: 'replace' }] },
          { template: { spec: { containers: null } } },
          { labels: { a: null, b: 1 } },
        ),
      ),
    )
    .map(([type, key, value]) => [type, JSON.stringify({ [key]: value })]),
);

// kubectl's own words

const resource = fc.constantFrom(
  ...'pods nodes pv pvc sc deploy sts ds rs jobs cj svc ep endpointslices ing netpol cm secrets sa ns events leases roles rolebindings clusterroles crd pdb hpa quota limits pc csidrivers csinodes volumeattachments apiservices mutatingwebhookconfigurations cs rc ingressclasses runtimeclasses flowschemas csr'.split(
    ' ',
  ),
);
const named = fc
  .tuple(resource, fc.constantFrom('', ' --all', ' node01', ' kubernetes', ' default', ' x', '/x'))
  .map((parts) => parts.join(''));
const verb = fc.oneof(
  fc
    .tuple(fc.constantFrom('get', 'get -A'), named, fc.array(output, { maxLength: 2 }))
    .map(([head, what, how]) => `${head} ${what} ${how.map(quote).join(' ')}`),
  named.map((what) => `describe ${what}`),
  fc
    .tuple(resource, fc.constantFrom('', '.spec', '.metadata.labels', '.status.x'))
    .map(([kind, at]) => `explain ${kind}${at} --recursive`),
  fc
    .tuple(
      named,
      patch,
      fc.constantFrom('', ' --dry-run=server -oyaml', ' --subresource=status', ' --dry-run=client -ojson'),
    )
    .map(([what, [type, body], how]) => `patch ${what} --type=${type} -p ${quote(body!)}${how}`),
  fc
    .tuple(
      fc.constantFrom('label', 'annotate'),
      named,
      fc.constantFrom('a=b', 'a-', 'a=', 'x/y=z', '=', 'a=b a-', 'a==b', '--list', 'é=1'),
    )
    .map(([head, what, how]) => `${head} ${what} ${how} --overwrite`),
  fc
    .tuple(named, fc.constantFrom('0', '-1', '99999999999', '2 --current-replicas=3', 'x'))
    .map(([what, n]) => `scale ${what} --replicas=${n}`),
  fc
    .tuple(fc.constantFrom('status', 'history', 'undo', 'restart', 'pause', 'resume'), named)
    .map(([how, what]) => `rollout ${how} ${what} --timeout=1s`.replace(how === 'status' ? '' : ' --timeout=1s', '')),
  fc
    .tuple(
      named,
      fc.constantFrom(
        '--for=delete',
        '--for=condition=Ready',
        '--for=jsonpath={.status.phase}=Running',
        '--for=jsonpath={.a}',
        '--for=create',
        '--for=condition=x=y=z',
      ),
    )
    .map(([what, how]) => `wait ${what} ${quote(how)} --timeout=1s`),
  fc
    .tuple(
      named,
      fc.constantFrom(
        '--dry-run=server',
        '--wait=false --cascade=orphan',
        '--grace-period=-1',
        '--force --dry-run=client',
        '--now --dry-run=server',
      ),
    )
    .map(([what, how]) => `delete ${what} ${how}`),
  fc
    .tuple(
      fc.constantFrom(
        'metadata.name=x',
        'status.phase!=Running',
        'spec.nodeName=',
        'a',
        'involvedObject.kind=Pod',
        'type=Warning,reason==x',
      ),
      named,
    )
    .map(([selector, what]) => `get ${what} --field-selector=${quote(selector)}`),
  fc
    .tuple(
      fc.constantFrom('a in (b,c)', 'a notin (b)', '!a', 'a,b', 'a=b,', 'a in ()', 'a>1', '(', 'x/y=z', 'a=é'),
      named,
    )
    .map(([selector, what]) => `get ${what} -l ${quote(selector)}`),
  fc
    .tuple(
      fc.constantFrom(
        '/',
        '/api',
        '/apis/apps/v1',
        '/api/v1/namespaces/default/pods?limit=1&continue=x',
        '/api/v1/pods?watch=1&timeoutSeconds=1',
        '/openapi/v3',
        '/metrics',
        '/api/v1/nodes/node01/proxy/',
        '/api/v1/namespaces/%2e%2e/pods',
        '/api/v1/pods?resourceVersion=abc',
        '/%zz',
        '/api/v1/pods?labelSelector=(',
        '/logs',
        '/api/v1/namespaces/default/pods/x/log?tailLines=-1',
      ),
      fc.constant(''),
    )
    .map(([at]) => `get --raw ${quote(at)}`),
  fc
    .tuple(
      fc.constantFrom('image', 'env', 'resources', 'serviceaccount', 'subject', 'selector'),
      named,
      fc.constantFrom('c=x', 'A=b', '--limits=cpu=1x', '--requests=memory=-1', 'A-', '--list', 'x=y z'),
    )
    .map(([how, what, value]) => `set ${how} ${what} ${value}`),
  fc.tuple(fc.constantFrom('get', 'list', '*', 'x'), named).map(([how, what]) => `auth can-i ${how} ${what}`),
  fc
    .tuple(
      fc.constantFrom(
        'configmap',
        'secret generic',
        'quota',
        'job',
        'cronjob',
        'deployment',
        'role',
        'clusterrole',
        'ingress',
        'service clusterip',
        'service nodeport',
        'pdb',
        'priorityclass',
        'token',
        'namespace',
        'rolebinding',
      ),
      fc.array(
        fc.constantFrom(
          '--from-literal=a=b',
          '--from-literal==',
          '--hard=pods=1,x',
          '--image=busybox',
          '--schedule=* * * * *',
          '--schedule=@every 1x',
          '--replicas=-1',
          '--verb=get',
          '--resource=pods',
          '--rule=a.b/c*=d:80,tls=x',
          '--rule=/',
          '--tcp=80:http',
          '--tcp=x',
          '--min-available=50%',
          '--selector=a=b',
          '--value=99999999999',
          '--duration=1s',
          '--clusterrole=x',
          '--user=é',
          '--from-file=/etc/hostname',
          '--from-env-file=/etc/passwd',
        ),
        { maxLength: 3 },
      ),
    )
    .map(([kind, flags]) => `create ${kind} x ${flags.map(quote).join(' ')} --dry-run=client -oyaml`),
);

export const kubectlCalls: fc.Arbitrary<string> = verb.map((line) => `kubectl ${line}`);

// /etc/exports

const exportOption = fc.constantFrom(
  ...'ro rw sync async secure insecure wdelay no_wdelay hide nohide crossmnt subtree_check no_subtree_check root_squash no_root_squash all_squash no_all_squash acl no_acl secure_locks insecure_locks auth_nlm no_auth_nlm security_label pnfs no_pnfs fsid=0 fsid=root fsid=7 fsid=-1 fsid=4294967296 fsid=0123456789abcdef0123456789abcdef anonuid=0 anonuid=-2 anonuid=x anongid=4294967295 mp mp=/mnt mountpoint=/nosuch refer=/a@b+c:/d@e replicas=/a@b sec=sys sec=krb5:krb5p:none sec=x xprtsec=none:tls xprtsec=x no_fsid_subtree'.split(
    ' ',
  ),
);
const client = fc.constantFrom(
  '*',
  'node01',
  'node0?',
  'node[12]',
  '192.168.120.0/24',
  '192.168.120.0/255.255.255.0',
  '192.168.120.232',
  '@group',
  '*.local',
  '::1',
  '[fe80::1]/64',
  '10.0.0.0/33',
  'gss/krb5',
  '-',
  '',
);
const exported = fc.constantFrom(
  '/mnt/a',
  '/mnt/b',
  '/mnt',
  '/',
  '"/mnt/a b"',
  '/mnt\\040x',
  '/nosuch',
  '/etc/hostname',
  '/proc',
  '/dev',
  'mnt/a',
  '/mnt/a/../b',
);

export const exportLines: fc.Arbitrary<string> = fc
  .array(
    fc
      .tuple(
        exported,
        fc.option(fc.array(exportOption, { maxLength: 3 })),
        fc.array(fc.tuple(client, fc.array(exportOption, { maxLength: 4 })), { maxLength: 3 }),
      )
      .map(
        ([directory, defaults, clients]) =>
          `${directory}${defaults ? ` -${defaults.join(',')}` : ''} ${clients.map(([who, options]) => `${who}(${options.join(',')})`).join(' ')}`,
      ),
    { minLength: 1, maxLength: 4 },
  )
  .map((lines) => `${lines.join('\n')}\n`);
