/** `authorizer`: what somebody may do (apiserver pkg/cel/library/authz.go). Selectors are taken, and not looked at: RBAC has none. */

import type { Environment } from '@marcbachmann/cel-js';
import { isDNS1123Label, isDNS1123Subdomain } from '../../resources/validation/names.ts';
import { CelError } from '../errors.ts';

export interface AccessAttributes {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

export type Access = Omit<AccessAttributes, 'verb'>;

/** Who is asked. */
export interface AccessReviewer {
  mayDo(attributes: AccessAttributes): boolean;
  mayRead(verb: string, path: string): boolean;
  /** The same of a service account. */
  as(serviceAccount: { readonly namespace: string; readonly name: string }): AccessReviewer;
}

export class Authorizer {
  readonly reviewer: AccessReviewer;
  /** `authorizer.requestResource`: what the request is about. */
  readonly requestResource: ResourceCheck;

  constructor(reviewer: AccessReviewer, request: Access) {
    this.reviewer = reviewer;
    this.requestResource = new ResourceCheck(reviewer, request);
  }
}

class GroupCheck {
  readonly reviewer: AccessReviewer;
  readonly group: string;

  constructor(reviewer: AccessReviewer, group: string) {
    this.reviewer = reviewer;
    this.group = group;
  }
}

class ResourceCheck {
  readonly reviewer: AccessReviewer;
  readonly access: Access;

  constructor(reviewer: AccessReviewer, access: Access) {
    this.reviewer = reviewer;
    this.access = access;
  }

  with(more: Partial<Access>): ResourceCheck {
    return new ResourceCheck(this.reviewer, { ...this.access, ...more });
  }
}

class PathCheck {
  readonly reviewer: AccessReviewer;
  readonly path: string;

  constructor(reviewer: AccessReviewer, path: string) {
    this.reviewer = reviewer;
    this.path = path;
  }
}

class Decision {
  readonly allowed: boolean;

  constructor(allowed: boolean) {
    this.allowed = allowed;
  }
}

function named(text: string, what: string): string {
  if (text.trim() === '') throw new CelError(`${what} must not be empty`);
  return text;
}

function serviceAccount({ reviewer, requestResource }: Authorizer, namespace: string, name: string): Authorizer {
  if (isDNS1123Subdomain(name).length > 0) throw new CelError('Invalid service account name');
  if (isDNS1123Label(namespace).length > 0) throw new CelError('Invalid service account namespace');
  return new Authorizer(reviewer.as({ namespace, name }), requestResource.access);
}

const P = 'kubernetes.authorization';

export function authorization(environment: Environment): void {
  environment
    .registerType(`${P}.Decision`, { ctor: Decision, fields: {} })
    .registerType(`${P}.ResourceCheck`, { ctor: ResourceCheck, fields: {} })
    .registerType(`${P}.GroupCheck`, { ctor: GroupCheck, fields: {} })
    .registerType(`${P}.PathCheck`, { ctor: PathCheck, fields: {} })
    .registerType(`${P}.Authorizer`, { ctor: Authorizer, fields: { requestResource: `${P}.ResourceCheck` } })
    .registerFunction(
      `${P}.Authorizer.path(string): ${P}.PathCheck`,
      ({ reviewer }: Authorizer, path: string) => new PathCheck(reviewer, named(path, 'path')),
    )
    .registerFunction(
      `${P}.Authorizer.group(string): ${P}.GroupCheck`,
      ({ reviewer }: Authorizer, group: string) => new GroupCheck(reviewer, group),
    )
    .registerFunction(`${P}.Authorizer.serviceAccount(string, string): ${P}.Authorizer`, serviceAccount)
    .registerFunction(
      `${P}.GroupCheck.resource(string): ${P}.ResourceCheck`,
      ({ reviewer, group }: GroupCheck, resource: string) =>
        new ResourceCheck(reviewer, {
          group,
          resource: named(resource, 'resource'),
          subresource: '',
          namespace: '',
          name: '',
        }),
    )
    .registerFunction(
      `${P}.PathCheck.check(string): ${P}.Decision`,
      ({ reviewer, path }: PathCheck, verb: string) => new Decision(reviewer.mayRead(verb, path)),
    )
    .registerFunction(
      `${P}.ResourceCheck.check(string): ${P}.Decision`,
      ({ reviewer, access }: ResourceCheck, verb: string) => new Decision(reviewer.mayDo({ verb, ...access })),
    )
    .registerFunction(`${P}.Decision.allowed(): bool`, ({ allowed }: Decision) => allowed)
    .registerFunction(`${P}.Decision.errored(): bool`, () => false)
    .registerFunction(`${P}.Decision.error(): string`, () => '')
    .registerFunction(`${P}.Decision.reason(): string`, () => '');
  for (const field of ['subresource', 'namespace', 'name'])
    environment.registerFunction(
      `${P}.ResourceCheck.${field}(string): ${P}.ResourceCheck`,
      (check: ResourceCheck, value: string) => check.with({ [field]: value }),
    );
  for (const selector of ['fieldSelector', 'labelSelector'])
    environment.registerFunction(
      `${P}.ResourceCheck.${selector}(string): ${P}.ResourceCheck`,
      (check: ResourceCheck) => check,
    );
}
