/** Fields that name another resource: they follow when it is renamed (kustomize api/internal/konfig/builtinpluginconsts/namereference.go). */

import { own } from '../../sim/own.ts';
import { nameOf, POD_SPECS, type Resource, visitPath } from './resource.ts';

/** By the kind referred to; `pod` paths stand below each pod spec, `of` those below a kind. */
const REFERENCES: Readonly<
  Record<string, { pod?: readonly string[]; of?: Readonly<Record<string, readonly string[]>> }>
> = {
  ConfigMap: {
    pod: [
      'volumes[]/configMap/name',
      'volumes[]/projected/sources[]/configMap/name',
      ...containers('env[]/valueFrom/configMapKeyRef/name', 'envFrom[]/configMapRef/name'),
    ],
  },
  Secret: {
    pod: [
      'volumes[]/secret/secretName',
      'volumes[]/projected/sources[]/secret/name',
      'imagePullSecrets[]/name',
      ...containers('env[]/valueFrom/secretKeyRef/name', 'envFrom[]/secretRef/name'),
    ],
    of: { ServiceAccount: ['secrets[]/name', 'imagePullSecrets[]/name'], Ingress: ['spec/tls[]/secretName'] },
  },
  PersistentVolumeClaim: { pod: ['volumes[]/persistentVolumeClaim/claimName'] },
  PersistentVolume: { of: { PersistentVolumeClaim: ['spec/volumeName'] } },
  StorageClass: {
    of: {
      PersistentVolume: ['spec/storageClassName'],
      PersistentVolumeClaim: ['spec/storageClassName'],
      StatefulSet: ['spec/volumeClaimTemplates[]/spec/storageClassName'],
    },
  },
  PriorityClass: { pod: ['priorityClassName'] },
  ServiceAccount: {
    pod: ['serviceAccountName'],
    of: { RoleBinding: ['subjects[]/name'], ClusterRoleBinding: ['subjects[]/name'] },
  },
  Service: {
    of: {
      StatefulSet: ['spec/serviceName'],
      Ingress: ['spec/rules[]/http/paths[]/backend/service/name', 'spec/defaultBackend/service/name'],
      APIService: ['spec/service/name'],
    },
  },
  Role: { of: { RoleBinding: ['roleRef/name'] } },
  ClusterRole: { of: { RoleBinding: ['roleRef/name'], ClusterRoleBinding: ['roleRef/name'] } },
  ...Object.fromEntries(
    ['Deployment', 'ReplicationController', 'ReplicaSet', 'StatefulSet'].map((kind) => [
      kind,
      { of: { HorizontalPodAutoscaler: ['spec/scaleTargetRef/name'] } },
    ]),
  ),
};

function containers(...paths: string[]): string[] {
  return ['containers', 'initContainers', 'ephemeralContainers'].flatMap((list) =>
    paths.map((path) => `${list}[]/${path}`),
  );
}

export function fixReferences(resources: readonly Resource[]): void {
  for (const { object } of resources) {
    const kind = object.kind ?? '';
    const pods = own(POD_SPECS, kind);
    for (const [target, { pod = [], of = {} }] of Object.entries(REFERENCES)) {
      const paths = [...(pods ? pod.map((path) => `${pods}/${path}`) : []), ...(of[kind] ?? [])];
      for (const path of paths) {
        visitPath(object, path, (parent, key) => {
          // Subjects and targets say of which kind they are.
          if (typeof parent.kind === 'string' && parent.kind !== target) return;
          const named = resources.find(
            (each) =>
              each.object.kind === target &&
              each.names.has(String(parent[key])) &&
              sameNamespace(each, object.metadata?.namespace),
          );
          if (named) parent[key] = nameOf(named.object);
        });
      }
    }
  }
}

const sameNamespace = ({ object }: Resource, namespace: string | undefined): boolean =>
  (object.metadata?.namespace ?? '') === (namespace ?? '') || object.metadata?.namespace === undefined;
