/** Service account tokens as the API server issues them for pods: JSON Web Tokens (pkg/serviceaccount/claims.go). The lab's signature is noise. */

import { ISSUER } from '../api/authenticator/service-account.ts';
import { base64url } from '../api/base64.ts';
import type { Pod, ServiceAccount } from '../api/types.ts';
import type { Random } from '../sim/random.ts';

export interface TokenRequest {
  readonly pod: Pod;
  readonly nodeName: string;
  readonly audience: string | undefined;
  readonly seconds: number;
  readonly now: number;
  readonly random: Random;
  readonly account: ServiceAccount | undefined;
}

export function serviceAccountToken({ pod, nodeName, audience, seconds, now, random, account }: TokenRequest): string {
  const { namespace, name, uid } = pod.metadata;
  const issued = Math.floor(now / 1000);
  const serviceAccount = { name: pod.spec!.serviceAccountName ?? 'default', uid: account?.metadata.uid ?? '' };
  const claims = {
    aud: [audience ?? ISSUER],
    exp: issued + seconds,
    iat: issued,
    iss: ISSUER,
    jti: random.uuid(),
    'kubernetes.io': {
      namespace,
      node: { name: nodeName },
      pod: { name, uid },
      serviceaccount: serviceAccount,
      warnafter: issued + seconds,
    },
    nbf: issued,
    sub: `system:serviceaccount:${namespace}:${serviceAccount.name}`,
  };
  const header = { alg: 'RS256', kid: 'Xb1cYgR8XkWm0sCkOq0tVhYvJp2oQ5uTqF3nK7eLwZs' };
  return `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(claims))}.${signature(random)}`;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** 256 bytes, as RS256 signs. */
function signature(random: Random): string {
  let out = '';
  while (out.length < 342) {
    let bits = random.uint32();
    for (let k = 0; k < 5; k++) {
      out += LETTERS[bits & 63];
      bits >>>= 6;
    }
  }
  return out.slice(0, 342);
}
