/** Answers: JSON or YAML bodies, Status objects, warnings, and what the client accepts (apiserver pkg/endpoints/handlers/negotiation). */

import { stringify } from 'yaml';
import { failure } from '../errors.ts';
import type { ApiRequest, ApiResponse } from '../http.ts';
import type { Status } from '../object.ts';

export type Representation = 'object' | 'Table' | 'PartialObjectMetadata' | 'APIGroupDiscoveryList';

export interface Accepted {
  readonly as: Representation;
  readonly format: 'json' | 'yaml';
  /** The content type answered. */
  readonly type: string;
}

const REPRESENTATIONS: Readonly<Record<string, Representation>> = {
  Table: 'Table',
  PartialObjectMetadata: 'PartialObjectMetadata',
  PartialObjectMetadataList: 'PartialObjectMetadata',
  APIGroupDiscoveryList: 'APIGroupDiscoveryList',
};

const PLAIN: Accepted = { as: 'object', format: 'json', type: 'application/json' };

/** The first media type of the Accept header that the server can serve. */
export function accepted(request: ApiRequest): Accepted {
  const header = request.headers.accept;
  if (!header) return PLAIN;
  for (const clause of header.split(',')) {
    const [type = '', ...given] = clause.split(';').map((part) => part.trim());
    const format = formatOf(type);
    if (!format) continue;
    const as = given.find((part) => part.startsWith('as='))?.slice(3);
    if (!as) return { as: 'object', format, type: format === 'yaml' ? 'application/yaml' : 'application/json' };
    const representation = REPRESENTATIONS[as];
    if (!representation) continue;
    const type_ = representation === 'APIGroupDiscoveryList' ? [type, ...given].join(';') : 'application/json';
    return { as: representation, format, type: type_ };
  }
  throw failure(
    406,
    'NotAcceptable',
    'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf, application/cbor',
  );
}

function formatOf(type: string): 'json' | 'yaml' | undefined {
  if (type === 'application/json' || type === '*/*' || type === 'application/*' || type === '') return 'json';
  return type === 'application/yaml' ? 'yaml' : undefined;
}

type Headers = ApiResponse['headers'];

export const text = (status: number, body: string, type = 'text/plain; charset=utf-8'): ApiResponse => ({
  status,
  headers: [['content-type', type]],
  body,
});

/** A JSON body, translated if YAML was asked for. */
export function jsonText(status: number, json: string, accept: Accepted = PLAIN, more: Headers = []): ApiResponse {
  const body = accept.format === 'yaml' ? stringify(JSON.parse(json)) : `${json}\n`;
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

export function statusResponse(status: Status, more: Headers = []): ApiResponse {
  const { kind, apiVersion, metadata, ...rest } = status;
  return json(status.code ?? 500, { kind, apiVersion, metadata, ...rest }, PLAIN, [...retry(status), ...more]);
}

const retry = ({ details }: Status): Headers =>
  details?.retryAfterSeconds ? [['retry-after', String(details.retryAfterSeconds)]] : [];
