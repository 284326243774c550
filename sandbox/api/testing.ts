/** An API server of its own for a test, and `call`: one request as a client sends it, with what came back. */

import { Clock } from '../sim/clock.ts';
import { Random } from '../sim/random.ts';
import type { ApiRequest } from './http.ts';
import { createApi } from './index.ts';
import type { JsonObject, ManagedFieldsEntry } from './object.ts';
import { resources } from './resources/index.ts';

export const MERGE = 'application/merge-patch+json';
export const STRATEGIC = 'application/strategic-merge-patch+json';
export const JSON_PATCH = 'application/json-patch+json';
export const APPLY = 'application/apply-patch+yaml';
export const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';

export const MAPS = '/api/v1/namespaces/default/configmaps';
export const PODS = '/api/v1/namespaces/default/pods';

export const map = (name: string, data: object = {}, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
  data,
});

export const pod = (name: string, spec: object = {}, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, ...metadata },
  spec: { containers: [{ name: 'c', image: 'nginx' }], ...spec },
});

export type Headers = Readonly<Record<string, string>>;

/** What a test looks at in an answer. */
// biome-ignore lint/suspicious/noExplicitAny: answers are looked into, not typed
type Value = any;

export function startApi() {
  const clock = new Clock(Date.UTC(2026, 10, 22, 20, 16));
  const api = createApi({ clock, random: new Random(1), resources });
  const admin = api.client('kubectl');
  for (const name of ['default', 'kube-system']) {
    admin.create('namespaces', '', { metadata: { name } });
    admin.create('serviceaccounts', name, { metadata: { name: 'default' } });
  }

  const call = (method: ApiRequest['method'], url: string, body?: unknown, headers: Headers | string = {}) => {
    const [path = '', query = ''] = url.split('?');
    const given = typeof headers === 'string' ? { 'content-type': headers } : headers;
    const answer = api.server.handle({
      method,
      path,
      query: [...new URLSearchParams(query)],
      headers: {
        'user-agent': 'kubectl/v1.35.2',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...given,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const { body: answered } = answer;
    let read: string | undefined;
    /** A stream is read when somebody asks, as far as it has come. */
    const text = (): string => {
      if (read !== undefined) return read;
      if (typeof answered === 'string') return answered;
      read = '';
      for (let chunk = answered.take(); chunk !== undefined; chunk = answered.take()) read += chunk;
      return read;
    };
    return {
      status: answer.status,
      body: answered,
      get text(): string {
        return text();
      },
      warnings: answer.headers.filter(([name]) => name === 'warning').map(([, value]) => value),
      header: (name: string) => answer.headers.find(([key]) => key === name)?.[1],
      get value(): Value {
        return JSON.parse(text());
      },
      /** Of a Status: its code, reason and message. */
      get failure(): string {
        const { code, reason = '', message } = JSON.parse(text()) as JsonObject;
        return `${code} ${reason}: ${message}`;
      },
    };
  };

  /** `manager operation subresource: fields`, in their order. */
  const owners = (url: string): readonly string[] =>
    ((call('GET', url).value.metadata.managedFields ?? []) as readonly ManagedFieldsEntry[]).map(
      ({ manager, operation, subresource, fieldsV1 }) =>
        `${[manager, operation, subresource].filter(Boolean).join(' ')}: ${JSON.stringify(fieldsV1)}`,
    );

  /** The events of a watch so far: `TYPE name`. */
  const watched = (url: string, headers?: Headers): readonly string[] =>
    call('GET', url, undefined, headers)
      .text.split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const { type, object } = JSON.parse(line);
        const end = object.metadata?.annotations?.['k8s.io/initial-events-end'];
        return `${type} ${object.metadata?.name ?? (end ? 'initial-events-end' : (object.message ?? ''))}`;
      });

  return { clock, api, admin, call, owners, watched };
}
