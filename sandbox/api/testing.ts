/** An API server for tests, called by method and URL. */

import { Clock } from '../sim/clock.ts';
import { Random } from '../sim/random.ts';
import type { ApiRequest } from './http.ts';
import { createApi } from './index.ts';
import { resources } from './resources/index.ts';

export function startApi() {
  const clock = new Clock(Date.UTC(2026, 10, 22, 20, 16));
  const api = createApi({ clock, random: new Random(1), resources });
  const admin = api.client('kubectl');
  admin.create('namespaces', '', { metadata: { name: 'default' } });
  admin.create('serviceaccounts', 'default', { metadata: { name: 'default' } });
  const call = (method: ApiRequest['method'], url: string, body?: unknown, contentType = 'application/json') => {
    const [path = '', query = ''] = url.split('?');
    const response = api.server.handle({
      method,
      path,
      query: [...new URLSearchParams(query)],
      headers: { 'user-agent': 'kubectl/v1.35.2', 'content-type': contentType },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { ...response, value: typeof response.body === 'string' ? JSON.parse(response.body) : undefined };
  };
  return { clock, api, admin, call };
}
