/**
 * Fields that Go's JSON says even where nothing was given: pointers and lists without omitempty, times that are no pointers
 * (k8s.io/api core/v1, storage/v1 types.go). By the struct they are in.
 */
export const NULLS: ReadonlyMap<string, readonly string[]> = new Map([
  ['TypedLocalObjectReference', ['apiGroup']],
  ['TypedObjectReference', ['apiGroup']],
  ['PersistentVolumeClaimCondition', ['lastProbeTime', 'lastTransitionTime']],
  ['PodCondition', ['lastProbeTime', 'lastTransitionTime']],
  ['CSINodeDriver', ['topologyKeys']],
]);
