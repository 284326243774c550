/** The declarations held against what a real API server answered (testdata from the goldens errors.jsonl and raw.jsonl). */

import { expect, test } from 'vitest';
import { Clock } from '../../sim/clock.ts';
import { Random } from '../../sim/random.ts';
import { createInitialObjects } from '../../world/initial-objects.ts';
import { createApi } from '../index.ts';
import type { KubeObject, Status } from '../object.ts';
import type { StrategyContext } from '../resource.ts';
import { resources } from './index.ts';
import applied from './testdata/applied.json' with { type: 'json' };
import created from './testdata/created.json' with { type: 'json' };
import rejections from './testdata/rejections.json' with { type: 'json' };
import updates from './testdata/updates.json' with { type: 'json' };

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

function cluster() {
  const clock = new Clock(Date.parse('2026-11-22T20:00:00Z'));
  const random = new Random(1);
  const api = createApi({ clock, random, resources });
  createInitialObjects((component) => api.client(component), { now: clock.now, random: random.fork('objects') });
  const call = (method: 'POST' | 'PATCH', path: string, body: unknown, type = 'application/json'): Answer => {
    const answer = api.server.handle({
      method,
      path,
      query: [],
      headers: { 'content-type': type },
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: JSON.parse(answer.body as string) };
  };
  return { ...api, clock, call, post: (path: string, body: unknown) => call('POST', path, body) };
}

/** The collection an object is posted to. */
function pathOf({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): string {
  const resource = resources.find(
    (one) => one.kind === kind && `${one.group ? `${one.group}/` : ''}${one.version}` === apiVersion,
  )!;
  const root = resource.group ? `/apis/${apiVersion}` : '/api/v1';
  return `${root}${resource.namespaced ? '/namespaces/default' : ''}/${resource.name}`;
}

const messages = (status: Status): readonly string[] =>
  (status.details?.causes ?? []).map(({ field, message }) => `${field}: ${message}`);

test.each(rejections)('$id is refused as upstream refuses it', ({ object, messages: expected }) => {
  const { body } = cluster().post(pathOf(object), object);
  expect(messages(body as Status)).toEqual(expected);
});

test.each(updates)(
  'a forbidden change of $before.kind is told as upstream tells it: $messages',
  ({ before, patch, messages }) => {
    const resource = resources.find((one) => one.kind === before.kind)!;
    const after = merge(before, patch) as KubeObject;
    const errors = resource.validateUpdate!(after, before, {} as StrategyContext);
    expect(errors.map(({ field, detail }) => `${field}: ${detail}`)).toEqual(messages);
  },
);

/** RFC 7386. */
function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const out: Record<string, unknown> = { ...(target as object) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete out[key];
    else out[key] = merge(out[key], value);
  }
  return out;
}

/** What no two clusters have in common. */
function normalize(value: unknown): unknown {
  const text = JSON.stringify(value, (key, one) => {
    if (key === 'uid' || key === 'resourceVersion') return '';
    if (key === 'managedFields') return undefined;
    return /[tT]ime(stamp)?$/.test(key) ? 'time' : one;
  });
  return JSON.parse(text.replace(/(kube-api-access|gen)-[a-z0-9]{5}/g, '$1-xxxxx'));
}

test.each(created)('a new object at $path has the fields the server gives it', ({ path, body, response }) => {
  const answer = cluster().post(path, body);
  expect(answer.status).toBe(201);
  expect(normalize(answer.body)).toEqual(normalize(response));
});

test.each(applied)('$applied.kind $applied.metadata.name gets the defaults a real server gave it', (golden) => {
  const { body } = cluster().post(pathOf(golden.applied), golden.applied);
  expect(normalize((body as { spec: object }).spec)).toEqual(golden.spec);
});

test('whom `view` is bound to may look, not touch', () => {
  const { post, server } = cluster();
  const group = 'rbac.authorization.k8s.io';
  const roleRef = { apiGroup: group, kind: 'ClusterRole', name: 'view' };
  const binding = { metadata: { name: 'dev' }, roleRef, subjects: [{ apiGroup: group, kind: 'User', name: 'dev' }] };
  expect(post(`/apis/${group}/v1/namespaces/default/rolebindings`, binding).status).toBe(201);
  const asDev = (method: 'GET' | 'DELETE', path: string) =>
    server.handle({ method, path, query: [], headers: { 'impersonate-user': 'dev' } }).status;
  expect(asDev('GET', '/api/v1/namespaces/default/pods')).toBe(200);
  expect(asDev('GET', '/api/v1/namespaces/default/secrets')).toBe(403);
  expect(asDev('DELETE', '/api/v1/namespaces/default/configmaps/kube-root-ca.crt')).toBe(403);
  expect(asDev('GET', '/api/v1/namespaces/kube-system/pods')).toBe(403);
});
