/** Reviews of who somebody is and what they may do (pkg/registry/authorization, pkg/registry/authentication, pkg/apis/authorization/validation). */

import { ISSUER, serviceAccountOf } from '../authenticator/service-account.ts';
import { isSuperuser, type User } from '../authenticator/user.ts';
import { mayDo, mayRead, rulesFor } from '../authorizer/rbac.ts';
import { badRequest, invalid } from '../errors.ts';
import type { ApiRequest } from '../http.ts';
import type { Json, JsonObject, KubeObject } from '../object.ts';
import { isJsonObject } from '../patch/merge.ts';
import type { Endpoint, Registry } from '../registry/registry.ts';
import type { FieldError } from '../resource.ts';
import { fieldManager } from '../server/request.ts';
import type { WriteContext } from '../server/write.ts';

const EVERYTHING = {
  resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
  incomplete: false,
};

interface Review {
  readonly registry: Registry;
  readonly kind: string;
  readonly spec: JsonObject;
  /** Who asks. */
  readonly user: User;
}

/** The status of each kind of review. */
const verdicts: Readonly<Record<string, (review: Review) => object>> = {
  selfsubjectreviews: ({ user }) => ({ userInfo: infoOf(user) }),
  tokenreviews: ({ registry, spec }) => {
    if (!spec.token) throw badRequest('token is required for TokenReview in authentication');
    const user = serviceAccountOf(registry, String(spec.token));
    if (!user) return { user: {}, error: 'invalid bearer token' };
    return { authenticated: true, user: infoOf(user), audiences: [ISSUER] };
  },
  selfsubjectaccessreviews: ({ registry, kind, spec, user }) => {
    refuse(kind, attributeErrors(spec));
    return { allowed: isAllowed(registry, user, spec) };
  },
  localsubjectaccessreviews: subjectAccess,
  subjectaccessreviews: subjectAccess,
  selfsubjectrulesreviews: ({ registry, spec, user }) => {
    if (typeof spec.namespace !== 'string' || spec.namespace === '') throw badRequest('no namespace on request');
    if (isSuperuser(user)) return EVERYTHING;
    const { resources, paths } = rulesFor(registry, user, spec.namespace);
    return {
      resourceRules: resources.map(({ verbs = [], apiGroups, resources, resourceNames }) => ({
        verbs,
        apiGroups,
        resources,
        resourceNames,
      })),
      nonResourceRules: paths,
      incomplete: false,
    };
  },
};

const infoOf = ({ name, uid, groups, extra }: User): object => ({
  username: name,
  ...(uid && { uid }),
  groups,
  ...(extra && Object.keys(extra).length > 0 && { extra }),
});

export function reviewed(
  { registry, user }: WriteContext,
  request: ApiRequest,
  { resource }: Endpoint,
  body: KubeObject & { readonly spec?: JsonObject },
): object {
  const { kind, apiVersion, spec = {} } = body;
  const status = verdicts[resource.name]!({ registry, kind, spec, user });
  const head = { kind, apiVersion };
  if (resource.name === 'selfsubjectreviews') {
    return { ...head, metadata: { creationTimestamp: registry.context.timestamp }, status };
  }
  const fields = registry.fields.work({
    manager: fieldManager(request),
    operation: 'Update',
    apiVersion,
    subresource: undefined,
    time: registry.context.timestamp,
    // A struct by value: it is there even before anything is in it.
    before: { ...body, spec: {} } as KubeObject,
    after: body,
  });
  return { ...head, metadata: fields.length > 0 ? { managedFields: fields } : {}, spec, status };
}

function subjectAccess({ registry, kind, spec }: Review): object {
  const { user: name = '', groups } = spec;
  const given = Array.isArray(groups) ? (groups as readonly string[]) : [];
  const errors = attributeErrors(spec);
  if (name === '' && given.length === 0) {
    const detail = 'Invalid value: "": at least one of user or group must be specified';
    errors.push({ type: 'FieldValueInvalid', field: 'spec.user', detail });
  }
  refuse(kind, errors);
  const user = { name: String(name), groups: given };
  return { allowed: isAllowed(registry, user, spec) };
}

function refuse(kind: string, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid({ group: 'authorization.k8s.io', name: kind }, '', errors);
}

/** One of the two, not both. */
function attributeErrors({ resourceAttributes: resource, nonResourceAttributes: path }: JsonObject): FieldError[] {
  if (resource && path) {
    const detail = `Invalid value: ${JSON.stringify(internalForm(path))}: cannot be specified in combination with resourceAttributes`;
    return [{ type: 'FieldValueInvalid', field: 'spec.nonResourceAttributes', detail }];
  }
  if (resource || path) return [];
  const detail = 'Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified';
  return [{ type: 'FieldValueInvalid', field: 'spec.resourceAttributes', detail }];
}

/** As Go prints the internal type, which has no JSON names. */
const internalForm = (value: Json): object => {
  const { path = '', verb = '' } = isJsonObject(value) ? value : {};
  return { Path: path, Verb: verb };
};

function isAllowed(registry: Registry, user: User, { resourceAttributes, nonResourceAttributes }: JsonObject): boolean {
  if (isJsonObject(nonResourceAttributes)) {
    const { path = '', verb = '' } = nonResourceAttributes;
    return mayRead(registry, user, String(verb), String(path));
  }
  const {
    verb = '',
    group = '',
    resource = '',
    subresource,
    namespace = '',
    name = '',
  } = (resourceAttributes ?? {}) as Readonly<Record<string, string>>;
  return mayDo(registry, user, {
    verb,
    group,
    resource: subresource ? `${resource}/${subresource}` : resource,
    namespace,
    name,
  });
}
