/** Server-side apply (apimachinery pkg/util/managedfields, sigs.k8s.io/structured-merge-diff). */

import { failure } from '../errors.ts';
import type { ApiRequest, ApiResponse } from '../http.ts';
import type { Endpoint } from '../registry/registry.ts';
import type { ResourcePath } from '../server/request.ts';
import type { WriteContext } from '../server/write.ts';

export function apply(
  _context: WriteContext,
  _request: ApiRequest,
  _endpoint: Endpoint,
  _path: ResourcePath,
): ApiResponse {
  throw failure(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
}
