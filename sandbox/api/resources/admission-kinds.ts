/** The kinds of admissionregistration.k8s.io: policies, their bindings, and webhooks. */

import type { Resource } from '../resource.ts';
import {
  mutatingBindingRules,
  mutatingPolicyRules,
  mutatingWebhookRules,
  validatingBindingRules,
  validatingPolicyRules,
  validatingWebhookRules,
} from './admission-registration.ts';
import { count } from './columns.ts';
import { list, paramKind, paramRef, policyName, webhooks } from './rarer-cells.ts';
import type { Kind } from './rarer-kinds.ts';

/** A kind's rules are only ever given objects of that kind. */
const rulesOf = (rules: object): Partial<Resource> => rules as Partial<Resource>;

const EXTENSION = ['api-extensions'];

export const admissionKinds: readonly Kind[] = [
  {
    kind: 'MutatingAdmissionPolicy',
    rules: rulesOf(mutatingPolicyRules),
    name: 'mutatingadmissionpolicies',
    categories: EXTENSION,
    shown: [
      count(
        'Mutations',
        'Mutation indicates the number of mutations rules defined in this configuration',
        (object) => list(object, 'spec', 'mutations').length,
      ),
      paramKind,
    ],
  },
  {
    kind: 'MutatingAdmissionPolicyBinding',
    rules: rulesOf(mutatingBindingRules),
    name: 'mutatingadmissionpolicybindings',
    categories: EXTENSION,
    shown: [policyName, paramRef],
  },
  {
    kind: 'MutatingWebhookConfiguration',
    rules: rulesOf(mutatingWebhookRules),
    name: 'mutatingwebhookconfigurations',
    categories: EXTENSION,
    shown: [webhooks],
  },
  {
    kind: 'ValidatingAdmissionPolicy',
    rules: rulesOf(validatingPolicyRules),
    name: 'validatingadmissionpolicies',
    categories: EXTENSION,
    subresources: ['status'],
    shown: [
      count(
        'Validations',
        'Validations indicates the number of validation rules defined in this configuration',
        (object) => list(object, 'spec', 'validations').length,
      ),
      paramKind,
    ],
  },
  {
    kind: 'ValidatingAdmissionPolicyBinding',
    rules: rulesOf(validatingBindingRules),
    name: 'validatingadmissionpolicybindings',
    categories: EXTENSION,
    shown: [policyName, paramRef],
  },
  {
    kind: 'ValidatingWebhookConfiguration',
    rules: rulesOf(validatingWebhookRules),
    name: 'validatingwebhookconfigurations',
    categories: EXTENSION,
    shown: [webhooks],
  },
];
