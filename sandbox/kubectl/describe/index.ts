/** Which describer a kind has. */

import { role, roleBinding } from './access.ts';
import { horizontalPodAutoscaler } from './autoscaler.ts';
import * as cluster from './cluster.ts';
import type { Describer } from './describer.ts';
import { generic } from './generic.ts';
import { ingress, networkPolicy } from './networking.ts';
import { node } from './node.ts';
import { pod } from './pod.ts';
import { priorityClass } from './scheduling.ts';
import { csiNode, persistentVolume, persistentVolumeClaim, storageClass, volumeAttributesClass } from './storage.ts';
import { cronJob, daemonSet, deployment, job, replicaSet, replicationController, statefulSet } from './workloads.ts';

/** By group and kind. */
const DESCRIBERS: Readonly<Record<string, Describer>> = {
  '/ConfigMap': cluster.configMap,
  '/Endpoints': cluster.endpoints,
  '/LimitRange': cluster.limitRange,
  '/Namespace': cluster.namespace,
  '/Node': node,
  '/PersistentVolume': persistentVolume,
  '/PersistentVolumeClaim': persistentVolumeClaim,
  '/Pod': pod,
  '/ReplicationController': replicationController,
  '/ResourceQuota': cluster.resourceQuota,
  '/Secret': cluster.secret,
  '/Service': cluster.service,
  '/ServiceAccount': cluster.serviceAccount,
  'apps/DaemonSet': daemonSet,
  'apps/Deployment': deployment,
  'apps/ReplicaSet': replicaSet,
  'apps/StatefulSet': statefulSet,
  'autoscaling/HorizontalPodAutoscaler': horizontalPodAutoscaler,
  'batch/CronJob': cronJob,
  'batch/Job': job,
  'discovery.k8s.io/EndpointSlice': cluster.endpointSlice,
  'networking.k8s.io/Ingress': ingress,
  'networking.k8s.io/NetworkPolicy': networkPolicy,
  'policy/PodDisruptionBudget': cluster.podDisruptionBudget,
  'rbac.authorization.k8s.io/ClusterRole': role,
  'rbac.authorization.k8s.io/ClusterRoleBinding': roleBinding,
  'rbac.authorization.k8s.io/Role': role,
  'rbac.authorization.k8s.io/RoleBinding': roleBinding,
  'scheduling.k8s.io/PriorityClass': priorityClass,
  'storage.k8s.io/CSINode': csiNode,
  'storage.k8s.io/StorageClass': storageClass,
  'storage.k8s.io/VolumeAttributesClass': volumeAttributesClass,
};

export const describerFor = (group: string, kind: string): Describer =>
  DESCRIBERS[`${group}/${kind}`] ?? (generic as Describer);
