/** The rules of admission policies, their bindings and webhooks (pkg/registry/admissionregistration, pkg/apis/admissionregistration/v1/defaults.go). */

import type {
  MatchResources,
  MutatingAdmissionPolicy,
  PolicyBinding,
  PolicySpec,
  Rule,
  ValidatingAdmissionPolicy,
  Webhook,
  WebhookConfiguration,
} from '../admission/policy/types.ts';
import type { KubeObject } from '../object.ts';
import type { Resource } from '../resource.ts';
import { change, each, fill, keepStatus, put, withStatus } from './shared.ts';
import {
  validateMutatingPolicy,
  validateMutatingPolicyBinding,
  validateValidatingPolicy,
  validateValidatingPolicyBinding,
} from './validation/admission-policies.ts';
import { validateMutatingWebhooks, validateValidatingWebhooks } from './validation/webhooks.ts';

type Rules<T extends KubeObject> = Pick<
  Resource<T>,
  'defaults' | 'generation' | 'prepareForCreate' | 'prepareForUpdate' | 'validate'
>;

const defaultRules = (rules: readonly Rule[]): readonly Rule[] => each(rules, (rule) => fill(rule, { scope: '*' }));

function defaultMatch(match: MatchResources): MatchResources {
  const filled = fill(match, { matchPolicy: 'Equivalent', namespaceSelector: {}, objectSelector: {} });
  return change(change(filled, 'resourceRules', defaultRules), 'excludeResourceRules', defaultRules);
}

const defaultPolicy = <S extends PolicySpec>(spec: S): S =>
  change(fill(spec as PolicySpec, { failurePolicy: 'Fail' }), 'matchConstraints', defaultMatch) as S;

const defaultBinding = (binding: PolicyBinding): PolicyBinding =>
  change(binding, 'spec', (spec) => change(spec, 'matchResources', defaultMatch));

export const validatingPolicyRules: Rules<ValidatingAdmissionPolicy> = {
  generation: true,
  defaults: (policy) => put(policy, 'spec', defaultPolicy(policy.spec ?? {})),
  prepareForCreate: (policy) => withStatus(policy, {}),
  prepareForUpdate: keepStatus,
  validate: validateValidatingPolicy,
};

export const mutatingPolicyRules: Rules<MutatingAdmissionPolicy> = {
  generation: true,
  defaults: (policy) => put(policy, 'spec', defaultPolicy(policy.spec ?? {})),
  validate: validateMutatingPolicy,
};

export const validatingBindingRules: Rules<PolicyBinding> = {
  generation: true,
  defaults: defaultBinding,
  validate: validateValidatingPolicyBinding,
};

export const mutatingBindingRules: Rules<PolicyBinding> = {
  generation: true,
  defaults: defaultBinding,
  validate: validateMutatingPolicyBinding,
};

const WEBHOOK: Partial<Webhook> = {
  failurePolicy: 'Fail',
  matchPolicy: 'Equivalent',
  namespaceSelector: {},
  objectSelector: {},
  timeoutSeconds: 10,
};

function defaultWebhook(webhook: Webhook, more: Partial<Webhook>): Webhook {
  const filled = fill(webhook, { ...WEBHOOK, ...more });
  const served = change(filled, 'clientConfig', (config) =>
    change(config, 'service', (service) => fill(service, { port: 443 })),
  );
  return change(served, 'rules', defaultRules);
}

const webhookRules = (validate: Resource<WebhookConfiguration>['validate'], more: Partial<Webhook>) =>
  ({
    generation: true,
    defaults: (configuration) =>
      change(configuration, 'webhooks', (webhooks) => each(webhooks, (one) => defaultWebhook(one, more))),
    validate: validate!,
  }) satisfies Rules<WebhookConfiguration>;

export const validatingWebhookRules = webhookRules(validateValidatingWebhooks, {});
export const mutatingWebhookRules = webhookRules(validateMutatingWebhooks, { reinvocationPolicy: 'Never' });
