/** Every kind the API serves. */

import { customResourceDefinitions } from '../apiextensions/definition.ts';
import type { KubeObject } from '../object.ts';
import type { Resource } from '../resource.ts';
import { configMaps } from './configmaps.ts';
import { controllerRevisions } from './controllerrevisions.ts';
import { cronJobs } from './cronjobs.ts';
import { csiDrivers } from './csidrivers.ts';
import { csiNodes } from './csinodes.ts';
import { daemonSets } from './daemonsets.ts';
import { deployments } from './deployments.ts';
import { endpoints } from './endpoints.ts';
import { endpointSlices } from './endpointslices.ts';
import { events } from './events.ts';
import { horizontalPodAutoscalers } from './horizontalpodautoscalers.ts';
import { jobs } from './jobs.ts';
import { leases } from './leases.ts';
import { limitRanges } from './limitranges.ts';
import { namespaces } from './namespaces.ts';
import { nodes } from './nodes.ts';
import { persistentVolumeClaims } from './persistentvolumeclaims.ts';
import { persistentVolumes } from './persistentvolumes.ts';
import { podDisruptionBudgets } from './poddisruptionbudgets.ts';
import { pods } from './pods.ts';
import { podTemplates } from './podtemplates.ts';
import { priorityClasses } from './priorityclasses.ts';
import { rarerKinds } from './rarer-kinds.ts';
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from './rbac.ts';
import { replicaSets } from './replicasets.ts';
import { replicationControllers } from './replicationcontrollers.ts';
import { resourceQuotas } from './resourcequotas.ts';
import { secrets } from './secrets.ts';
import { serviceAccounts } from './serviceaccounts.ts';
import { services } from './services.ts';
import { statefulSets } from './statefulsets.ts';
import { storageClasses } from './storageclasses.ts';
import { volumeAttachments } from './volumeattachments.ts';

/** A declaration is only ever given objects of its own kind: the registry sees to that. */
const declare = <T extends KubeObject>(resource: Resource<T>): Resource => resource as unknown as Resource;

export const resources: readonly Resource[] = [
  declare(configMaps),
  declare(endpoints),
  declare(events),
  declare(limitRanges),
  declare(namespaces),
  declare(nodes),
  declare(persistentVolumeClaims),
  declare(persistentVolumes),
  declare(pods),
  declare(podTemplates),
  declare(replicationControllers),
  declare(resourceQuotas),
  declare(secrets),
  declare(serviceAccounts),
  declare(services),
  declare(controllerRevisions),
  declare(daemonSets),
  declare(deployments),
  declare(replicaSets),
  declare(statefulSets),
  declare(horizontalPodAutoscalers),
  declare(cronJobs),
  declare(jobs),
  declare(leases),
  declare(endpointSlices),
  declare(podDisruptionBudgets),
  declare(clusterRoleBindings),
  declare(clusterRoles),
  declare(roleBindings),
  declare(roles),
  declare(csiDrivers),
  declare(csiNodes),
  declare(storageClasses),
  declare(volumeAttachments),
  declare(priorityClasses),
  declare(customResourceDefinitions),
  ...rarerKinds,
];
