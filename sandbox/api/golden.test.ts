/** What a real v1.36.2 API server answered, exchange by exchange; those that only controllers or kubelets could bring about are sent, not compared. */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Clock } from '../sim/clock.ts';
import { Random } from '../sim/random.ts';
import type { ApiRequest } from './http.ts';
import { createApi } from './index.ts';
import { resources } from './resources/index.ts';

interface Exchange {
  readonly n: number;
  readonly what: string;
  readonly method: ApiRequest['method'];
  readonly path: string;
  readonly accept: string;
  readonly contentType?: string;
  readonly body?: unknown;
  readonly status?: number;
  readonly warning?: string;
  readonly response?: unknown;
  readonly columns?: unknown;
}

const exchanges = readFileSync(new URL('testdata/raw.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Exchange);

const clock = new Clock(Date.UTC(2026, 10, 22, 20, 16));
const { server, client } = createApi({ clock, random: new Random(1), resources });
const apiServer = client('kube-apiserver');
for (const name of ['default', 'kube-node-lease', 'kube-public', 'kube-system']) {
  apiServer.create('namespaces', '', { metadata: { name } });
}
client('kube-controller-manager').create('serviceaccounts', 'default', { metadata: { name: 'default' } });

function send({ method, path, accept, contentType, body }: Exchange) {
  const [plain = '', query = ''] = path.split('?');
  const response = server.handle({
    method,
    path: plain,
    query: [...new URLSearchParams(query)],
    headers: { accept, 'user-agent': 'kubectl/v1.35.2', ...(contentType && { 'content-type': contentType }) },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const warning = response.headers.filter(([name]) => name === 'warning').map(([, value]) => value);
  return { ...response, warning: warning.length > 0 ? warning.join(', ') : undefined };
}

const UID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** What differs between two real clusters: ids, times, revisions, generated names, the recorder's port. */
function normalised(value: unknown): unknown {
  if (typeof value === 'string') {
    return value
      .replace(UID, '<uid>')
      .replace(/\b(kube-api-access|gen)-[a-z0-9]{5}\b/g, '$1-<suffix>')
      .replace(/:[67]443$/, ':<port>');
  }
  if (Array.isArray(value)) return value.map(normalised);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      typeof inner === 'string' && /^(resourceVersion|time|.*Timestamp|.*Time)$/.test(name) ? '<>' : normalised(inner),
    ]),
  );
}

const parsed = (body: unknown): unknown => {
  try {
    return JSON.parse(String(body));
  } catch {
    return body;
  }
};

describe('raw exchanges', () => {
  for (const exchange of exchanges) {
    test(`${exchange.n} ${exchange.what}: ${exchange.method} ${exchange.path}`, () => {
      const answer = send(exchange);
      if (exchange.columns) {
        expect((parsed(answer.body) as { columnDefinitions: unknown }).columnDefinitions).toEqual(exchange.columns);
      }
      if (exchange.response === undefined) return;
      expect(normalised(parsed(answer.body))).toEqual(normalised(exchange.response));
      expect({ status: answer.status, warning: answer.warning }).toEqual({
        status: exchange.status,
        warning: exchange.warning,
      });
    });
  }
});
