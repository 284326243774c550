/** What a request asks for, read from its path and query (apiserver pkg/endpoints/request/requestinfo.go). */

import { badRequest } from '../errors.ts';
import type { ApiRequest } from '../http.ts';

/** A request for a resource, `/api/v1/namespaces/NS/RESOURCE/NAME/SUBRESOURCE` and its shorter kin. */
export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  readonly namespace: string;
  readonly resource: string;
  readonly name: string;
  readonly subresource: string;
  /** What follows a proxy subresource. */
  readonly rest: string;
  /** The old form of a watch: `/api/v1/watch/namespaces/NS/pods`. */
  readonly watch: boolean;
}

/** Namespaces' own subresources: `/namespaces/NS/pods` is a list of pods, `/namespaces/NS/status` is not. */
const NAMESPACE_SUBRESOURCES = ['status', 'finalize'];

/**
 * Undefined for a path that is none of a resource. Empty parts stay: `/namespaces//pods`, which clients write when they
 * have no namespace to name, is a list of all namespaces; what begins with two slashes is routed nowhere.
 */
export function resourcePath(path: string): ResourcePath | undefined {
  const decoded = decode(path);
  if (decoded.startsWith('//')) return undefined;
  const parts = decoded.replace(/^\/|\/+$/g, '').split('/');
  const legacy = parts[0] === 'api';
  if (!legacy && parts[0] !== 'apis') return undefined;
  const group = legacy ? '' : (parts[1] ?? '');
  const version = parts[legacy ? 1 : 2];
  let rest = parts.slice(legacy ? 2 : 3);
  if (version === undefined || rest.length === 0) return undefined;
  const watch = rest[0] === 'watch' && rest.length > 1;
  if (watch) rest = rest.slice(1);
  let namespace = '';
  if (rest[0] === 'namespaces' && rest.length > 1) {
    namespace = rest[1]!;
    if (rest.length > 2 && !NAMESPACE_SUBRESOURCES.includes(rest[2]!)) rest = rest.slice(2);
  }
  const [resource = '', name = '', subresource = '', ...more] = rest;
  return {
    group,
    version,
    namespace: resource === 'namespaces' ? '' : namespace,
    resource,
    name,
    subresource,
    rest: more.join('/'),
    watch,
  };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The first value of a query parameter. */
export function parameter(request: ApiRequest, name: string): string | undefined {
  return request.query.find(([key]) => key === name)?.[1];
}

export const parameters = (request: ApiRequest, name: string): readonly string[] =>
  request.query.filter(([key]) => key === name).map(([, value]) => value);

/** As Go's conversion of query parameters to bool: absent, "false" and "0" are false. */
export function flag(request: ApiRequest, name: string): boolean {
  const value = parameter(request, name);
  return value !== undefined && value.toLowerCase() !== 'false' && value !== '0';
}

export function wholeNumber(request: ApiRequest, name: string): number | undefined {
  const value = parameter(request, name);
  if (value === undefined || value === '') return undefined;
  if (!/^[-+]?[0-9]+$/.test(value))
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`);
  return Number(value);
}

/** Its values are checked with the other options. */
export const isDryRun = (request: ApiRequest): boolean => parameters(request, 'dryRun').length > 0;

const MAX_MANAGER_LENGTH = 128;

/** The field manager: as asked, else the user agent's product name. */
export function fieldManager(request: ApiRequest): string {
  const asked = parameter(request, 'fieldManager');
  if (asked) return asked;
  const agent = request.headers['user-agent'] ?? 'unknown';
  return agent.split('/')[0]!.slice(0, MAX_MANAGER_LENGTH) || 'unknown';
}
