/** POST serviceaccounts/NAME/token: a JSON web token of the right shape; nobody checks its signature here (pkg/registry/core/serviceaccount/storage/token.go). */

import { ISSUER } from '../authenticator/service-account.ts';
import { base64url } from '../base64.ts';
import { badRequest, conflict, invalid, notFound } from '../errors.ts';
import type { ApiRequest, ApiResponse } from '../http.ts';
import type { KubeObject } from '../object.ts';
import type { Endpoint } from '../registry/registry.ts';
import { readObject } from '../server/body.ts';
import { checkOptions } from '../server/options.ts';
import type { ResourcePath } from '../server/request.ts';
import { isDryRun } from '../server/request.ts';
import { json } from '../server/response.ts';
import type { WriteContext } from '../server/write.ts';
import { parent } from '../server/write.ts';
import { timestamp } from '../time.ts';
import type { ServiceAccount } from '../types.ts';

const HOUR = 3600;
const SHORTEST = 600;
const LONGEST = 2 ** 32;

interface BoundObject {
  readonly kind?: string;
  readonly apiVersion?: string;
  readonly name?: string;
  readonly uid?: string;
}

/** ValidateTokenRequest. */
function checkLifetime(seconds: number, name: string): void {
  const refuse = (why: string) =>
    invalid({ group: 'authentication.k8s.io', name: 'TokenRequest' }, name, [
      { type: 'FieldValueInvalid', field: 'spec.expirationSeconds', detail: `Invalid value: ${seconds}: ${why}` },
    ]);
  if (seconds < SHORTEST) throw refuse('may not specify a duration less than 10 minutes');
  if (seconds > LONGEST) throw refuse('may not specify a duration larger than 2^32 seconds');
}

/** What a token may be bound to; it must be there, and be the one that is meant. */
const BINDABLE: Readonly<Record<string, string>> = { 'v1/Pod': 'pods', 'v1/Secret': 'secrets', 'v1/Node': 'nodes' };

function checkBound({ registry }: WriteContext, namespace: string, bound: BoundObject): void {
  const { kind = '', apiVersion = '', name = '', uid } = bound;
  const resource = BINDABLE[`${apiVersion}/${kind}`];
  if (!resource) {
    const groupVersion = apiVersion.includes('/') ? apiVersion : `/${apiVersion}`;
    throw badRequest(`cannot bind token for object of type ${groupVersion}, Kind=${kind}`);
  }
  const object = registry.context.lookup(resource, resource === 'nodes' ? '' : namespace, name);
  if (!object) throw notFound({ group: '', name: resource }, name);
  if (uid && uid !== object.metadata.uid) {
    throw conflict(
      { group: '', name: resource },
      name,
      `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  }
}

export function createToken(
  context: WriteContext,
  request: ApiRequest,
  endpoint: Endpoint,
  path: ResourcePath,
): ApiResponse {
  checkOptions(request, 'CreateOptions');
  const account = parent(endpoint, path) as ServiceAccount;
  const body = readObject(context, request, endpoint, {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    schema: 'io.k8s.api.authentication.v1.TokenRequest',
  }) as KubeObject & {
    readonly spec?: {
      readonly expirationSeconds?: number;
      readonly audiences?: readonly string[];
      readonly boundObjectRef?: BoundObject;
    };
  };
  context.registry.admission.review({
    operation: 'CREATE',
    resource: endpoint.resource,
    subresource: path.subresource,
    namespace: path.namespace,
    name: path.name,
    object: body,
    oldObject: undefined,
    dryRun: isDryRun(request),
    user: context.user,
    warn: context.warn,
  });
  const { clock, random } = context.registry;
  const lifetime = body.spec?.expirationSeconds ?? HOUR;
  checkLifetime(lifetime, path.name);
  const bound = body.spec?.boundObjectRef;
  if (bound) checkBound(context, path.namespace, bound);
  const issued = Math.floor(clock.now / 1000);
  const audiences = body.spec?.audiences?.length ? body.spec.audiences : [ISSUER];
  const claims = {
    aud: audiences,
    exp: issued + lifetime,
    iat: issued,
    iss: ISSUER,
    jti: random.uuid(),
    'kubernetes.io': { namespace: path.namespace, serviceaccount: { name: path.name, uid: account.metadata.uid } },
    nbf: issued,
    sub: `system:serviceaccount:${path.namespace}:${path.name}`,
  };
  const token = [
    base64url(JSON.stringify({ alg: 'RS256', kid: random.hex(43) })),
    base64url(JSON.stringify(claims)),
    base64url(random.hex(256)),
  ];
  return json(201, {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name: path.name, namespace: path.namespace, creationTimestamp: timestamp(clock.now) },
    spec: { audiences, expirationSeconds: lifetime, boundObjectRef: bound ?? null },
    status: { token: token.join('.'), expirationTimestamp: timestamp(clock.now + lifetime * 1000) },
  });
}
