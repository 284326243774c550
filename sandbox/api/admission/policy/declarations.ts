/** The variables that a policy's expressions may name, with their types (apiserver pkg/admission/plugin/cel/compile.go). */

import { Declarations } from '../../cel/declarations.ts';

const STRINGS = 'list<string>';
const MAP = 'map<string, string>';
const TIME = 'google.protobuf.Timestamp';

export interface Known {
  readonly params: boolean;
  readonly authorizer: boolean;
  /** Types of `object` and `oldObject`, and of `params`, where they are known. */
  object?(declarations: Declarations): string;
  paramsType?(declarations: Declarations): string;
}

export function policyDeclarations({ params, authorizer, object, paramsType }: Known): Declarations {
  const declarations = new Declarations();
  const type = object?.(declarations) ?? 'dyn';
  declarations
    .variable('object', type)
    .variable('oldObject', type)
    .variable('request', requestType(declarations))
    .variable('namespaceObject', namespaceType(declarations));
  if (params) declarations.variable('params', paramsType?.(declarations) ?? 'dyn');
  if (authorizer) declarations.variable('authorizer', 'kubernetes.authorization.Authorizer');
  return declarations;
}

/** BuildRequestType. */
function requestType(declarations: Declarations): string {
  const kind = declarations.type('kubernetes.GroupVersionKind', { group: 'string', version: 'string', kind: 'string' });
  const resource = declarations.type('kubernetes.GroupVersionResource', {
    group: 'string',
    version: 'string',
    resource: 'string',
  });
  const userInfo = declarations.type('kubernetes.UserInfo', {
    username: 'string',
    uid: 'string',
    groups: STRINGS,
    extra: `map<string, ${STRINGS}>`,
  });
  return declarations.type('kubernetes.AdmissionRequest', {
    kind,
    resource,
    subResource: 'string',
    requestKind: kind,
    requestResource: resource,
    requestSubResource: 'string',
    name: 'string',
    namespace: 'string',
    operation: 'string',
    userInfo,
    dryRun: 'bool',
    options: 'dyn',
  });
}

/** BuildNamespaceType. */
function namespaceType(declarations: Declarations): string {
  const condition = declarations.type('kubernetes.NamespaceCondition', {
    status: 'string',
    type: 'string',
    lastTransitionTime: TIME,
    message: 'string',
    reason: 'string',
  });
  return declarations.type('kubernetes.Namespace', {
    metadata: declarations.type('kubernetes.NamespaceMetadata', {
      name: 'string',
      generateName: 'string',
      namespace: 'string',
      labels: MAP,
      annotations: MAP,
      UID: 'string',
      creationTimestamp: TIME,
      deletionGracePeriodSeconds: 'int',
      deletionTimestamp: TIME,
      generation: 'int',
      resourceVersion: 'string',
      finalizers: STRINGS,
    }),
    spec: declarations.type('kubernetes.NamespaceSpec', { finalizers: STRINGS }),
    status: declarations.type('kubernetes.NamespaceStatus', {
      conditions: `list<${condition}>`,
      phase: 'string',
    }),
  });
}
