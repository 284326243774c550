/** What the API server fills into pod specs and templates on decoding (pkg/apis/core/v1/defaults.go). */

import { podRequests } from '../pod-resources.ts';
import { formatQuantity } from '../quantity.ts';
import type { Container, Pod, PodSpec, PodTemplateSpec, Volume } from '../types.ts';
import { change, each, fill, memoized, put } from './shared.ts';

type Probe = NonNullable<Container['livenessProbe']>;
type HttpGet = NonNullable<Probe['httpGet']>;
type LifecycleHandler = NonNullable<NonNullable<Container['lifecycle']>['preStop']>;
type EnvVar = NonNullable<Container['env']>[number];
type ClaimTemplate = NonNullable<NonNullable<Volume['ephemeral']>['volumeClaimTemplate']>;
type ProjectedSource = NonNullable<NonNullable<Volume['projected']>['sources']>[number];
type DownwardItem = NonNullable<NonNullable<Volume['downwardAPI']>['items']>[number];

/** 0644, the mode of projected files. */
const FILE_MODE = 420;

export const defaultPodTemplate = memoized((template: PodTemplateSpec): PodTemplateSpec => {
  const complete = template.metadata ? template : { metadata: {}, ...template };
  return change(complete, 'spec', defaultPodSpec);
});

/** SetDefaults_PodSpec and what hangs below it. The same spec value is looked at once: the pods of one ReplicaSet share theirs. */
const defaultPodSpec = memoized((spec: PodSpec): PodSpec => {
  let next = fill(spec, {
    dnsPolicy: 'ClusterFirst',
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    securityContext: {},
    schedulerName: 'default-scheduler',
  });
  const container = spec.hostNetwork ? (one: Container) => hostPorts(defaultContainer(one)) : defaultContainer;
  next = change(next, 'containers', (all) => each(all, container));
  next = change(next, 'initContainers', (all) => each(all, container));
  next = change(next, 'ephemeralContainers', (all) =>
    each(all, (one) => defaultContainer(one as Container) as typeof one),
  );
  next = change(next, 'volumes', (all) => each(all, defaultVolume));
  next = serviceAccountAlias(next);
  return next;
});

/** Conversion to v1 writes the deprecated alias beside the name (pkg/apis/core/v1/conversion.go). */
function serviceAccountAlias(spec: PodSpec): PodSpec {
  const name = spec.serviceAccountName || spec.serviceAccount;
  return name ? put(put(spec, 'serviceAccountName', name), 'serviceAccount', name) : spec;
}

/** SetDefaults_Pod: what a pod gets and a template does not. */
export function defaultPod(pod: Pod): Pod {
  return change(pod, 'spec', podOnlyDefaults);
}

const podOnlyDefaults = memoized((given: PodSpec): PodSpec => {
  const spec = defaultPodSpec(given);
  let next = fill(spec, { enableServiceLinks: true });
  next = change(next, 'containers', (all) => each(all, requestsFromLimits));
  next = change(next, 'initContainers', (all) => each(all, requestsFromLimits));
  return podLevelRequests(next);
});

const POD_LEVEL = /^(?:cpu|memory|hugepages-.*)$/;

/** setDefaultPodRequests: where the pod has limits of its own, it asks for what its containers do, else for its limits. */
function podLevelRequests(spec: PodSpec): PodSpec {
  const { resources } = spec;
  const limits = Object.entries(resources?.limits ?? {}).filter(([name]) => POD_LEVEL.test(name));
  if (limits.length === 0) return spec;
  const { resources: _, ...plain } = spec;
  const asked = Object.entries(podRequests(plain as PodSpec)).filter(([name]) => name === 'cpu' || name === 'memory');
  const requests = {
    ...Object.fromEntries(limits),
    ...Object.fromEntries(asked.map(([name, amount]) => [name, formatQuantity(amount)])),
    ...resources?.requests,
  };
  return put(spec, 'resources', { ...resources, requests });
}

/** A limit without a request is the request too. */
function requestsFromLimits(container: Container): Container {
  const limits = container.resources?.limits;
  if (!limits) return container;
  const requests = fill(container.resources?.requests ?? {}, limits);
  return { ...container, resources: put(container.resources ?? {}, 'requests', requests) };
}

