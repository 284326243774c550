/** What the API server answers beside the API: health, metrics, the issuer of its tokens (apiserver pkg/server/healthz, pkg/server/routes). */

import type { ApiRequest, ApiResponse } from '../http.ts';
import type { Registry } from '../registry/registry.ts';
import { parameters } from './request.ts';
import { text } from './response.ts';

/** The checks of kube-apiserver 1.36, in the order in which they are installed. */
const HOOKS = [
  'start-apiserver-admission-initializer',
  'generic-apiserver-start-informers',
  'priority-and-fairness-config-consumer',
  'priority-and-fairness-filter',
  'storage-object-count-tracker-hook',
  'start-apiextensions-informers',
  'start-apiextensions-controllers',
  'crd-informer-synced',
  'start-system-namespaces-controller',
  'start-cluster-authentication-info-controller',
  'start-kube-apiserver-identity-lease-controller',
  'start-kube-apiserver-identity-lease-garbage-collector',
  'start-legacy-token-tracking-controller',
  'start-service-ip-repair-controllers',
  'rbac/bootstrap-roles',
  'scheduling/bootstrap-system-priority-classes',
  'priority-and-fairness-config-producer',
  'bootstrap-controller',
  'start-kubernetes-service-cidr-controller',
  'aggregator-reload-proxy-client-cert',
  'start-kube-aggregator-informers',
  'apiservice-status-local-available-controller',
  'apiservice-status-remote-available-controller',
  'apiservice-registration-controller',
  'apiservice-discovery-controller',
  'kube-apiserver-autoregistration',
].map((hook) => `poststarthook/${hook}`);
const LAST = [
  'autoregister-completion',
  'poststarthook/apiservice-openapi-controller',
  'poststarthook/apiservice-openapiv3-controller',
];
const CHECKS: Readonly<Record<string, readonly string[]>> = {
  healthz: ['ping', 'log', 'etcd', ...HOOKS, ...LAST],
  livez: ['ping', 'log', 'etcd', ...HOOKS, ...LAST],
  readyz: ['ping', 'log', 'etcd', 'etcd-readiness', 'informer-sync', ...HOOKS, ...LAST, 'shutdown'],
};

const ISSUER = 'https://kubernetes.default.svc.cluster.local';

/** Undefined when the path means something else. */
export function answerPlain(registry: Registry, request: ApiRequest): ApiResponse | undefined {
  const [, root = '', ...rest] = request.path.split('/');
  const checks = CHECKS[root];
  if (checks) return health(request, root, checks, rest.join('/'));
  if (request.path === '/metrics') return text(200, metrics(registry), METRICS_TYPE);
  if (request.path === '/.well-known/openid-configuration') {
    const document = {
      issuer: ISSUER,
      jwks_uri: 'https://192.168.120.231:6443/openid/v1/jwks',
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    };
    return text(200, JSON.stringify(document), 'application/json');
  }
  if (request.path === '/openid/v1/jwks') return text(200, '{"keys":[]}', 'application/jwk-set+json');
  return undefined;
}

/** healthz.handleRootHealth, and each check by itself. */
function health(request: ApiRequest, root: string, checks: readonly string[], name: string): ApiResponse | undefined {
  if (name !== '') return checks.includes(name) ? text(200, 'ok') : undefined;
  if (!request.query.some(([key]) => key === 'verbose')) return text(200, 'ok');
  const excluded = parameters(request, 'exclude');
  const lines = checks.map((check) => (excluded.includes(check) ? `[+]${check} excluded: ok\n` : `[+]${check} ok\n`));
  const unknown = [...new Set(excluded.filter((check) => !checks.includes(check)))].sort();
  if (unknown.length > 0) {
    const names = unknown.map((check) => JSON.stringify(check)).join(',');
    lines.push(`warn: some health checks cannot be excluded: no matches for ${names}\n`);
  }
  return text(200, `${lines.join('')}${root} check passed\n`);
}

const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores';

/** Of the many metrics of a real one those that the lab can tell the truth of. */
function metrics({ endpoints }: Registry): string {
  const stored = endpoints.filter(({ resource, stored }) => resource === stored);
  const objects = stored
    .map(({ resource, collection }) => {
      const labels = `group="${resource.group}",resource="${resource.name}"`;
      return `apiserver_resource_objects{${labels}} ${collection.size}\n`;
    })
    .sort();
  return [
    '# HELP apiserver_resource_objects [ALPHA] Number of stored objects at the time of last check split by kind. In case of a fetching error, the value will be -1.\n',
    '# TYPE apiserver_resource_objects gauge\n',
    ...objects,
    "# HELP kubernetes_build_info [ALPHA] A metric with a constant '1' value labeled by major, minor, git version, git commit, git tree state, build date, Go version, and compiler from which Kubernetes was built, and platform on which it is running.\n",
    '# TYPE kubernetes_build_info gauge\n',
    'kubernetes_build_info{build_date="1970-01-01T00:00:00Z",compiler="gc",git_commit="$Format:%H$",git_tree_state="",git_version="v1.36.2",go_version="go1.26.10",major="1",minor="36",platform="linux/amd64"} 1\n',
  ].join('');
}
