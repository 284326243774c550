/**
 * What a real v1.36.2 API server answered about a custom resource, exchange by exchange (golden/second/raw-crd). Left out: watches, the OpenAPI document,
 * protobuf (the host's), a body that is no JSON at all, the YAML of a list, whose key `.` our printer quotes,
 * and a patch of the uid, which is refused otherwise (of every kind).
 */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { startApi } from '../testing.ts';

interface Exchange {
  readonly n: number;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly accept?: string;
  readonly contentType?: string;
  readonly body?: unknown;
  readonly status?: number;
  readonly warning?: readonly string[];
  readonly response?: unknown;
}

const exchanges = readFileSync(new URL('testdata/raw.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Exchange);

const UID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const LEFT_OUT = /^(?:resourceVersion|time|continue|uid|.*Timestamp|.*Time)$/;

/** What differs between two real clusters; ages and names by chance. */
function normalised(value: unknown): unknown {
  if (typeof value === 'string')
    return value
      .replace(UID, '<uid>')
      .replace(/\bgen-[a-z0-9]{5}\b/g, 'gen-<suffix>')
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, '<time>')
      .replace(/(resourceVersion: |resource version: |current: )"?\d+"?/g, '$1<revision>')
      .replace(/^\d+s$/, '<age>');
  if (Array.isArray(value)) return value.map(normalised);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      typeof inner === 'string' && LEFT_OUT.test(name) ? '<>' : normalised(inner),
    ]),
  );
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** The properties of a schema are a Go map: its errors come in any order. */
function inOrder(value: unknown): unknown {
  const { message, details } = value as { message?: string; details?: { causes?: readonly { field?: string }[] } };
  if (!details?.causes || typeof message !== 'string') return value;
  const causes = details.causes.toSorted((a, b) => (String(a.field) < String(b.field) ? -1 : 1));
  const sorted = message.split(/(?:, (?=[.\w]+: )|[[\]])/).sort();
  return { ...(value as object), message: sorted, details: { ...details, causes } };
}

describe('raw exchanges', () => {
  const { call, clock } = startApi();
  for (const { n, method, path, accept, contentType, body, status, warning, response } of exchanges) {
    test(`${n} ${method} ${path} ${JSON.stringify(body ?? '').slice(0, 60)}`, () => {
      const headers = {
        'user-agent': 'curl/8.5.0',
        ...(accept && { accept }),
        'content-type': contentType ?? 'application/json',
      };
      const answer = call(method, path.replaceAll(' ', '%20'), body, headers);
      clock.advanceTo(clock.now + 300);
      if (status === undefined) return;
      expect(inOrder(normalised(parsed(answer.text)))).toEqual(inOrder(normalised(response)));
      expect(answer.status).toBe(status);
      expect(answer.warnings).toEqual(warning ?? []);
    });
  }
});
