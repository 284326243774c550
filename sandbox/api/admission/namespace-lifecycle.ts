/** NamespaceLifecycle: nothing is written in a namespace that is not there, nothing made in one that is going, and some stay (apiserver pkg/admission/plugin/namespace/lifecycle). */

import { forbidden, notFound } from '../errors.ts';
import type { StrategyContext } from '../resource.ts';
import type { Namespace } from '../types.ts';
import type { Attributes, Plugin } from './plugin.ts';
import { refused, requestName } from './plugin.ts';

/** Namespaces that may not be deleted. */
const IMMORTAL: readonly string[] = ['default', 'kube-system', 'kube-public'];

export const namespaceLifecycle: Plugin = {
  name: 'NamespaceLifecycle',
  operations: ['CREATE', 'UPDATE', 'DELETE'],
  resources: ['*/*'],
  admit: (object, attributes, context) => {
    check(attributes, context);
    return object;
  },
};

function check(attributes: Attributes, { lookup }: StrategyContext): void {
  const { operation, resource, namespace: name } = attributes;
  if (operation === 'DELETE') {
    if (resource.name === 'namespaces' && resource.group === '' && IMMORTAL.includes(attributes.name))
      throw refused(attributes, 'this namespace may not be deleted');
    return;
  }
  if (!name) return;
  const namespace = lookup('namespaces', '', name) as Namespace | undefined;
  if (!namespace) throw notFound({ group: '', name: 'namespaces' }, name);
  if (operation !== 'CREATE' || namespace.status?.phase !== 'Terminating') return;
  throw forbidden(
    resource,
    requestName(attributes),
    `unable to create new content in namespace ${name} because it is being terminated`,
    [
      {
        reason: 'NamespaceTerminating',
        message: `namespace ${name} is being terminated`,
        field: 'metadata.namespace',
      },
    ],
  );
}
