/** Image references as distribution/reference parses them: what `nginx` means in full, and what is no reference at all. */

export interface ImageReference {
  /** `docker.io`, `registry.k8s.io`. */
  readonly domain: string;
  /** `library/nginx`. */
  readonly path: string;
  /** Undefined only beside a digest. */
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** Why a text is no image reference, in Go's words (distribution/reference/reference.go). */
export class InvalidReference extends Error {}

const PATH = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
const DOMAIN =
  /^(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*(?::[0-9]+)?$/;

/** ParseNormalizedNamed and TagNameOnly: short names belong to docker.io/library, and to `latest`. */
export function parseReference(text: string): ImageReference {
  if (/^[0-9a-f]{64}$/.test(text)) {
    throw new InvalidReference(`invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`);
  }
  const { domain, rest } = splitDomain(text);
  const { path, tag, digest } = splitTag(rest);
  if (path.toLowerCase() !== path) {
    throw new InvalidReference(`invalid reference format: repository name (${path}) must be lowercase`);
  }
  const valid =
    PATH.test(path) &&
    DOMAIN.test(domain) &&
    (tag === undefined || TAG.test(tag)) &&
    (digest === undefined || DIGEST.test(digest));
  if (!valid) throw new InvalidReference('invalid reference format');
  return { domain, path, tag: tag ?? (digest === undefined ? 'latest' : undefined), digest };
}

/** `docker.io/library/nginx`. */
export const repositoryName = (reference: ImageReference): string => `${reference.domain}/${reference.path}`;

/** `docker.io/library/nginx:latest`, as containerd names images. */
export function fullName(reference: ImageReference): string {
  const tag = reference.tag === undefined ? '' : `:${reference.tag}`;
  const digest = reference.digest === undefined ? '' : `@${reference.digest}`;
  return `${repositoryName(reference)}${tag}${digest}`;
}

function splitDomain(text: string): { domain: string; rest: string } {
  const slash = text.indexOf('/');
  const first = text.slice(0, slash);
  const isDomain = slash >= 0 && (/[.:]/.test(first) || first === 'localhost' || first.toLowerCase() !== first);
  if (!isDomain) return { domain: 'docker.io', rest: slash < 0 ? `library/${text}` : text };
  const rest = text.slice(slash + 1);
  if (first === 'docker.io' || first === 'index.docker.io') {
    return { domain: 'docker.io', rest: rest.includes('/') ? rest : `library/${rest}` };
  }
  return { domain: first, rest };
}

function splitTag(rest: string): { path: string; tag: string | undefined; digest: string | undefined } {
  const at = rest.indexOf('@');
  const digest = at < 0 ? undefined : rest.slice(at + 1);
  const name = at < 0 ? rest : rest.slice(0, at);
  const colon = name.indexOf(':');
  if (colon < 0) return { path: name, tag: undefined, digest };
  return { path: name.slice(0, colon), tag: name.slice(colon + 1), digest };
}
