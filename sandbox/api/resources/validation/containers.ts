/** Containers of a pod (validateContainers and what it calls in pkg/apis/core/validation/validation.go). */

import { compareQuantities } from '../../quantity.ts';
import type { Container, PodSpec, Volume } from '../../types.ts';
import { environment } from './environment.ts';
import { duplicate, forbidden, invalid, notFound, notSupported, type Problems, required } from './errors.ts';
import { isDNS1123Label, isPortName, isQualifiedName } from './names.ts';
import { portNumber, type Quantity, resourceQuantity } from './numbers.ts';
import { lifecycle, livenessProbe, readinessProbe, startupProbe } from './probes.ts';
import { containerSecurity } from './security.ts';
import { descendingPath } from './volume-sources.ts';

export type Volumes = ReadonlyMap<string, Pick<Volume, 'persistentVolumeClaim' | 'ephemeral' | 'image'>>;

/** What containers are checked against. */
export interface PodOfContainer {
  readonly volumes: Volumes;
  readonly spec: PodSpec;
}

export function containers(problems: Problems, pod: PodOfContainer, path: string): void {
  const all = pod.spec.containers ?? [];
  if (all.length === 0) {
    problems.add(required(path));
    return;
  }
  const names = new Set<string>();
  for (const [i, container] of all.entries()) {
    common(problems, container, pod, `${path}[${i}]`);
    uniqueName(problems, names, container, `${path}[${i}]`);
    running(problems, container, pod.spec, `${path}[${i}]`);
  }
  hostPortConflicts(problems, all, path);
}

const INIT_ONLY_SIDECARS = ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const;

export function initContainers(problems: Problems, pod: PodOfContainer, path: string): void {
  const names = new Set((pod.spec.containers ?? []).map((one) => one.name));
  for (const [i, container] of (pod.spec.initContainers ?? []).entries()) {
    const own = `${path}[${i}]`;
    common(problems, container, pod, own);
    uniqueName(problems, names, container, own);
    hostPortConflicts(problems, [container], path);
    if (container.restartPolicy === 'Always') running(problems, container, pod.spec, own);
    else {
      for (const field of INIT_ONLY_SIDECARS)
        if (container[field])
          problems.add(forbidden(`${own}.${field}`, 'may not be set for init containers without restartPolicy=Always'));
    }
  }
}

const NOT_EPHEMERAL = [
  'ports',
  'resources',
  'resizePolicy',
  'restartPolicy',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
] as const;
const NOT_FOR_EPHEMERAL = 'cannot be set for an Ephemeral Container';

/** validateEphemeralContainers. */
export function ephemeralContainers(problems: Problems, pod: PodOfContainer, path: string): void {
  const { containers = [], initContainers = [], ephemeralContainers = [] } = pod.spec;
  const others = new Set([...containers, ...initContainers].map(({ name }) => name));
  const names = new Set(others);
  for (const [i, container] of ephemeralContainers.entries()) {
    const own = `${path}[${i}]`;
    common(problems, container as Container, pod, own);
    uniqueName(problems, names, container as Container, own);
    const { targetContainerName: target } = container;
    if (target && !others.has(target)) problems.add(notFound(`${own}.targetContainerName`, target));
    for (const field of NOT_EPHEMERAL)
      if (isSet(container[field])) problems.add(forbidden(`${own}.${field}`, NOT_FOR_EPHEMERAL));
    for (const [j, mount] of (container.volumeMounts ?? []).entries())
      for (const field of ['subPath', 'subPathExpr'] as const)
        if (mount[field]) problems.add(forbidden(`${own}.volumeMounts[${j}].${field}`, NOT_FOR_EPHEMERAL));
  }
}

const isSet = (value: unknown): boolean =>
  value !== undefined && (typeof value !== 'object' || value === null || Object.keys(value).length > 0);

function uniqueName(problems: Problems, names: Set<string>, { name }: Container, path: string): void {
  if (name && names.has(name)) problems.add(duplicate(`${path}.name`, name));
  names.add(name);
}

const TERMINATION_POLICIES = ['File', 'FallbackToLogsOnError'];
const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'];