const hostPorts = (container: Container): Container =>
  change(container, 'ports', (ports) =>
    each(ports, (port) => (port.hostPort ? port : put(port, 'hostPort', port.containerPort))),
  );

function defaultContainer(container: Container): Container {
  let next = fill(container, {
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: isLatest(container.image ?? '') ? 'Always' : 'IfNotPresent',
  });
  next = change(next, 'ports', (ports) => each(ports, (port) => fill(port, { protocol: 'TCP' })));
  next = change(next, 'env', (env) => each(env, defaultEnv));
  next = change(next, 'livenessProbe', defaultProbe);
  next = change(next, 'readinessProbe', defaultProbe);
  next = change(next, 'startupProbe', defaultProbe);
  next = change(next, 'lifecycle', (lifecycle) =>
    change(change(lifecycle, 'postStart', defaultHandler), 'preStop', defaultHandler),
  );
  return next;
}

/** No tag, or `latest`, and no digest (pkg/util/parsers). */
function isLatest(image: string): boolean {
  if (image.includes('@')) return false;
  const tag = /:([^/:]*)$/.exec(image);
  return !tag || tag[1] === 'latest';
}

const defaultEnv = (env: EnvVar): EnvVar =>
  change(env, 'valueFrom', (from) => change(from, 'fieldRef', (ref) => fill(ref, { apiVersion: 'v1' })));

function defaultProbe(probe: Probe): Probe {
  const next = fill(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
  return change(change(next, 'httpGet', defaultHttpGet), 'grpc', (grpc) => fill(grpc, { service: '' }));
}

const defaultHandler = (handler: LifecycleHandler): LifecycleHandler => change(handler, 'httpGet', defaultHttpGet);

const defaultHttpGet = (action: HttpGet): HttpGet => fill(action, { path: '/', scheme: 'HTTP' });

function defaultVolume(volume: Volume): Volume {
  let next = Object.keys(volume).some((key) => key !== 'name') ? volume : { ...volume, emptyDir: {} };
  next = change(next, 'secret', (source) => fill(source, { defaultMode: FILE_MODE }));
  next = change(next, 'configMap', (source) => fill(source, { defaultMode: FILE_MODE }));
  next = change(next, 'hostPath', (source) => fill(source, { type: '' }));
  next = change(next, 'downwardAPI', (source) => {
    const filled = fill(source, { defaultMode: FILE_MODE });
    return change(filled, 'items', (items) => each(items, defaultDownwardItem));
  });
  next = change(next, 'projected', (source) => {
    const filled = fill(source, { defaultMode: FILE_MODE });
    return change(filled, 'sources', (sources) => each(sources, defaultProjectedSource));
  });
  next = change(next, 'ephemeral', (source) => change(source, 'volumeClaimTemplate', defaultClaimTemplate));
  next = change(next, 'iscsi', (source) => fill(source, { iscsiInterface: 'default' }));
  next = change(next, 'rbd', (source) => fill(source, { pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' }));
  next = change(next, 'scaleIO', (source) => fill(source, { storageMode: 'ThinProvisioned', fsType: 'xfs' }));
  next = change(next, 'azureDisk', (source) =>
    fill(source, { cachingMode: 'ReadWrite', kind: 'Shared', fsType: 'ext4', readOnly: false }),
  );
  next = change(next, 'image', (source) =>
    fill(source, { pullPolicy: isLatest(source.reference ?? '') ? 'Always' : 'IfNotPresent' }),
  );
  return next;
}

const defaultDownwardItem = (item: DownwardItem): DownwardItem =>
  change(item, 'fieldRef', (ref) => fill(ref, { apiVersion: 'v1' }));

function defaultProjectedSource(source: ProjectedSource): ProjectedSource {
  const next = change(source, 'serviceAccountToken', (token) => fill(token, { expirationSeconds: 3600 }));
  return change(next, 'downwardAPI', (api) => change(api, 'items', (items) => each(items, defaultDownwardItem)));
}

function defaultClaimTemplate(template: ClaimTemplate): ClaimTemplate {
  const complete = template.metadata ? template : { metadata: {}, ...template };
  return change(complete, 'spec', (spec) => fill(spec, { volumeMode: 'Filesystem', resources: {} }));
}
