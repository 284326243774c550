/** Tokens of service accounts (pkg/serviceaccount/jwt.go, claims.go): of this issuer, of their time, of objects that are still there. Their signature is noise here. */

import { fromBase64 } from '../base64.ts';
import type { KubeObject } from '../object.ts';
import type { Registry } from '../registry/registry.ts';
import { AUTHENTICATED, serviceAccountGroups, type User } from './user.ts';

export const ISSUER = 'https://kubernetes.default.svc.cluster.local';
/** A clock may be off by so many seconds. */
const LEEWAY = 60;

interface Reference {
  readonly name?: string;
  readonly uid?: string;
}

interface Claims {
  readonly aud?: readonly string[];
  readonly exp?: number;
  readonly nbf?: number;
  readonly iss?: string;
  readonly jti?: string;
  readonly 'kubernetes.io'?: {
    readonly namespace?: string;
    readonly serviceaccount?: Reference;
    readonly pod?: Reference;
    readonly secret?: Reference;
    readonly node?: Reference;
  };
}

/** Undefined if it is none of ours, or not good any more. */
export function serviceAccountOf({ context, clock }: Registry, token: string): User | undefined {
  const claims = claimsOf(token);
  const bound = claims?.['kubernetes.io'];
  if (!claims || !bound || claims.iss !== ISSUER || !claims.aud?.includes(ISSUER)) return undefined;
  const now = clock.now / 1000;
  if ((claims.exp ?? 0) + LEEWAY < now || (claims.nbf ?? 0) - LEEWAY > now) return undefined;
  const { namespace = '', serviceaccount = {}, pod, secret, node } = bound;
  const isThere = (resource: string, { name = '', uid }: Reference) =>
    (context.lookup(resource, namespace, name) as KubeObject | undefined)?.metadata.uid === uid;
  if (!isThere('serviceaccounts', serviceaccount)) return undefined;
  if ((pod && !isThere('pods', pod)) || (secret && !isThere('secrets', secret))) return undefined;
  const { name = '', uid } = serviceaccount;
  const extra = {
    ...(claims.jti && { 'authentication.kubernetes.io/credential-id': [`JTI=${claims.jti}`] }),
    ...(node?.name && { 'authentication.kubernetes.io/node-name': [node.name] }),
    ...(pod?.name && { 'authentication.kubernetes.io/pod-name': [pod.name] }),
    ...(pod?.uid && { 'authentication.kubernetes.io/pod-uid': [pod.uid] }),
  };
  return {
    name: `system:serviceaccount:${namespace}:${name}`,
    ...(uid && { uid }),
    groups: [...serviceAccountGroups(namespace), AUTHENTICATED],
    extra,
  };
}

function claimsOf(token: string): Claims | undefined {
  const parts = token.split('.');
  if (parts.length !== 3) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(fromBase64(parts[1]!))) as Claims;
  } catch {
    return undefined;
  }
}