function common(problems: Problems, container: Container, { volumes, spec }: PodOfContainer, path: string): void {
  if (!container.name) problems.add(required(`${path}.name`));
  else for (const text of isDNS1123Label(container.name)) problems.add(invalid(`${path}.name`, container.name, text));
  if (!container.image) problems.add(required(`${path}.image`));
  const { terminationMessagePolicy, imagePullPolicy } = container;
  if (terminationMessagePolicy && !TERMINATION_POLICIES.includes(terminationMessagePolicy))
    problems.add(notSupported(`${path}.terminationMessagePolicy`, terminationMessagePolicy, TERMINATION_POLICIES));
  if (container.ports) ports(problems, container.ports, `${path}.ports`);
  environment(problems, container, path);
  if (container.volumeMounts) mounts(problems, container, volumes, `${path}.volumeMounts`);
  if (container.volumeDevices) devices(problems, container, volumes, `${path}.volumeDevices`);
  if (imagePullPolicy && !PULL_POLICIES.includes(imagePullPolicy))
    problems.add(notSupported(`${path}.imagePullPolicy`, imagePullPolicy, PULL_POLICIES));
  if (container.resources) requirements(problems, container.resources, `${path}.resources`);
  if (container.resizePolicy) resizePolicy(problems, container.resizePolicy, spec, `${path}.resizePolicy`);
  if (container.securityContext) containerSecurity(problems, container.securityContext, `${path}.securityContext`);
}

const RESIZED = ['cpu', 'memory'];
const RESIZE_POLICIES = ['NotRequired', 'RestartContainer'];

/** validateResizePolicy. */
function resizePolicy(
  problems: Problems,
  all: NonNullable<Container['resizePolicy']>,
  spec: PodSpec,
  path: string,
): void {
  const seen = new Set<string>();
  for (const [i, { resourceName: name, restartPolicy: policy }] of all.entries()) {
    if (seen.has(name)) problems.add(duplicate(`${path}[${i}]`, name));
    seen.add(name);
    if (!name) problems.add(required(path));
    else if (!RESIZED.includes(name)) problems.add(notSupported(path, name, RESIZED));
    if (!policy) problems.add(required(path));
    else if (!RESIZE_POLICIES.includes(policy)) problems.add(notSupported(path, policy, RESIZE_POLICIES));
    if (spec.restartPolicy === 'Never' && policy !== 'NotRequired')
      problems.add(invalid(path, policy, "must be 'NotRequired' when `restartPolicy` is 'Never'"));
  }
}

function running(problems: Problems, container: Container, spec: PodSpec, path: string): void {
  if (container.lifecycle)
    lifecycle(problems, container.lifecycle, spec.terminationGracePeriodSeconds, `${path}.lifecycle`);
  if (container.livenessProbe) livenessProbe(problems, container.livenessProbe, `${path}.livenessProbe`);
  if (container.readinessProbe) readinessProbe(problems, container.readinessProbe, `${path}.readinessProbe`);
  if (container.startupProbe) startupProbe(problems, container.startupProbe, `${path}.startupProbe`);
}

type Port = NonNullable<Container['ports']>[number];

const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const goodPorts = new WeakSet<object>();

function ports(problems: Problems, all: readonly Port[], path: string): void {
  if (goodPorts.has(all)) return;
  const before = problems.count;
  const names = new Set<string>();
  for (const [i, port] of all.entries()) {
    if (port.name) {
      const texts = isPortName(port.name);
      for (const text of texts) problems.add(invalid(`${path}[${i}].name`, port.name, text));
      if (texts.length === 0 && names.has(port.name)) problems.add(duplicate(`${path}[${i}].name`, port.name));
      names.add(port.name);
    }
    if (!port.containerPort) problems.add(required(`${path}[${i}].containerPort`));
    else portNumber(problems, port.containerPort, `${path}[${i}].containerPort`);
    if (port.hostPort) portNumber(problems, port.hostPort, `${path}[${i}].hostPort`);
    if (port.protocol && !PROTOCOLS.includes(port.protocol))
      problems.add(notSupported(`${path}[${i}].protocol`, port.protocol, PROTOCOLS));
  }
  if (problems.count === before) goodPorts.add(all);
}

