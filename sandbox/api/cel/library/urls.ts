/** URLs, absolute or a path (apiserver pkg/cel/library/urls.go; Go's url.ParseRequestURI). */

import type { Environment } from '@marcbachmann/cel-js';
import { CelError } from '../errors.ts';

class Url {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly query: URLSearchParams;

  constructor(text: string) {
    const [, scheme = '', host = '', path = '', query = ''] = SHAPE.exec(text)!;
    this.scheme = scheme.toLowerCase();
    this.host = host.replace(/^.*@/, '');
    this.path = path;
    this.query = new URLSearchParams(query);
  }

  get hostname(): string {
    return this.host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1');
  }

  get port(): string {
    return /:(\d+)$/.exec(this.host)?.[1] ?? '';
  }
}

const SHAPE = /^(?:([A-Za-z][A-Za-z0-9+.-]*):(?:\/\/([^/?#]*))?)?([^?#]*)(?:\?([^#]*))?(?:#.*)?$/;

/** Go refuses what is neither absolute nor a path from the root, control characters, and a port that is no number. */
function isUrl(text: string): boolean {
  if (text === '' || /[\x00-\x1f\x7f]/.test(text)) return false;
  const shape = SHAPE.exec(text);
  if (!shape) return false;
  const [, scheme, host] = shape;
  if (scheme === undefined) return text.startsWith('/');
  const rest = host?.replace(/^.*@/, '') ?? '';
  return /^(?:\[[^\]]*\]|[^:\s]*)(?::\d*)?$/.test(rest);
}

function parsed(text: string): Url {
  if (!isUrl(text))
    throw new CelError(
      `URL parse error during conversion from string: parse ${JSON.stringify(text)}: invalid URI for request`,
    );
  return new Url(text);
}

function queryOf({ query }: Url): Record<string, readonly string[]> {
  const names = [...new Set(query.keys())];
  return Object.fromEntries(names.map((name) => [name, query.getAll(name)]));
}

export function urls(environment: Environment): void {
  environment
    .registerType('kubernetes.URL', { ctor: Url, fields: {} })
    .registerFunction('url(string): kubernetes.URL', parsed)
    .registerFunction('isURL(string): bool', isUrl)
    .registerFunction('kubernetes.URL.getScheme(): string', ({ scheme }: Url) => scheme)
    .registerFunction('kubernetes.URL.getHost(): string', ({ host }: Url) => host)
    .registerFunction('kubernetes.URL.getHostname(): string', ({ hostname }: Url) => hostname)
    .registerFunction('kubernetes.URL.getPort(): string', ({ port }: Url) => port)
    .registerFunction('kubernetes.URL.getEscapedPath(): string', ({ path }: Url) =>
      encodeURI(path).replaceAll('%25', '%'),
    )
    .registerFunction('kubernetes.URL.getQuery(): map<string, list<string>>', queryOf);
}
