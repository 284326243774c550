/** Answers: JSON or YAML bodies, Status objects, warnings (apiserver pkg/endpoints/handlers/responsewriters). */

import { stringify } from 'yaml';
import type { ApiResponse } from '../http.ts';
import type { Status } from '../object.ts';
import { indented } from './indent.ts';
import type { Accepted } from './negotiation.ts';

const PLAIN: Accepted = {
  as: 'object',
  groupVersion: '',
  format: 'json',
  pretty: false,
  type: 'application/json',
};

type Headers = ApiResponse['headers'];

export const text = (status: number, body: string, type = 'text/plain; charset=utf-8'): ApiResponse => ({
  status,
  headers: [['content-type', type]],
  body,
});

/** Keys sorted, lists not indented, and what YAML 1.1 would read as something else quoted, as sigs.k8s.io/yaml writes. */
const GO_YAML = { version: '1.1', sortMapEntries: true, indentSeq: false, lineWidth: 0 } as const;

/** A single dot is a float to YAML's version 1.1 in this library, and plain text to Go's. */
const goYaml = (json: string): string => stringify(JSON.parse(json), GO_YAML).replace(/^(\s*)"\.":/gm, '$1.:');

/** A JSON body, translated if YAML was asked for. */
export function jsonText(status: number, json: string, accept: Accepted = PLAIN, more: Headers = []): ApiResponse {
  const body = accept.format === 'yaml' ? goYaml(json) : accept.pretty ? indented(json) : `${json}\n`;
  return { status, headers: [['content-type', accept.type], ...more], body };
}

/** A body that is written when somebody reads it; a client in the same world takes the value instead. */
export function onDemand(text: () => string, value: () => unknown, accept: Accepted): ApiResponse {
  let written: ApiResponse | undefined;
  return {
    status: 200,
    headers: [['content-type', accept.type]],
    get body() {
      written ??= jsonText(200, text(), accept);
      return written.body;
    },
    get value() {
      return value();
    },
  };
}

export const json = (status: number, value: object, accept: Accepted = PLAIN, more: Headers = []): ApiResponse =>
  jsonText(status, JSON.stringify(value), accept, more);

/** `Warning: 299 - "text"` (RFC 7234). */
export const warningHeaders = (warnings: readonly string[]): Headers =>
  [...new Set(warnings)].map((warning) => ['warning', `299 - ${quoted(warning)}`] as const);

const quoted = (value: string): string => `"${value.replace(/[\\"]/g, '\\$&').replaceAll('\n', ' ')}"`;

export function statusResponse(status: Status, accept: Accepted | undefined, more: Headers = []): ApiResponse {
  const { kind, apiVersion, metadata, ...rest } = status;
  const text = JSON.stringify({ kind, apiVersion, metadata, ...rest }).replace(/[<>&]/g, escaped);
  return jsonText(status.code ?? 500, text, accept, [...retry(status), ...more]);
}

/** encoding/json escapes what HTML would read. */
const escaped = (char: string): string => `\\u00${char.charCodeAt(0).toString(16)}`;

const retry = ({ details }: Status): Headers =>
  details?.retryAfterSeconds ? [['retry-after', String(details.retryAfterSeconds)]] : [];
