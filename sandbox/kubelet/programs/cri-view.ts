/** Containers, sandboxes and images as `crictl inspect` shows them (cri-api's JSON). */

import type { Image } from '../../images/image.ts';
import type { Container } from '../runtime/containerd.ts';
import type { Sandbox } from '../runtime/sandbox.ts';
import { kubernetesLabels } from './find.ts';

const time = (ms: number): string =>
  ms === 0 ? '1970-01-01T00:00:00Z' : new Date(ms).toISOString().replace('Z', '000000Z');

const PROPAGATION = {
  private: 'PROPAGATION_PRIVATE',
  rslave: 'PROPAGATION_HOST_TO_CONTAINER',
  rshared: 'PROPAGATION_BIDIRECTIONAL',
};

export function containerStatus(container: Container): { status: object; info: object } {
  const { sandbox, config } = container;
  return {
    status: {
      annotations: {
        'io.kubernetes.container.restartCount': String(container.attempt),
        'io.kubernetes.container.terminationMessagePath': config.terminationMessagePath,
        'io.kubernetes.container.terminationMessagePolicy': config.terminationMessagePolicy,
      },
      createdAt: time(container.createdAt),
      exitCode: container.exitCode,
      finishedAt: time(container.finishedAt),
      id: container.id,
      image: { annotations: {}, image: container.imageName, runtimeHandler: '', userSpecifiedImage: '' },
      imageId: config.image.id,
      imageRef: container.imageRef,
      labels: kubernetesLabels(sandbox, container.name),
      logPath: container.log.path,
      message: container.message,
      metadata: { attempt: container.attempt, name: container.name },
      mounts: config.mounts.map((mount) => ({
        containerPath: mount.target,
        gidMappings: [],
        hostPath: mount.source,
        image: null,
        propagation: PROPAGATION[mount.propagation],
        readonly: mount.readOnly,
        recursiveReadOnly: false,
        selinuxRelabel: false,
        uidMappings: [],
      })),
      reason: container.reason,
      startedAt: time(container.startedAt),
      state: `CONTAINER_${container.state.toUpperCase()}`,
    },
    info: {
      sandboxID: sandbox.id,
      pid: container.state === 'running' ? (container.init?.hostPid ?? 0) : 0,
      removing: false,
      snapshotKey: container.id,
      snapshotter: 'overlayfs',
      runtimeType: 'io.containerd.runc.v2',
      config: {
        metadata: { name: container.name },
        image: { image: config.image.id, user_specified_image: config.imageText },
        args: container.argv,
        envs: [...container.environment].map(([key, value]) => ({ key, value })),
      },
    },
  };
}

export const sandboxStatus = (sandbox: Sandbox): object => ({
  status: {
    annotations: sandbox.annotations,
    createdAt: time(sandbox.createdAt),
    id: sandbox.id,
    labels: kubernetesLabels(sandbox),
    linux: { namespaces: { options: { ipc: 'POD', network: sandbox.hostNetwork ? 'NODE' : 'POD', pid: 'CONTAINER' } } },
    metadata: { attempt: sandbox.attempt, name: sandbox.name, namespace: sandbox.namespace, uid: sandbox.uid },
    network: { additionalIps: [], ip: sandbox.hostNetwork ? '' : sandbox.ip },
    runtimeHandler: '',
    state: sandbox.ready ? 'SANDBOX_READY' : 'SANDBOX_NOTREADY',
  },
  info: { pid: sandbox.pause?.pid ?? 0 },
});

export const imageStatus = (image: Image): object => ({
  status: {
    id: image.id,
    pinned: image.name.includes('/pause:'),
    repoDigests: [`${image.repository}@${image.digest}`],
    repoTags: [image.name],
    size: String(image.size),
    spec: null,
    uid: null,
    username: image.config.user ?? '',
  },
  info: {
    imageSpec: {
      architecture: 'amd64',
      os: 'linux',
      config: {
        ...(image.config.exposedPorts
          ? { ExposedPorts: Object.fromEntries(image.config.exposedPorts.map((port) => [port, {}])) }
          : {}),
        Env: image.config.env,
        ...(image.config.entrypoint ? { Entrypoint: image.config.entrypoint } : {}),
        ...(image.config.cmd ? { Cmd: image.config.cmd } : {}),
        ...(image.config.workdir ? { WorkingDir: image.config.workdir } : {}),
        ...(image.config.stopSignal ? { StopSignal: image.config.stopSignal } : {}),
      },
    },
  },
});