/** checkHostPortConflicts: `protocol/hostIP/hostPort` once in a pod. */
function hostPortConflicts(problems: Problems, all: readonly Container[], path: string): void {
  const taken = new Set<string>();
  for (const [i, container] of all.entries()) {
    for (const [j, port] of (container.ports ?? []).entries()) {
      if (!port.hostPort) continue;
      const key = `${port.protocol}/${port.hostIP ?? ''}/${port.hostPort}`;
      if (taken.has(key)) problems.add(duplicate(`${path}[${i}].ports[${j}].hostPort`, key));
      taken.add(key);
    }
  }
}

function mounts(problems: Problems, container: Container, volumes: Volumes, path: string): void {
  const paths = new Set<string>();
  const blocks = container.volumeDevices ?? [];
  const all = container.volumeMounts ?? [];
  for (let i = 0; i < all.length; i++) {
    const mount = all[i]!;
    if (!mount.name) problems.add(required(`${path}[${i}].name`));
    if (!volumes.has(mount.name)) problems.add(notFound(`${path}[${i}].name`, mount.name ?? ''));
    const where = mount.mountPath ?? '';
    if (!where) problems.add(required(`${path}[${i}].mountPath`));
    if (paths.has(where)) problems.add(invalid(`${path}[${i}].mountPath`, where, 'must be unique'));
    paths.add(where);
    if (blocks.some((one) => one.name === mount.name))
      problems.add(invalid(`${path}[${i}].name`, mount.name, 'must not already exist in volumeDevices'));
    if (blocks.some((one) => one.devicePath === where))
      problems.add(invalid(`${path}[${i}].mountPath`, where, 'must not already exist as a path in volumeDevices'));
    if (volumes.get(mount.name)?.image)
      for (const field of ['subPath', 'subPathExpr'] as const)
        if (mount[field])
          problems.add(invalid(`${path}[${i}].${field}`, mount[field], 'not allowed in image volume sources'));
    // From here on upstream's paths are those of the list, not of its element.
    if (mount.subPath) descendingPath(problems, mount.subPath, `${path}.subPath`);
    if (mount.subPathExpr) {
      if (mount.subPath)
        problems.add(
          invalid(`${path}[${i}].subPathExpr`, mount.subPathExpr, 'subPathExpr and subPath are mutually exclusive'),
        );
      descendingPath(problems, mount.subPathExpr, `${path}.subPathExpr`);
    }
    propagation(problems, mount, container, `${path}.mountPropagation`);
    recursiveReadOnly(problems, mount, `${path}.recursiveReadOnly`);
  }
}

type Mount = NonNullable<Container['volumeMounts']>[number];

const PROPAGATIONS = ['Bidirectional', 'HostToContainer', 'None'];

/** validateMountPropagation. */
function propagation(problems: Problems, { mountPropagation: how }: Mount, container: Container, path: string): void {
  if (how === undefined) return;
  if (!PROPAGATIONS.includes(how)) problems.add(notSupported(path, how, PROPAGATIONS));
  if (how === 'Bidirectional' && !container.securityContext?.privileged)
    problems.add(forbidden(path, 'Bidirectional mount propagation is available only to privileged containers'));
}

const RECURSIVE = ['Disabled', 'Enabled', 'IfPossible'];

/** validateMountRecursiveReadOnly. */
function recursiveReadOnly(problems: Problems, mount: Mount, path: string): void {
  const how = mount.recursiveReadOnly;
  if (how === undefined || how === 'Disabled') return;
  if (!RECURSIVE.includes(how)) {
    problems.add(notSupported(path, how, RECURSIVE));
    return;
  }
  if (!mount.readOnly) problems.add(forbidden(path, 'may only be specified when readOnly is true'));
  if (mount.mountPropagation !== undefined && mount.mountPropagation !== 'None')
    problems.add(forbidden(path, 'may only be specified when mountPropagation is None or not specified'));
}

