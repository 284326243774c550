/** What the built-in admission plugins make of a new pod (plugin/pkg/admission/{serviceaccount,priority,defaulttolerationseconds}). */

import { forbidden } from '../errors.ts';
import type { StrategyContext } from '../resource.ts';
import type { Container, Pod, PodSpec, Volume } from '../types.ts';
import { each, put } from './shared.ts';

const PODS = { group: '', name: 'pods' };
const MIRROR = 'kubernetes.io/config.mirror';
const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';

/** A little over an hour, so that a token asked for an hour is still good when it is renewed. */
const TOKEN_SECONDS = 60 * 60 + 7;

export function admitPod(pod: Pod, context: StrategyContext): Pod {
  if (!pod.spec) return pod;
  let spec = pod.spec;
  if (pod.metadata.annotations?.[MIRROR] === undefined) spec = withServiceAccount(pod, spec, context);
  spec = withPriority(pod, spec, context);
  spec = withTolerations(spec);
  return put(pod, 'spec', spec);
}

interface ServiceAccountLike {
  readonly automountServiceAccountToken?: boolean;
  readonly imagePullSecrets?: PodSpec['imagePullSecrets'];
}

function withServiceAccount(pod: Pod, given: PodSpec, context: StrategyContext): PodSpec {
  const name = given.serviceAccountName || 'default';
  const namespace = pod.metadata.namespace ?? '';
  const account = context.lookup('serviceaccounts', namespace, name) as ServiceAccountLike | undefined;
  if (!account) {
    const why = `error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`;
    throw forbidden(PODS, pod.metadata.name, why);
  }
  let spec = put(put(given, 'serviceAccountName', name), 'serviceAccount', name);
  if (!spec.imagePullSecrets?.length && account.imagePullSecrets?.length) {
    spec = put(spec, 'imagePullSecrets', account.imagePullSecrets);
  }
  const automount = spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true;
  return automount ? mountToken(spec, context) : spec;
}

function mountToken(spec: PodSpec, context: StrategyContext): PodSpec {
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  if (containers.every(mountsToken)) return spec;
  const existing = spec.volumes?.find((one) => one.name.startsWith('kube-api-access-'));
  const volume = existing?.name ?? freeVolumeName(spec, context);
  const mount = (container: Container): Container =>
    mountsToken(container)
      ? container
      : {
          ...container,
          volumeMounts: [...(container.volumeMounts ?? []), { name: volume, readOnly: true, mountPath: TOKEN_PATH }],
        };
  return {
    ...spec,
    containers: each(spec.containers, mount),
    ...(spec.initContainers && { initContainers: each(spec.initContainers, mount) }),
    ...(!existing && { volumes: [...(spec.volumes ?? []), tokenVolume(volume)] }),
  };
}

const mountsToken = (container: Container): boolean =>
  (container.volumeMounts ?? []).some((mount) => mount.mountPath === TOKEN_PATH);

function freeVolumeName(spec: PodSpec, context: StrategyContext): string {
  for (;;) {
    const name = `kube-api-access-${context.nameSuffix('pods')}`;
    if (!spec.volumes?.some((volume) => volume.name === name)) return name;
  }
}

/** The same sources in every pod. */
const projected: NonNullable<Volume['projected']> = {
  sources: [
    { serviceAccountToken: { expirationSeconds: TOKEN_SECONDS, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    {
      downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] },
    },
  ],
  defaultMode: 420,
};

const tokenVolume = (name: string): Volume => ({ name, projected });

interface PriorityClassLike {
  readonly value: number;
  readonly globalDefault?: boolean;
  readonly preemptionPolicy?: PodSpec['preemptionPolicy'];
  readonly metadata: { readonly name: string };
}

function withPriority(pod: Pod, spec: PodSpec, context: StrategyContext): PodSpec {
  let name = spec.priorityClassName;
  let found: PriorityClassLike | undefined;
  if (name) {
    found = context.lookup('priorityclasses', '', name) as unknown as PriorityClassLike | undefined;
    if (!found) throw forbidden(PODS, pod.metadata.name, `no PriorityClass with name ${name} was found`);
  } else {
    const classes = context.list('priorityclasses', '') as unknown as readonly PriorityClassLike[];
    found = classes.find((one) => one.globalDefault);
    name = found?.metadata.name;
  }
  const priority = found?.value ?? 0;
  if (spec.priority !== undefined && spec.priority !== priority) {
    const why = `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${priority} from the given PriorityClass name`;
    throw forbidden(PODS, pod.metadata.name, why);
  }
  const next = name ? put(spec, 'priorityClassName', name) : spec;
  const policy = spec.preemptionPolicy ?? found?.preemptionPolicy ?? 'PreemptLowerPriority';
  return put(put(next, 'priority', priority), 'preemptionPolicy', policy);
}

type Toleration = NonNullable<PodSpec['tolerations']>[number];

const DEFAULT_TOLERATIONS: readonly Toleration[] = [
  'node.kubernetes.io/not-ready',
  'node.kubernetes.io/unreachable',
].map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }));

/** DefaultTolerationSeconds: five minutes on a node that went away, unless the pod says otherwise. */
function withTolerations(spec: PodSpec): PodSpec {
  const given = spec.tolerations ?? [];
  const tolerated = ({ key }: Toleration) =>
    given.some((one) => (!one.key || one.key === key) && (!one.effect || one.effect === 'NoExecute'));
  if (given.length === 0) return put(spec, 'tolerations', DEFAULT_TOLERATIONS);
  const missing = DEFAULT_TOLERATIONS.filter((one) => !tolerated(one));
  return missing.length > 0 ? put(spec, 'tolerations', [...given, ...missing]) : spec;
}
