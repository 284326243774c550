/** What a client accepts, and how it is told that it cannot have it. */

import { expect, test } from 'vitest';
import { MAPS, map, startApi, TABLE } from './testing.ts';

const TYPES = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';

test('discovery is aggregated for whoever takes version 2 of it; version 2beta1 is gone', () => {
  const { call } = startApi();
  const list = (v: string) => `application/json;g=apidiscovery.k8s.io;v=${v};as=APIGroupDiscoveryList`;
  const both = call('GET', '/apis', undefined, { accept: `${list('v2beta1')},${list('v2')},application/json` });
  expect(both.header('content-type')).toBe('application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList');
  expect(both.value.kind).toBe('APIGroupDiscoveryList');
  expect(call('GET', '/apis', undefined, { accept: `${list('v2beta1')},application/json` }).value.kind).toBe(
    'APIGroupList',
  );
  expect(call('GET', '/api', undefined, { accept: list('v2beta1') }).status).toBe(406);
});

test('protobuf gives way to JSON where the client takes that too', () => {
  const { call } = startApi();
  const protobuf = 'application/vnd.kubernetes.protobuf';
  expect(call('GET', MAPS, undefined, { accept: `${protobuf},application/json` }).value.kind).toBe('ConfigMapList');
  expect(call('GET', MAPS, undefined, { accept: protobuf }).failure).toBe(
    `406 NotAcceptable: only the following media types are accepted: ${TYPES}`,
  );
  expect(call('GET', MAPS, undefined, { accept: 'text/html' }).status).toBe(406);
  expect(call('GET', MAPS, undefined, { accept: 'text/html;q=0.9,*/*;q=0.1' }).status).toBe(200);
  expect(call('POST', MAPS, 'x', 'text/plain').failure).toBe(
    `415 UnsupportedMediaType: the body of the request was in an unknown format - accepted media types include: ${TYPES}`,
  );
});

test('a Table names its version, and its rows hold what includeObject says', () => {
  const { call } = startApi();
  call('POST', MAPS, map('a', { x: '1' }));
  const table = (query = '', accept = TABLE) => call('GET', `${MAPS}${query}`, undefined, { accept });
  expect(table().value.rows[0].object.kind).toBe('PartialObjectMetadata');
  expect(table('?includeObject=Object').value.rows[0].object).toMatchObject({ kind: 'ConfigMap', data: { x: '1' } });
  expect(table('?includeObject=None').value.rows[0]).toEqual({ cells: ['a', 1, '0s'], object: null });
  expect(table('', 'application/json;as=Table;v=v1beta1;g=meta.k8s.io').value.apiVersion).toBe('meta.k8s.io/v1beta1');
  expect(table('?includeObject=Foo', `${TABLE},application/json`).failure).toBe(
    "400 BadRequest: Unable to convert to Table as requested: includeObject: Invalid value: \"Foo\": must be 'Metadata', 'Object', 'None', or empty",
  );
  expect(table('', 'application/json;as=Table;v=v1;g=foo').status).toBe(406);
});

test('an empty Table has no rows; of a kind without a printer it has null', () => {
  const { call } = startApi();
  const rows = (path: string) => call('GET', path, undefined, { accept: TABLE }).value.rows;
  expect(rows(MAPS)).toEqual([]);
  expect(rows('/api/v1/namespaces/default/limitranges')).toBe(null);
});

test('metadata alone, of a list as a list', () => {
  const { call } = startApi();
  call('POST', MAPS, map('a'));
  const as = (kind: string) => `application/json;as=${kind};v=v1;g=meta.k8s.io,application/json`;
  expect(call('GET', MAPS, undefined, { accept: as('PartialObjectMetadataList') }).value).toMatchObject({
    kind: 'PartialObjectMetadataList',
    items: [{ kind: 'PartialObjectMetadata', metadata: { name: 'a' } }],
  });
  expect(call('GET', MAPS, undefined, { accept: as('PartialObjectMetadata') }).failure).toBe(
    '406 NotAcceptable: you requested PartialObjectMetadata, but the requested object is a list (*core.ConfigMapList)',
  );
  expect(call('GET', `${MAPS}/a`, undefined, { accept: as('PartialObjectMetadataList') }).failure).toBe(
    '406 NotAcceptable: you requested PartialObjectMetadataList, but the requested object is not a list (*core.ConfigMap)',
  );
});

test('people get their JSON indented, YAML has its keys sorted', () => {
  const { call } = startApi();
  const created = map('a', { '9': 'y', '10': 'x' });
  call('POST', MAPS, created, { 'user-agent': 'curl/8.0' });
  const text = call('GET', `${MAPS}/a`, undefined, { 'user-agent': 'curl/8.0' }).text;
  expect(text.split('\n').slice(0, 3)).toEqual(['{', '  "kind": "ConfigMap",', '  "apiVersion": "v1",']);
  expect(call('GET', `${MAPS}/a?pretty=true`).text).toBe(text);
  const yaml = call('GET', `${MAPS}/a`, undefined, { accept: 'application/yaml' }).text;
  expect(yaml.split('\n')[0]).toBe('apiVersion: v1');
  expect(yaml).toContain('creationTimestamp: "2026-11-22T20:16:00Z"');
});

test('what is beside the API', () => {
  const { call } = startApi();
  expect(call('GET', '/livez').text).toBe('ok');
  expect(call('GET', '/readyz?verbose&exclude=etcd&exclude=nope').text).toMatch(
    /^\[\+\]ping ok\n\[\+\]log ok\n\[\+\]etcd excluded: ok\n[\s\S]*no matches for "nope"\nreadyz check passed\n$/,
  );
  expect(call('GET', '/readyz/ping').text).toBe('ok');
  expect(call('GET', '/readyz/nope').text).toBe('404 page not found\n');
  expect(call('GET', '/metrics').text).toContain('apiserver_resource_objects{group="",resource="namespaces"} 2\n');
  expect(call('GET', '/metrics', undefined, { 'impersonate-user': 'bob' }).failure).toBe(
    '403 Forbidden: forbidden: User "bob" cannot get path "/metrics"',
  );
  expect(call('GET', '/.well-known/openid-configuration').value.issuer).toBe(
    'https://kubernetes.default.svc.cluster.local',
  );
  expect(call('POST', '/version', {}).status).toBe(405);
  expect(call('GET', '/apis/nope.io/v1/foos').text).toBe('404 page not found\n');
  expect(call('GET', '/apis/apps/v1beta2').failure).toBe(
    '404 NotFound: the server could not find the requested resource',
  );
  expect(call('GET', '/openapi/v3/apis/apps').value.paths).toHaveProperty('/apis/apps/');
  expect(call('GET', '/openapi/v3/constructor').status).toBe(404);
});
