/** The variables that a policy's expressions may name, with their types (apiserver pkg/admission/plugin/cel/compile.go). */

import { Declarations } from '../../cel/declarations.ts';
import { AUTHORIZER, RESOURCE_CHECK } from '../../cel/overloads.ts';
import { BOOL, type CelType, DYN, INT, listOf, mapOf, STRING, structOf, TIMESTAMP } from '../../cel/type.ts';

export interface Known {
  readonly params: boolean;
  readonly authorizer: boolean;
  /** Types of `object` and `oldObject`, and of `params`, where they are known. */
  readonly object?: CelType | undefined;
  readonly paramsType?: CelType | undefined;
}

export function policyDeclarations({ params, authorizer, object = DYN, paramsType = DYN }: Known): Declarations {
  const declarations = new Declarations()
    .variable('object', object)
    .variable('oldObject', object)
    .variable('request', REQUEST)
    .variable('namespaceObject', NAMESPACE);
  if (params) declarations.variable('params', paramsType);
  if (authorizer)
    declarations.variable('authorizer', AUTHORIZER).variable('authorizer.requestResource', RESOURCE_CHECK);
  return declarations;
}

const STRINGS = listOf(STRING);
const TEXTS = mapOf(STRING, STRING);

const KIND = structOf('kubernetes.GroupVersionKind', { group: STRING, version: STRING, kind: STRING });
const RESOURCE = structOf('kubernetes.GroupVersionResource', { group: STRING, version: STRING, resource: STRING });

/** BuildRequestType. */
const REQUEST = structOf('kubernetes.AdmissionRequest', {
  kind: KIND,
  resource: RESOURCE,
  subResource: STRING,
  requestKind: KIND,
  requestResource: RESOURCE,
  requestSubResource: STRING,
  name: STRING,
  namespace: STRING,
  operation: STRING,
  userInfo: structOf('kubernetes.UserInfo', {
    username: STRING,
    uid: STRING,
    groups: STRINGS,
    extra: mapOf(STRING, STRINGS),
  }),
  dryRun: BOOL,
  options: DYN,
});

/** BuildNamespaceType. */
const NAMESPACE = structOf('kubernetes.Namespace', {
  metadata: structOf('kubernetes.NamespaceMetadata', {
    name: STRING,
    generateName: STRING,
    namespace: STRING,
    labels: TEXTS,
    annotations: TEXTS,
    UID: STRING,
    creationTimestamp: TIMESTAMP,
    deletionGracePeriodSeconds: INT,
    deletionTimestamp: TIMESTAMP,
    generation: INT,
    resourceVersion: STRING,
    finalizers: STRINGS,
  }),
  spec: structOf('kubernetes.NamespaceSpec', { finalizers: STRINGS }),
  status: structOf('kubernetes.NamespaceStatus', {
    conditions: listOf(
      structOf('kubernetes.NamespaceCondition', {
        status: STRING,
        type: STRING,
        lastTransitionTime: TIMESTAMP,
        message: STRING,
        reason: STRING,
      }),
    ),
    phase: STRING,
  }),
});
