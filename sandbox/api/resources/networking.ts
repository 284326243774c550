/** The rules of Ingresses, their classes and NetworkPolicies (pkg/registry/networking, pkg/apis/networking/v1/defaults.go). */

import type { Resource } from '../resource.ts';
import { change, each, fill, keepStatus, withStatus } from './shared.ts';
import {
  type Ingress,
  type IngressClass,
  validateIngress,
  validateIngressClass,
  validateIngressClassUpdate,
  validateIngressUpdate,
} from './validation/ingresses.ts';
import { type NetworkPolicy, validateNetworkPolicy } from './validation/network-policies.ts';

type Rules<T extends Ingress | IngressClass | NetworkPolicy> = Pick<
  Resource<T>,
  'defaults' | 'generation' | 'prepareForCreate' | 'prepareForUpdate' | 'validate' | 'validateUpdate'
>;

export const ingressRules: Rules<Ingress> = {
  generation: true,
  prepareForCreate: (ingress) => withStatus(ingress, { loadBalancer: {} }),
  prepareForUpdate: keepStatus,
  validate: validateIngress,
  validateUpdate: validateIngressUpdate,
};

export const ingressClassRules: Rules<IngressClass> = {
  generation: true,
  /** SetDefaults_IngressClass. */
  defaults: (ingressClass) =>
    change(ingressClass, 'spec', (spec) =>
      change(spec, 'parameters', (parameters) => fill(parameters, { scope: 'Cluster' })),
    ),
  validate: validateIngressClass,
  validateUpdate: validateIngressClassUpdate,
};

type PolicySpec = NonNullable<NetworkPolicy['spec']>;

export const networkPolicyRules: Rules<NetworkPolicy> = {
  generation: true,
  defaults: (policy) => change(policy, 'spec', defaultPolicy),
  validate: validateNetworkPolicy,
  validateUpdate: validateNetworkPolicy,
};

/** A policy that does not say what it is about is about what comes in, and what goes out if it has rules for that. */
function defaultPolicy(spec: PolicySpec): PolicySpec {
  const tcp = <T extends NonNullable<PolicySpec['ingress'] | PolicySpec['egress']>[number]>(rule: T): T =>
    change(rule, 'ports', (ports) => each(ports, (port) => fill(port, { protocol: 'TCP' })) as typeof ports) as T;
  let next = change(spec, 'ingress', (rules) => each(rules, tcp) as typeof rules);
  next = change(next, 'egress', (rules) => each(rules, tcp) as typeof rules);
  if (next.policyTypes?.length) return next;
  const types: ('Ingress' | 'Egress')[] = (next.egress ?? []).length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
  return { ...next, policyTypes: types };
}
