/** ServiceAccount: a pod's account, its pull secrets and its token (plugin/pkg/admission/serviceaccount). */

import type { StrategyContext } from '../resource.ts';
import { each, put } from '../resources/shared.ts';
import type { Container, Pod, PodSpec, Volume } from '../types.ts';
import type { Attributes, Plugin } from './plugin.ts';
import { refused } from './plugin.ts';

const MIRROR = 'kubernetes.io/config.mirror';
const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';

/** A little over an hour, so that a token asked for an hour is still good when it is renewed. */
const TOKEN_SECONDS = 60 * 60 + 7;

export const serviceAccount: Plugin = {
  name: 'ServiceAccount',
  operations: ['CREATE'],
  resources: ['pods'],
  admit: (object, attributes, context) => {
    const pod = object as Pod;
    if (!pod.spec || pod.metadata.annotations?.[MIRROR] !== undefined) return pod;
    return put(pod, 'spec', withServiceAccount(pod.spec, attributes, context));
  },
  /** What stands for a pod of a node's own files has no account. */
  validate: (attributes) => {
    const { metadata, spec } = attributes.object as Pod;
    if (metadata.annotations?.[MIRROR] !== undefined && spec?.serviceAccountName)
      throw refused(attributes, 'a mirror pod may not reference service accounts');
  },
};

interface ServiceAccountLike {
  readonly automountServiceAccountToken?: boolean;
  readonly imagePullSecrets?: PodSpec['imagePullSecrets'];
}

function withServiceAccount(given: PodSpec, attributes: Attributes, context: StrategyContext): PodSpec {
  const name = given.serviceAccountName || 'default';
  const { namespace } = attributes;
  const account = context.lookup('serviceaccounts', namespace, name) as ServiceAccountLike | undefined;
  if (!account) {
    const why = `error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`;
    throw refused(attributes, why);
  }
  let spec = put(put(given, 'serviceAccountName', name), 'serviceAccount', name);
  if (!spec.imagePullSecrets?.length && account.imagePullSecrets?.length) {
    spec = put(spec, 'imagePullSecrets', account.imagePullSecrets);
  }
  const automount = spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true;
  return automount ? mountToken(spec, context) : spec;
}

function mountToken(spec: PodSpec, context: StrategyContext): PodSpec {
  const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
  if (containers.every(mountsToken)) return spec;
  const existing = spec.volumes?.find((one) => one.name?.startsWith('kube-api-access-'));
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
    containers: each(spec.containers ?? [], mount),
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
