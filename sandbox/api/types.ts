/**
 * The kinds served, typed by Kubernetes' own OpenAPI document (package kubernetes-models, types only: it adds no code).
 * Deeply read-only, with metadata as the server returns it.
 */

import type {
  IControllerRevision,
  IDaemonSet,
  IDeployment,
  IReplicaSet,
  IStatefulSet,
} from 'kubernetes-models/apps/v1';
import type { IHorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import type { ICronJob, IJob } from 'kubernetes-models/batch/v1';
import type { ILease } from 'kubernetes-models/coordination.k8s.io/v1';
import type { IEndpointSlice } from 'kubernetes-models/discovery.k8s.io/v1';
import type { IIngress, INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1';
import type {
  IClusterRole,
  IClusterRoleBinding,
  IRole,
  IRoleBinding,
} from 'kubernetes-models/rbac.authorization.k8s.io/v1';
import type {
  ICSIDriver,
  ICSINode,
  ICSIStorageCapacity,
  IStorageClass,
  IVolumeAttachment,
  IVolumeAttributesClass,
} from 'kubernetes-models/storage.k8s.io/v1';
import type {
  IConfigMap,
  IContainer,
  IContainerStatus,
  IEndpoints,
  IEvent,
  ILimitRange,
  INamespace,
  INode,
  IPersistentVolume,
  IPersistentVolumeClaim,
  IPod,
  IPodSpec,
  IPodTemplateSpec,
  IReplicationController,
  IResourceQuota,
  ISecret,
  IService,
  IServiceAccount,
  IVolume,
} from 'kubernetes-models/v1';
import type { ValidatingAdmissionPolicy } from './admission/policy/types.ts';
import type { ObjectMeta } from './object.ts';

export type DeepReadonly<T> = T extends (infer U)[]
  ? readonly DeepReadonly<U>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

/** A kind as the server returns it: metadata complete. */
export type Served<T> = DeepReadonly<Omit<T, 'metadata'>> & { readonly metadata: ObjectMeta };

export type ConfigMap = Served<IConfigMap>;
export type ControllerRevision = Served<IControllerRevision>;
export type CronJob = Served<ICronJob>;
export type CSIDriver = Served<ICSIDriver>;
export type CSINode = Served<ICSINode>;
export type DaemonSet = Served<IDaemonSet>;
export type Deployment = Served<IDeployment>;
export type Endpoints = Served<IEndpoints>;
export type ClusterRole = Served<IClusterRole>;
export type ClusterRoleBinding = Served<IClusterRoleBinding>;
export type Role = Served<IRole>;
export type RoleBinding = Served<IRoleBinding>;
export type EndpointSlice = Served<IEndpointSlice>;
export type Event = Served<IEvent>;
export type HorizontalPodAutoscaler = Served<IHorizontalPodAutoscaler>;
export type Job = Served<IJob>;
export type Lease = Served<ILease>;
export type LimitRange = Served<ILimitRange>;
export type Namespace = Served<INamespace>;
export type Node = Served<INode>;
export type PersistentVolume = Served<IPersistentVolume>;
export type PersistentVolumeClaim = Served<IPersistentVolumeClaim>;
export type Pod = Served<IPod>;
export type Ingress = Served<IIngress>;
export type NetworkPolicy = Served<INetworkPolicy>;
export type PodDisruptionBudget = Served<IPodDisruptionBudget>;
export type ReplicaSet = Served<IReplicaSet>;
export type ReplicationController = Served<IReplicationController>;
export type ResourceQuota = Served<IResourceQuota>;
export type Secret = Served<ISecret>;
export type Service = Served<IService>;
export type ServiceAccount = Served<IServiceAccount>;
export type StatefulSet = Served<IStatefulSet>;
export type StorageClass = Served<IStorageClass>;
export type VolumeAttachment = Served<IVolumeAttachment>;
export type VolumeAttributesClass = Served<IVolumeAttributesClass>;
export type CSIStorageCapacity = Served<ICSIStorageCapacity>;

export type Container = DeepReadonly<IContainer>;
export type ContainerStatus = DeepReadonly<IContainerStatus>;
export type PodSpec = DeepReadonly<IPodSpec>;
export type PodTemplateSpec = DeepReadonly<IPodTemplateSpec>;
export type Volume = DeepReadonly<IVolume>;

/** Resource names (plural) to kinds, for `client.get('pods', …)` and its sisters. */
export interface Resources {
  clusterroles: ClusterRole;
  clusterrolebindings: ClusterRoleBinding;
  roles: Role;
  rolebindings: RoleBinding;
  configmaps: ConfigMap;
  controllerrevisions: ControllerRevision;
  cronjobs: CronJob;
  csidrivers: CSIDriver;
  csinodes: CSINode;
  csistoragecapacities: CSIStorageCapacity;
  daemonsets: DaemonSet;
  deployments: Deployment;
  endpoints: Endpoints;
  endpointslices: EndpointSlice;
  events: Event;
  horizontalpodautoscalers: HorizontalPodAutoscaler;
  jobs: Job;
  leases: Lease;
  limitranges: LimitRange;
  namespaces: Namespace;
  nodes: Node;
  persistentvolumeclaims: PersistentVolumeClaim;
  persistentvolumes: PersistentVolume;
  poddisruptionbudgets: PodDisruptionBudget;
  pods: Pod;
  replicasets: ReplicaSet;
  replicationcontrollers: ReplicationController;
  resourcequotas: ResourceQuota;
  secrets: Secret;
  serviceaccounts: ServiceAccount;
  services: Service;
  statefulsets: StatefulSet;
  storageclasses: StorageClass;
  validatingadmissionpolicies: ValidatingAdmissionPolicy;
  volumeattachments: VolumeAttachment;
  volumeattributesclasses: VolumeAttributesClass;
}

export type ResourceName = keyof Resources;
