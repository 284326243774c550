/** Subresources that are more than a part of their object, by `resource/subresource` (pkg/registry/core/rest/storage_core.go). */

import type { Storage } from '../server/subresources.ts';
import { postBinding } from './pod-binding.ts';
import { evict } from './pod-eviction.ts';
import { createToken } from './service-account-token.ts';

export const storages: Readonly<Record<string, Storage>> = {
  'pods/binding': { POST: postBinding },
  'pods/eviction': { POST: evict },
  'pods/log': { GET: (context, request, _endpoint, path) => context.kubelets.logs(request, path) },
  'serviceaccounts/token': { POST: createToken },
};
