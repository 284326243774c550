/** Status conditions: finding one, and setting it with its transition time kept while the status stays. */

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

export const findCondition = <C extends Condition>(conditions: readonly C[] | undefined, type: string): C | undefined =>
  conditions?.find((condition) => condition.type === type);

export const withoutCondition = <C extends Condition>(conditions: readonly C[], type: string): readonly C[] =>
  conditions.some((condition) => condition.type === type)
    ? conditions.filter((condition) => condition.type !== type)
    : conditions;

/**
 * The deployment and replica set way: the same status and reason change nothing, any other goes to the end
 * (deployment_util.go SetDeploymentCondition, replica_set_utils.go SetCondition).
 */
export function appendCondition<C extends Condition>(conditions: readonly C[], condition: C): readonly C[] {
  const current = findCondition(conditions, condition.type);
  if (current && current.status === condition.status && current.reason === condition.reason) return conditions;
  const kept =
    current?.status === condition.status ? { ...condition, lastTransitionTime: current.lastTransitionTime } : condition;
  return [...withoutCondition(conditions, condition.type), kept];
}

/** The common way: replaced where it stands (apimachinery pkg/api/meta/conditions.go SetStatusCondition). */
export function setCondition<C extends Condition>(conditions: readonly C[], condition: C): readonly C[] {
  const current = findCondition(conditions, condition.type);
  if (!current) return [...conditions, condition];
  const next =
    current.status === condition.status ? { ...condition, lastTransitionTime: current.lastTransitionTime } : condition;
  return conditions.map((each) => (each === current ? next : each));
}