function devices(problems: Problems, container: Container, volumes: Volumes, path: string): void {
  const paths = new Set<string>();
  const names = new Set<string>();
  const mounted = container.volumeMounts ?? [];
  for (const [i, device] of (container.volumeDevices ?? []).entries()) {
    const own = `${path}[${i}]`;
    const volume = volumes.get(device.name);
    if (!device.name) problems.add(required(`${own}.name`));
    if (names.has(device.name)) problems.add(invalid(`${own}.name`, device.name, 'must be unique'));
    names.add(device.name);
    if (volume && !volume.persistentVolumeClaim && !volume.ephemeral)
      problems.add(
        invalid(
          `${own}.name`,
          device.name,
          'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode',
        ),
      );
    if (!volume) problems.add(notFound(`${own}.name`, device.name));
    if (!device.devicePath) problems.add(required(`${own}.devicePath`));
    if (paths.has(device.devicePath)) problems.add(invalid(`${own}.devicePath`, device.devicePath, 'must be unique'));
    if (device.devicePath?.split('/').includes('..'))
      problems.add(invalid(`${own}.devicePath`, device.devicePath, "can not contain backsteps ('..')"));
    else paths.add(device.devicePath);
    if (mounted.some((one) => one.name === device.name))
      problems.add(invalid(`${own}.name`, device.name, 'must not already exist in volumeMounts'));
    if (mounted.some((one) => one.mountPath === device.devicePath))
      problems.add(invalid(`${own}.devicePath`, device.devicePath, 'must not already exist as a path in volumeMounts'));
  }
}

type Requirements = NonNullable<Container['resources']>;

const STANDARD = ['cpu', 'memory', 'ephemeral-storage'];
const QUOTA_ONLY = ['storage', 'pods', 'services', 'secrets', 'configmaps', 'persistentvolumeclaims'];
const goodRequirements = new WeakSet<object>();

/** ValidateResourceRequirements. */
function requirements(problems: Problems, all: Requirements, path: string): void {
  if (goodRequirements.has(all)) return;
  const before = problems.count;
  for (const [name, quantity] of entries(all.limits)) {
    resourceName(problems, name, `${path}.limits[${name}]`);
    resourceQuantity(problems, name, quantity, `${path}.limits[${name}]`);
  }
  for (const [name, quantity] of entries(all.requests)) {
    resourceName(problems, name, `${path}.requests[${name}]`);
    resourceQuantity(problems, name, quantity, `${path}.requests[${name}]`);
    const limit = all.limits?.[name];
    if (limit === undefined) {
      if (!isOvercommitAllowed(name))
        problems.add(required(`${path}.limits`, 'Limit must be set for non overcommitable resources'));
      continue;
    }
    const order = compareQuantities(quantity, limit);
    if (order !== 0 && !isOvercommitAllowed(name))
      problems.add(invalid(`${path}.requests`, String(quantity), `must be equal to ${name} limit of ${limit}`));
    else if (order > 0)
      problems.add(
        invalid(`${path}.requests`, String(quantity), `must be less than or equal to ${name} limit of ${limit}`),
      );
  }
  const names = [...Object.keys(all.limits ?? {}), ...Object.keys(all.requests ?? {})];
  if (names.some(isHugePage) && !names.includes('cpu') && !names.includes('memory'))
    problems.add(forbidden(path, 'HugePages require cpu or memory'));
  if (problems.count === before) goodRequirements.add(all);
}

const isHugePage = (name: string): boolean => name.startsWith('hugepages-');

/** Extended resources and huge pages are what a container has, no more and no less. */
const isOvercommitAllowed = (name: string): boolean =>
  (!name.includes('/') || name.includes('kubernetes.io/')) && !isHugePage(name);

const entries = (list: Readonly<Record<string, Quantity>> | undefined) =>
  list ? Object.entries(list).sort(([a], [b]) => (a < b ? -1 : 1)) : [];

/** validateContainerResourceName. */
export function resourceName(problems: Problems, name: string, path: string): void {
  for (const text of isQualifiedName(name)) problems.add(invalid(path, name, text));
  if (name.includes('/') || STANDARD.includes(name) || name.startsWith('hugepages-')) return;
  const known = QUOTA_ONLY.includes(name) || name.startsWith('requests.') || name.startsWith('limits.');
  if (!known) problems.add(invalid(path, name, 'must be a standard resource type or fully qualified'));
  problems.add(invalid(path, name, 'must be a standard resource for containers'));
}
