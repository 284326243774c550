/** ServiceAccount (pkg/registry/core/serviceaccount). */

import type { Resource } from '../resource.ts';
import type { ServiceAccount } from '../types.ts';
import { aged, named, printed } from './columns.ts';

const MOUNTABLE = 'kubernetes.io/enforce-mountable-secrets';

export const serviceAccounts: Resource<ServiceAccount> = {
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  name: 'serviceaccounts',
  singular: 'serviceaccount',
  shortNames: ['sa'],
  namespaced: true,
  schema: 'io.k8s.api.core.v1.ServiceAccount',
  returnDeletedObject: true,
  subresources: {
    token: { kind: 'TokenRequest', group: 'authentication.k8s.io', version: 'v1', verbs: ['create'] },
  },

  warnings: ({ metadata }, before) =>
    metadata.annotations?.[MOUNTABLE] && !before?.metadata.annotations?.[MOUNTABLE]
      ? [
          `metadata.annotations[${MOUNTABLE}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`,
        ]
      : [],

  ...printed<ServiceAccount>([named, aged]),
};
